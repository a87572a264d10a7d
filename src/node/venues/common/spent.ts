const units = (header: string | undefined): number | null => (/^\d{1,9}$/u.test(header ?? '') ? Number(header) : null);

/** What a window of `limit` has spent where `left` of it is left, both as headers say it; null: they do not say. */
export function spentOf(limit: string | undefined, left: string | undefined): number | null {
  const [most, rest] = [units(limit), units(left)];
  return most === null || rest === null || rest > most ? null : most - rest;
}

/** The one of `endpoints` that a path asks, by its last part; null: none. */
export function endpointOf<T extends string>(endpoints: readonly T[], path: string): T | null {
  const last = path.split('?', 1)[0]?.split('/').at(-1);
  return endpoints.find((one) => one === last) ?? null;
}
