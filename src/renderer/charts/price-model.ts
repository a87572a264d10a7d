import type { Divergence } from '#bridge/series.ts';
import { at, decimateLine } from './decimate.ts';
import { rangeOf, type Line } from './divergence-model.ts';
import type { Range, View } from './view.ts';

/** So much of a price its scale spans at least. */
const LEAST_SHARE = 0.002;

/** The mean of the last `count` values, at each of them; NaN where one of those is not known. */
export function movingAverage(value: Float64Array, count: number): Float64Array {
  const mean = new Float64Array(value.length).fill(Number.NaN);
  let sum = 0;
  let known = 0;
  for (let i = 0; i < value.length; i += 1) {
    const v = at(value, i);
    if (Number.isNaN(v)) {
      sum = 0;
      known = 0;
      continue;
    }
    sum += v;
    known += 1;
    if (known > count) {
      sum -= at(value, i - count);
      known = count;
    }
    if (known === count) mean[i] = sum / count;
  }
  return mean;
}

/** Prices at hour closes. */
export interface PriceLines {
  readonly mark: Line;
  readonly index: Line;
  readonly average: Line;
}

export function priceLinesOf({ time, mark, index }: Pick<Divergence, 'time' | 'mark' | 'index'>, averageH: number): PriceLines {
  return { mark: { time, value: mark }, index: { time, value: index }, average: { time, value: movingAverage(mark, averageH) } };
}

/** What is drawn of them: [t, v, ...]. */
export interface PriceModel {
  readonly mark: Float64Array;
  readonly index: Float64Array;
  readonly average: Float64Array;
  /** The mark of now; null where none is in view. */
  readonly now: { readonly t: number; readonly mark: number } | null;
  readonly range: Range;
}

export function priceModelOf(
  lines: PriceLines,
  row: { readonly mark: number | null; readonly observedAt: number | null } | null,
  view: View,
  columns: number,
): PriceModel {
  const line = ({ time, value }: Line): Float64Array => decimateLine(time, value, view.from, view.to, columns);
  const [mark, index, average] = [line(lines.mark), line(lines.index), line(lines.average)];
  const now =
    row !== null && row.mark !== null && row.observedAt !== null && row.observedAt >= view.from && row.observedAt <= view.to
      ? { t: row.observedAt, mark: row.mark }
      : null;
  return { mark, index, average, now, range: rangeOf([mark, index, average], [now?.mark ?? Number.NaN], LEAST_SHARE) };
}
