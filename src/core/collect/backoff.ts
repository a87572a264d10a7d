const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;

/** Exponential back-off with full jitter after the n-th failure in a row (n from 1): at least 1 s, at most 5 min. */
export function backoffMs(failures: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return FIRST_MS + random() * (ceiling - FIRST_MS);
}
