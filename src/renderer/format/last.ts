import type { WatchRow } from '#bridge/contract.ts';
import { HOUR_MS } from '#domain/time.ts';
import { perHour } from '#domain/units.ts';

/** What is known last of a row whose venue has not answered for so long that nothing of it counts as current: shown dimmed, with its age. */

/** Rate per hour: the running one, or the last that the venue told; null where it told none. */
export const lastRate = ({ f, why, rate, intervalH }: Pick<WatchRow, 'f' | 'why' | 'rate' | 'intervalH'>): number | null =>
  f ?? (why === 'stale' && rate !== null && intervalH !== null ? perHour(rate, intervalH) : null);

/** D per hour at the last close that has one, where there is none of now; else null. */
export function lastClose({
  d,
  why,
  spark,
  sparkEnd,
}: Pick<WatchRow, 'd' | 'why' | 'spark' | 'sparkEnd'>): { d: number; at: number } | null {
  if (d !== null || why !== 'stale' || sparkEnd === null) return null;
  const i = spark.findLastIndex((value) => !Number.isNaN(value));
  const last = spark[i];
  return last === undefined ? null : { d: last, at: sparkEnd - (spark.length - 1 - i) * HOUR_MS };
}
