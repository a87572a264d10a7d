import { accruesContinuously, type VenueFormula } from '#domain/metrics/venue-terms.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { Snapshot } from './venue.ts';

/**
 * An observation as metrics count it, whose settlements are accruals of clock hours where the venue has no others: its quote for
 * `intervalH` hours told for one. Of other venues as it is.
 */
export function accruedHour(
  formula: VenueFormula | null,
  snapshot: Snapshot | null,
  intervalH: number | null,
): { readonly snapshot: Snapshot | null; readonly intervalH: number | null } {
  if (snapshot === null || intervalH === null || !accruesContinuously(formula)) return { snapshot, intervalH };
  return { snapshot: { ...snapshot, rate: snapshot.rate / intervalH, intervalH: 1 }, intervalH: 1 };
}

/** When the next settlement is to be asked for (ms): the one that is announced, or where the venue accrues the end of the hour that holds `t`. */
export function dueNext(formula: VenueFormula | null, snapshot: Snapshot | null, t: number): number | null {
  if (snapshot === null) return null;
  return accruesContinuously(formula) ? (Math.floor(t / HOUR_MS) + 1) * HOUR_MS : snapshot.nextFundingAt;
}
