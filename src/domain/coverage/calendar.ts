import { HOUR_MS, type Span } from '../time.ts';
import type { Slots } from './slots.ts';

export const COVERAGE_KINDS = ['settled', 'prices', 'polls', 'books'] as const;
export type CoverageKind = (typeof COVERAGE_KINDS)[number];

/**
 * Why something is not there. 'closed': nothing was collecting; 'venue-down': the venue did not answer; 'not-served': it answers, but
 * not with this; 'refused': it told something that could not be believed; 'late': asked for, and still to come; 'not-fetched': not asked
 * for yet; 'not-watched': it was not wanted to be recorded; 'deleted': the limits of the history took it; 'archived': it
 * lies in an archive that cannot be read now; 'unknown': no record says why.
 */
export const HOLE_REASONS = [
  'closed',
  'venue-down',
  'not-served',
  'refused',
  'late',
  'not-fetched',
  'not-watched',
  'deleted',
  'archived',
  'unknown',
] as const;
export type HoleReason = (typeof HOLE_REASONS)[number];

/** A day (UTC) of the calendar: `expected` rows should be there, of which `there` are (parts of a row count as parts). */
export interface CoverageDay {
  /** The day's first moment, ms. */
  readonly day: number;
  readonly expected: number;
  readonly there: number;
  /** Rows that are missing whole or in part, by reason. */
  readonly missing: Readonly<Partial<Record<HoleReason, number>>>;
}

/** Neighbouring rows that are missing for one reason: the first and the last of them, and how many. */
export interface Hole {
  readonly first: number;
  readonly last: number;
  readonly rows: number;
  readonly why: HoleReason;
}

export interface Coverage {
  readonly days: readonly CoverageDay[];
  /** Ascending. */
  readonly holes: readonly Hole[];
}

const DAY_MS = 24 * HOUR_MS;
/** A row of which so little is missing is there: polls are not to the millisecond. */
const WHOLE = 0.99;

/** First moment of the day (UTC) of a settlement: that of midnight is the day's first. */
export const dayOfSettlement = (key: number): number => Math.floor(key / DAY_MS) * DAY_MS;
/** The day of an hour by its close: the one that closes at midnight is the last of the day before. */
export const dayOfHour = (close: number): number => dayOfSettlement(close - 1);

/** Days that hold a row that should be there, and the holes. `why` is asked once of every row that is not whole. */
export function coverageOf({ time, there }: Slots, dayOf: (time: number) => number, why: (time: number) => HoleReason): Coverage {
  const days: { day: number; expected: number; there: number; missing: Partial<Record<HoleReason, number>> }[] = [];
  const holes: { first: number; last: number; rows: number; why: HoleReason }[] = [];
  /** The row before this one is missing too. */
  let open = false;
  for (let i = 0; i < time.length; i++) {
    const [t, share] = [time[i] ?? 0, there[i] ?? 0];
    const start = dayOf(t);
    let day = days.at(-1);
    if (day?.day !== start) days.push((day = { day: start, expected: 0, there: 0, missing: {} }));
    day.expected += 1;
    day.there += share >= WHOLE ? 1 : share;
    if (share >= WHOLE) {
      open = false;
      continue;
    }
    const reason = why(t);
    day.missing[reason] = (day.missing[reason] ?? 0) + 1;
    const last = holes.at(-1);
    if (open && last?.why === reason) {
      last.last = t;
      last.rows += 1;
    } else holes.push({ first: t, last: t, rows: 1, why: reason });
    open = true;
  }
  return { days, holes };
}

/** What of the venue's own past was asked for and did not come, and what it told that could not be believed (moments, ms). */
export interface FetchedFacts {
  readonly notServed: readonly Span[];
  readonly asked: readonly Span[];
  readonly refused: readonly number[];
}

/** In which stretches this machine collected (none before that was kept), the venue did not answer, and the limits of the history deleted. */
export interface ObservedFacts {
  readonly running: readonly Span[];
  readonly down: readonly Span[];
  readonly deleted: readonly Span[];
  readonly refused: readonly number[];
}

const holds = (spans: readonly Span[], t: number): boolean => spans.some(({ from, to }) => from < t && t <= to);
/** Share of the hour up to `t` that the stretches cover. */
const shareOf = (spans: readonly Span[], t: number): number =>
  spans.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, t) - Math.max(from, t - HOUR_MS)), 0) / HOUR_MS;
const isRefused = (refused: readonly number[], t: number): boolean => refused.some((at) => at > t - HOUR_MS && at <= t);

/** Why a settlement or a price of the venue's own past is not there: it can be asked for again, whatever ran then. */
export function whyNotFetched({ notServed, asked, refused }: FetchedFacts, t: number): HoleReason {
  if (isRefused(refused, t)) return 'refused';
  if (holds(notServed, t)) return 'not-served';
  return holds(asked, t) ? 'late' : 'not-fetched';
}

/** Why an hour of what only this machine observes is not there; `otherwise`: where everything ran. */
export function whyNotObserved({ running, down, deleted, refused }: ObservedFacts, t: number, otherwise: HoleReason): HoleReason {
  if (holds(deleted, t)) return 'deleted';
  const since = running[0]?.from ?? Infinity;
  const ran = shareOf(running, t);
  const silent = shareOf(down, t);
  // An outage that was told and not ended says nothing of a time in which nothing ran.
  if (silent > 0 && (t <= since || ran > 0)) return 'venue-down';
  if (t <= since) return 'unknown';
  if (ran < WHOLE) return 'closed';
  return isRefused(refused, t) ? 'refused' : otherwise;
}
