import type { GroupFrame } from './frames/frames.ts';

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
