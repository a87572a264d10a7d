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

/** The mean of every row, and how many instruments are left out of it. */
export const weighedColumns = once((frame: GroupFrame): { readonly means: Float64Array; readonly leftOut: Uint32Array } => {
  const rows = frame.time.length;
  const sums = new Float64Array(rows);
  const weights = new Float64Array(rows);
  const leftOut = new Uint32Array(rows);
  for (const { f, usd } of frame.legs) {
    for (let row = 0; row < rows; row++) {
      if (f[row] !== f[row]) continue;
      if (usd[row]! > 0) {
        sums[row]! += f[row]! * usd[row]!;
        weights[row]! += usd[row]!;
      } else leftOut[row]!++;
    }
  }
  // 0/0: none is counted.
  for (let row = 0; row < rows; row++) sums[row]! /= weights[row]!;
  return { means: sums, leftOut };
});
