import type { Divergence } from '#bridge/series.ts';
import { KIND_GAP, KIND_INTERVAL_UNKNOWN } from '#domain/series.ts';
import { at, lowerBound, nearest } from './decimate.ts';

/** What lies between two hour closes; NaN where it is not known. */
export interface Measured {
  readonly from: number;
  readonly to: number;
  /** Per hour, at either end. */
  readonly f: readonly [first: number, last: number];
  /** Settlements after the first close, up to the last one: how many, and their rates in all; a position over them paid that. */
  readonly settlements: number;
  readonly paid: number;
  readonly mark: readonly [first: number, last: number];
  /** Hours between without a rate. */
  readonly unknownH: number;
}

/** Between the closes nearest to two times, whichever comes first; null where they are one. */
export function measureOf(data: Divergence, a: number, b: number): Measured | null {
  const first = nearest(data.time, Math.min(a, b));
  const last = nearest(data.time, Math.max(a, b));
  if (first < 0 || first === last) return null;
  const [from, to] = [at(data.time, first), at(data.time, last)];
  const begin = lowerBound(data.settledAt, from + 1);
  const end = lowerBound(data.settledAt, to + 1);
  let paid = 0;
  for (let i = begin; i < end; i += 1) paid += at(data.settledRate, i);
  let unknownH = 0;
  for (let i = first + 1; i <= last; i += 1) if (data.kind[i] === KIND_GAP || data.kind[i] === KIND_INTERVAL_UNKNOWN) unknownH += 1;
  return {
    ...{ from, to, settlements: end - begin, paid, unknownH },
    f: [at(data.f, first), at(data.f, last)],
    mark: [at(data.mark, first), at(data.mark, last)],
  };
}
