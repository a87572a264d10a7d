import { LONGEST_INTERVAL_H } from './interval.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS } from './time.ts';

/**
 * Rows before which a settlement is missing: positions in `keys` (ms, ascending), with the interval of each row in hours (NaN
 * unknown). A gap longer than the row's interval is a hole; of a row whose interval is unknown the last known one decides,
 * unless the row after it tells that the interval had become as long as the gap.
 */
export function missingBefore(keys: ArrayLike<number>, intervalH: ArrayLike<number>): number[] {
  const missing: number[] = [];
  let knownH = NaN;
  for (let i = 0; i < keys.length; i++) {
    const own = intervalH[i] ?? NaN;
    const gapMs = i === 0 ? NaN : (keys[i] ?? NaN) - (keys[i - 1] ?? NaN);
    const follows = (hours: number): boolean => gapMs <= hours * HOUR_MS + SETTLEMENT_SLACK_MS;
    const hours = own > 0 ? own : knownH > 0 ? knownH : LONGEST_INTERVAL_H;
    if (i > 0 && !follows(hours) && (own > 0 || !follows(intervalH[i + 1] ?? NaN))) missing.push(i);
    if (own > 0) knownH = own;
  }
  return missing;
}
