import { DEAD_MS } from '../freshness.ts';
import { tellsUntil } from '../interval.ts';
import { HOUR_MS, hourClose, SETTLEMENT_SLACK_MS } from '../time.ts';
import type { FrameKind, Frames } from './frames/frames.ts';
import type { Metric } from './metric.ts';
import type { Reason } from './reason.ts';

/** Why a value that rests on settlements is none of now: the next one is overdue. A sum lacks what was settled since. */
export const overdueReason = ({ unit }: Pick<Metric, 'unit'>): Reason => (unit === 'rate-sum' ? 'incomplete' : 'stale');

/** The first hour close at which the settlement tells nothing of now any more. */
export const lapsesAt = (key: number, ...intervalsH: readonly number[]): number => hourClose(tellsUntil(key, ...intervalsH) + 1);

/** What of a row no longer stands at a later time. */
export interface Lapse {
  readonly reason: Reason;
  /** The time that was asked about. */
  readonly at: number;
  /** When what is missing should have come. */
  readonly dueAt: number;
}

/**
 * Whether the row of the frame, the newest one at or before `at`, tells nothing of that time; null where it does. A settlement
 * stands until the next one is overdue (`inForceH`: the interval that is known since), every other row until the next one is due.
 * `isNow`: books of now are read every minute, those of before may be thinned to one an hour.
 */
export function lapseOf(
  metric: Pick<Metric, 'unit'>,
  frame: Frames[FrameKind],
  row: number,
  at: number,
  inForceH = NaN,
  isNow = false,
): Lapse | null {
  const time = frame.time[row]!;
  if ('rate' in frame) {
    const until = tellsUntil(time, frame.intervalH[row]!, inForceH);
    return at > until ? { reason: overdueReason(metric), at, dueAt: until - HOUR_MS } : null;
  }
  if ('books' in frame) {
    const standsMs = isNow ? DEAD_MS : HOUR_MS;
    return at > time + standsMs ? { reason: 'stale', at, dueAt: time + standsMs } : null;
  }
  const stepMs = frame.time.length > 1 ? frame.time[1]! - frame.time[0]! : HOUR_MS;
  return at > time + stepMs + SETTLEMENT_SLACK_MS ? { reason: 'gap', at, dueAt: time + stepMs } : null;
}
