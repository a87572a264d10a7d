import type { InstrumentId } from '#domain/instrument.ts';
import { LONGEST_INTERVAL_H } from '#domain/interval.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS } from '#domain/time.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Snapshot } from '../venue.ts';

/** The venue's clock is known to within this (real) time: so long after the hour its last observation surely counts as of that hour. */
export const CLOSE_GRACE_MS = 2_000;

/** The newest observation of the instrument that was known at the moment, and the interval in force. */
export interface KnownThen {
  readonly snapshot: Pick<Snapshot, 'nextFundingAt'> | null;
  readonly intervalH: number | null;
}

/**
 * The end of the last hour that had closed at `at`, by what a history of then holds: as `Live` closes hours, it waits five minutes
 * for a settlement that is due at its end and no longer than that.
 */
export async function closedHour(
  history: Pick<HistoryStore, 'settled'>,
  id: InstrumentId,
  known: KnownThen | null,
  at: number,
  graceMs: number = CLOSE_GRACE_MS,
): Promise<number> {
  const t = Math.floor(at / HOUR_MS) * HOUR_MS;
  if (at >= t + SETTLEMENT_SLACK_MS) return t;
  if (at < t + graceMs) return t - HOUR_MS;
  const { key, intervalH } = await history.settled(id, t - 2 * LONGEST_INTERVAL_H * HOUR_MS, t);
  const [last = NaN, lastH = NaN] = [key.at(-1), intervalH.at(-1)];
  // The interval may have changed at this very hour.
  const isGridOf = (hours: number | null | undefined): boolean => (t - last) % ((hours ?? NaN) * HOUR_MS) === 0;
  const awaited = known?.snapshot?.nextFundingAt === t || isGridOf(known?.intervalH) || isGridOf(lastH);
  return awaited && last < t ? t - HOUR_MS : t;
}
