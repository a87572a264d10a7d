import type { GroupFrame } from './frames/frames.ts';
import { once } from './shared.ts';

/** Mean f of a row by open interest at mark, and how many instruments are in it and left out of it. */
export interface WeightedMean {
  /** NaN of none. */
  mean: number;
  counted: number;
  /** They have an f and no open interest. */
  leftOut: number;
  usd: number;
}

export function weighByOpenInterest(frame: GroupFrame, row: number, into: WeightedMean): WeightedMean {
  let sum = 0;
  into.usd = 0;
  into.counted = 0;
  into.leftOut = 0;
  for (const leg of frame.legs) {
    const f = leg.f[row]!;
    const usd = leg.usd[row]!;
    if (f !== f) continue;
    if (usd > 0) {
      sum += f * usd;
      into.usd += usd;
      into.counted++;
    } else into.leftOut++;
  }
  into.mean = sum / into.usd;
  return into;
}

/** The mean of every row. */
export const weighedColumn = once((frame: GroupFrame): Float64Array => {
  const mean = { mean: NaN, counted: 0, leftOut: 0, usd: 0 };
  const means = new Float64Array(frame.time.length);
  for (let row = 0; row < means.length; row++) means[row] = weighByOpenInterest(frame, row, mean).mean;
  return means;
});

/** Some instrument has an f and no open interest. */
export const leavesOut = (frame: GroupFrame, row: number): boolean =>
  frame.legs.some(({ f, usd }) => f[row] === f[row] && !(usd[row]! > 0));
