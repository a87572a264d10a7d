/** Type 7 (linear between order statistics) of ascending values without NaN; null of none. */
export function quantileOfSorted(sorted: Float64Array, p: number): number | null {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must lie in 0 to 1, not ${p}`);
  if (sorted.length === 0) return null;
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low) + 0;
}

/** Type 7 quantile of the values that are known (NaN is skipped); null where none is. */
export const quantile = (values: Float64Array, p: number): number | null =>
  quantileOfSorted(values.filter((value) => !Number.isNaN(value)).sort(), p);
