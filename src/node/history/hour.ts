import { premiumOf, type Snapshot } from '#core/venue.ts';
import { HOUR_MS, hourClose } from '#domain/time.ts';

/** An observation is held to the next one, at most this many polls. */
export const HELD_POLLS = 3;

/** The newest observation of an instrument and the sums of the hour (close - 1 h, close] that it lies in. */
export interface Observed {
  readonly observedAt: number;
  /** When this machine learnt it: later where the venue states a time of its own for the row. */
  readonly learntAt: number;
  /** How long this observation may stand for what came after it. */
  readonly holdMs: number;
  readonly snapshot: Snapshot;
  readonly close: number;
  readonly rateMin: number;
  readonly rateMax: number;
  readonly premiumMin: number | null;
  readonly premiumMax: number | null;
  /** Premium x ms over the covered part, up to `observedAt`. */
  readonly premiumSum: number;
  readonly coveredMs: number;
}

/** What is kept of an hour for ever. */
export interface ClosedHour {
  readonly close: number;
  readonly observedAt: number;
  readonly learntAt: number;
  readonly snapshot: Snapshot;
  readonly rateMin: number;
  readonly rateMax: number;
  /** Time-weighted over the covered part; null where nothing was covered. */
  readonly premium: number | null;
  readonly premiumMin: number | null;
  readonly premiumMax: number | null;
  readonly coveredMs: number;
}

/** Premium x ms and ms that the newest observation adds between `from` and `to`; one without a premium covers nothing. */
function held(observed: Observed, from: number, to: number): { sum: number; ms: number } {
  const premium = premiumOf(observed.snapshot);
  const ms = Math.min(to, observed.observedAt + observed.holdMs) - Math.max(from, observed.observedAt);
  return premium === null || ms <= 0 ? { sum: 0, ms: 0 } : { sum: premium * ms, ms };
}

/** The hour of the newest observation as it stands once that hour is over. */
export function closeHour(observed: Observed): ClosedHour {
  const { close, observedAt, learntAt, snapshot, rateMin, rateMax, premiumMin, premiumMax } = observed;
  const rest = held(observed, observedAt, close);
  const coveredMs = observed.coveredMs + rest.ms;
  const premium = coveredMs > 0 ? (observed.premiumSum + rest.sum) / coveredMs : null;
  return { close, observedAt, learntAt, snapshot, rateMin, rateMax, premium, premiumMin, premiumMax, coveredMs };
}

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b));
const greatest = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b));

/** The state after an observation at `at` (later than the one before, if any), and the hour that it closes. */
export function observe(
  before: Observed | null,
  snapshot: Snapshot,
  at: number,
  holdMs: number,
  learntAt: number,
): { readonly observed: Observed; readonly closed: ClosedHour | null } {
  const premium = premiumOf(snapshot);
  const close = hourClose(at);
  const sameHour = before?.close === close ? before : null;
  // Two kinds of premium (a venue has begun to state its own) are never added up.
  const sameKind = (before?.snapshot.premium === undefined) === (snapshot.premium === undefined);
  const carried = before && sameKind ? held(before, close - HOUR_MS, at) : { sum: 0, ms: 0 };
  const observed: Observed = {
    observedAt: at,
    learntAt,
    holdMs,
    snapshot,
    close,
    rateMin: Math.min(snapshot.rate, sameHour?.rateMin ?? snapshot.rate),
    rateMax: Math.max(snapshot.rate, sameHour?.rateMax ?? snapshot.rate),
    premiumMin: least(premium, sameHour?.premiumMin ?? null),
    premiumMax: greatest(premium, sameHour?.premiumMax ?? null),
    premiumSum: (sameHour?.premiumSum ?? 0) + carried.sum,
    coveredMs: (sameHour?.coveredMs ?? 0) + carried.ms,
  };
  return {
    observed,
    closed: before && !sameHour ? closeHour(sameKind ? before : { ...before, snapshot: { ...before.snapshot, premium: null } }) : null,
  };
}
