import { quantileOfSorted } from '../quantile.ts';
import type { RuleOp } from '../rule.ts';
import { HOUR_MS } from '../time.ts';

/** A level in the metric's own unit, or the percentile (0 to 100) of what the metric itself was in the days before each period. */
export type Level = number | MovingLevel;
export interface MovingLevel {
  readonly percentile: number;
  readonly days: number;
}

export const isMoving = (level: Level): level is MovingLevel => typeof level !== 'number';

/** Days of a percentile that says none; values that it needs at least. */
export const LEVEL_DAYS = 90;
const LEAST_VALUES = 30;

const DAY_MS = 24 * HOUR_MS;
/** How far a level looks back. */
export const levelWindowMs = (level: Level): number => (isMoving(level) ? level.days * DAY_MS : 0);

/** "0.0005", "p95 of 90 d". */
export const levelText = (level: Level): string => (isMoving(level) ? `p${level.percentile} of ${level.days} d` : String(level));

/**
 * The level of each row by the values of rows before it alone: its percentile (type 7) over the days before, of their sizes for
 * 'outside'. NaN before so many days are known, with fewer than LEAST_VALUES, and where the values did not differ: a level of a
 * series that stood still would be met by its standing still.
 */
export function levelsOf({ percentile, days }: MovingLevel, op: RuleOp, time: Float64Array, values: Float64Array): Float64Array {
  const levels = new Float64Array(time.length).fill(NaN);
  const sorted = new Float64Array(time.length);
  const sizes = op === 'outside' ? values.map(Math.abs) : values;
  const windowMs = days * DAY_MS;
  const since = time[sizes.findIndex((one) => !Number.isNaN(one))] ?? NaN;
  let [count, first] = [0, 0];
  for (let row = 0; row < time.length; row++) {
    for (; time[first]! < time[row]! - windowMs; first++) {
      const gone = sizes[first]!;
      if (Number.isNaN(gone)) continue;
      const at = placeOf(sorted, count, gone);
      sorted.copyWithin(at, at + 1, count);
      count--;
    }
    if (count >= LEAST_VALUES && time[row]! - since >= windowMs && sorted[0]! < sorted[count - 1]!) {
      const level = quantileOfSorted(sorted.subarray(0, count), percentile / 100) ?? NaN;
      if (op !== 'outside' || level > 0) levels[row] = level;
    }
    const own = sizes[row]!;
    if (Number.isNaN(own)) continue;
    const at = placeOf(sorted, count, own);
    sorted.copyWithin(at + 1, at, count);
    sorted[at] = own;
    count++;
  }
  return levels;
}

/** The first of the `count` ascending values that is not less. */
function placeOf(sorted: Float64Array, count: number, value: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
