import { LEG_UNCONFIRMED, type GroupFrame } from './frames/frames.ts';
import type { Reason } from './reason.ts';
import { once } from './shared.ts';

/** The legs with the highest and the lowest f of a row; -1 of none. Ties go to the first leg. */
export interface SpreadPair {
  high: number;
  low: number;
  /** Legs that have an f and stand. */
  count: number;
}

export function findSpreadPair(frame: GroupFrame, row: number, into: SpreadPair): SpreadPair {
  into.high = -1;
  into.low = -1;
  into.count = 0;
  for (let leg = 0; leg < frame.legs.length; leg++) {
    const f = frame.legs[leg]!.f[row]!;
    if (f !== f) continue;
    into.count++;
    if (into.high < 0 || f > frame.legs[into.high]!.f[row]!) into.high = leg;
    if (into.low < 0 || f < frame.legs[into.low]!.f[row]!) into.low = leg;
  }
  return into;
}

/** Which two the spread is of. */
export const spreadPairNotes = ({ legs }: GroupFrame, { high, low, count }: SpreadPair): string[] =>
  count < 2 ? [] : [high === low ? 'all of them are equal' : `highest ${legs[high]!.instrument.id}, lowest ${legs[low]!.instrument.id}`];

/** Why fewer than two instruments can be compared. */
export const whyTooFew = (frame: GroupFrame, row: number): Reason =>
  frame.legs.some((leg) => leg.standing[row] === LEG_UNCONFIRMED) ? 'unconfirmed' : 'too-few';

/** Highest f less the lowest of every row; NaN of fewer than two legs. */
export const spreadsOf = once((frame: GroupFrame): Float64Array => {
  const pair: SpreadPair = { high: -1, low: -1, count: 0 };
  const spreads = new Float64Array(frame.time.length);
  for (let row = 0; row < spreads.length; row++) {
    findSpreadPair(frame, row, pair);
    spreads[row] = pair.count < 2 ? NaN : frame.legs[pair.high]!.f[row]! - frame.legs[pair.low]!.f[row]!;
  }
  return spreads;
});
