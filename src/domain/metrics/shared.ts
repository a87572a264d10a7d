import { emaDivergence, type Average } from '../divergence.ts';
import type { HourFrame, SettlementFrame } from './frames/frames.ts';
import { reasonCode } from './reason.ts';
import { rollingSd } from './rolling/moments.ts';
import { rollingRanks } from './rolling/ranks.ts';
import { Chain } from './rows.ts';

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

const ranks = once((): Map<number, Float64Array> => new Map());
const divergences = once((): Map<string, Float64Array> => new Map());

function kept<A, T>(known: Map<A, T>, about: A, make: () => T): T {
  const before = known.get(about);
  if (before !== undefined) return before;
  const made = make();
  known.set(about, made);
  return made;
}

/** Ranks of the column in a window of so many rows; NaN where fewer than half of them are there. */
export const ranksOf = (column: Float64Array, rows: number): Float64Array =>
  kept(ranks(column), rows, () => rollingRanks(column, rows, Math.ceil(rows / 2)));

/** D of every row against the average of the n before it. */
export const divergencesOf = (f: Float64Array, { n, average }: { readonly n: number; readonly average: Average }): Float64Array =>
  kept(divergences(f), `${average} ${n}`, () => emaDivergence(f, n, average).d);

/** mark/index - 1 of every row. */
export const premiumsOf = once(({ mark, index }: HourFrame): Float64Array => {
  const premiums = new Float64Array(mark.length);
  for (let row = 0; row < premiums.length; row++) premiums[row] = mark[row]! / index[row]! - 1;
  return premiums;
});

/** By Chain, how every row follows the one before it: 0 a neighbour, else the code of why not. */
export const chainOf = once((frame: SettlementFrame): Uint8Array => {
  const chain = new Chain();
  const codes = new Uint8Array(frame.time.length);
  for (let row = 0; row < codes.length; row++) {
    const why = chain.next(frame, row);
    if (why !== null) codes[row] = reasonCode(why);
  }
  return codes;
});

/** How a price moved from the row before to each row; NaN where that one is no neighbour. */
function movesOf(price: Float64Array, chain: Uint8Array): Float64Array {
  const moves = new Float64Array(price.length).fill(NaN);
  for (let row = 1; row < moves.length; row++) if (chain[row] === 0) moves[row] = price[row]! / price[row - 1]! - 1;
  return moves;
}
export const markMoves = once((frame: SettlementFrame) => movesOf(frame.mark, chainOf(frame)));
export const indexMoves = once((frame: SettlementFrame) => movesOf(frame.index, chainOf(frame)));

/** rollingSd that begins anew with each row that is no neighbour of the one before; that row itself is in it or not. */
export function sdOfChains(values: Float64Array, chain: Uint8Array, n: number, withFirst: boolean): Float64Array {
  const out = new Float64Array(values.length);
  for (let start = 0, end = 1; start < values.length; start = end, end++) {
    while (end < values.length && chain[end] === 0) end++;
    if (!withFirst) out[start] = NaN;
    const from = withFirst ? start : start + 1;
    rollingSd(values.subarray(from, end), n, Math.ceil(n / 2), out.subarray(from, end));
  }
  return out;
}
