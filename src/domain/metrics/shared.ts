import { emaDivergence, type Average } from '../divergence.ts';
import type { HourFrame } from './frames/frames.ts';
import { rollingRanks, type RankColumns } from './rolling/ranks.ts';

/**
 * What several metrics work out of one column or frame, worked out once and forgotten with it. For replays only: what
 * they are given does not change any more.
 */
export function once<F extends object, T>(make: (of: F) => T): (of: F) => T {
  const known = new WeakMap<F, T>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const made = make(of);
    known.set(of, made);
    return made;
  };
}

const ranks = once((): Map<number, RankColumns> => new Map());
const divergences = once((): Map<string, Float64Array> => new Map());

function kept<A, T>(known: Map<A, T>, about: A, make: () => T): T {
  const before = known.get(about);
  if (before !== undefined) return before;
  const made = make();
  known.set(about, made);
  return made;
}

/** Ranks of the column in a window of so many rows. */
export const ranksOf = (column: Float64Array, rows: number): RankColumns => kept(ranks(column), rows, () => rollingRanks(column, rows));

/** D of every row against the average of the n before it. */
export const divergencesOf = (f: Float64Array, { n, average }: { readonly n: number; readonly average: Average }): Float64Array =>
  kept(divergences(f), `${average} ${n}`, () => emaDivergence(f, n, average).d);

/** mark/index - 1 of every row. */
export const premiumsOf = once(({ mark, index }: HourFrame): Float64Array => {
  const premiums = new Float64Array(mark.length);
  for (let row = 0; row < premiums.length; row++) premiums[row] = mark[row]! / index[row]! - 1;
  return premiums;
});
