/** "7 s", "10 min", "3 h", "711 d". */
export function inWords(ms: number): string {
  const [unit, size] = (
    [
      ['d', 86_400_000],
      ['h', 3_600_000],
      ['min', 60_000],
    ] as const
  ).find(([, long]) => ms >= 2 * long) ?? ['s', 1000];
  return `${Math.round(ms / size)} ${unit}`;
}
