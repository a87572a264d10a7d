import { LEG_UNCONFIRMED, type GroupFrame } from './frames/frames.ts';
import type { Reason } from './reason.ts';
import { once } from './shared.ts';

/** The legs with the highest and the lowest f of a row; -1 of none. Ties go to the first leg. */
export interface Pair {
  high: number;
  low: number;
  /** Legs that have an f and stand. */
  count: number;
}

export function findPair(frame: GroupFrame, row: number, into: Pair): Pair {
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

/** Why fewer than two instruments can be compared. */
export const whyTooFew = (frame: GroupFrame, row: number): Reason =>
  frame.legs.some((leg) => leg.standing[row] === LEG_UNCONFIRMED) ? 'unconfirmed' : 'too-few';

/** Highest f less the lowest of every row; NaN of fewer than two legs. */
export const spreadsOf = once(({ time, legs }: GroupFrame): Float64Array => {
  const highest = new Float64Array(time.length);
  const lowest = new Float64Array(time.length);
  const count = new Uint32Array(time.length);
  for (const { f } of legs) {
    for (let row = 0; row < count.length; row++) {
      const x = f[row]!;
      if (x !== x) continue;
      if (count[row]!++ === 0) highest[row] = lowest[row] = x;
      else if (x > highest[row]!) highest[row] = x;
      else if (x < lowest[row]!) lowest[row] = x;
    }
  }
  for (let row = 0; row < count.length; row++) highest[row] = count[row]! < 2 ? NaN : highest[row]! - lowest[row]!;
  return highest;
});
