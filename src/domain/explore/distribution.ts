import { quantileOfSorted } from '../quantile.ts';
import { HOUR_MS } from '../time.ts';

/** Percentiles that a table of a distribution names. */
export const PERCENTILES = [0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 100] as const;

export interface Distribution {
  readonly n: number;
  readonly mean: number;
  /** Of the sample; NaN of fewer than two values. */
  readonly sd: number;
  /** Type 7, in the order of PERCENTILES. */
  readonly percentiles: readonly number[];
  /** Bins of one width from the least to the greatest value: the lower edge of the first, their width, and how many values each holds. */
  readonly from: number;
  readonly width: number;
  readonly counts: readonly number[];
}

const MOST_BINS = 60;

/** Of the values that are known (NaN is none); null of none. Bins by Freedman and Diaconis (2 IQR n^(-1/3)), at most 60. */
export function distributionOf(values: Float64Array): Distribution | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const n = sorted.length;
  const quantile = (p: number): number => quantileOfSorted(sorted, p) ?? NaN;
  const [least, most] = [sorted[0], sorted[n - 1]];
  if (least === undefined || most === undefined) return null;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const sd = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const span = most - least;
  const wished = (2 * (quantile(0.75) - quantile(0.25))) / Math.cbrt(n);
  const bins = span === 0 ? 1 : Math.min(MOST_BINS, Math.max(1, wished > 0 ? Math.ceil(span / wished) : MOST_BINS));
  const width = span / bins;
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of sorted) {
    const bin = span === 0 ? 0 : Math.min(bins - 1, Math.floor((value - least) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { n, mean, sd: n > 1 ? sd : NaN, percentiles: PERCENTILES.map((p) => quantile(p / 100)), from: least, width, counts };
}

/** A cell of the week: mean of the values whose time lies in it, and how many there are (0: none, the mean is NaN). */
export interface WeekCell {
  readonly n: number;
  readonly mean: number;
}

/** Seven weekdays (Monday first) of 24 hours, in UTC. The hour of a row is that of its time: 00:00 is hour 0 of its day. */
export function weekOf(time: Float64Array, value: Float64Array): readonly (readonly WeekCell[])[] {
  const sums = new Float64Array(7 * 24);
  const counts = new Float64Array(7 * 24);
  for (const [i, t] of time.entries()) {
    const one = value[i] ?? NaN;
    if (Number.isNaN(one)) continue;
    const hours = Math.floor(t / HOUR_MS);
    // 1 January 1970 was a Thursday.
    const cell = ((Math.floor(hours / 24) + 3) % 7) * 24 + (hours % 24);
    sums[cell] = (sums[cell] ?? 0) + one;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return Array.from({ length: 7 }, (_, day) =>
    Array.from({ length: 24 }, (_, hour) => {
      const n = counts[day * 24 + hour] ?? 0;
      return { n, mean: n === 0 ? NaN : (sums[day * 24 + hour] ?? NaN) / n };
    }),
  );
}

export interface Extreme {
  readonly time: number;
  readonly value: number;
}

/** The `count` greatest and the `count` least values, the most extreme first; of equal ones the newest first. */
export function extremesOf(
  time: Float64Array,
  value: Float64Array,
  count: number,
): { readonly high: readonly Extreme[]; readonly low: readonly Extreme[] } {
  const known = [...time].map((t, i) => ({ time: t, value: value[i] ?? NaN })).filter((one) => !Number.isNaN(one.value));
  const by = (sign: 1 | -1) => (a: Extreme, b: Extreme) => sign * (b.value - a.value) || b.time - a.time;
  return { high: known.toSorted(by(1)).slice(0, count), low: known.toSorted(by(-1)).slice(0, count) };
}

/** Rows of several series on one axis: every time that one of them has, ascending; NaN where a series has no row of that time. */
export function aligned(series: readonly { readonly time: Float64Array; readonly value: Float64Array }[]): {
  readonly time: Float64Array;
  readonly values: readonly Float64Array[];
} {
  const time = Float64Array.from(new Set(series.flatMap((one) => [...one.time]))).sort();
  const values = series.map((one) => {
    const column = new Float64Array(time.length).fill(NaN);
    let row = 0;
    for (const [i, t] of one.time.entries()) {
      while ((time[row] ?? Infinity) < t) row++;
      column[row] = one.value[i] ?? NaN;
    }
    return column;
  });
  return { time, values };
}
