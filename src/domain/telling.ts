import { HOUR_MS, MINUTE_MS } from './time.ts';

/** When a rule that has entered tells, and when it holds back: never whether it enters. Times are epoch ms UTC. */

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Minutes of the day on the clocks of a zone (IANA name), `to` left out; from 22:00 to 07:00 spans midnight. Equal ends: never. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
  readonly zone: string;
}

/** Why an entry is kept and not told. */
export const HELD_BACK = ['snoozed', 'quiet-hours', 'away-from-settlement', 'cooldown', 'told-once', 'expired'] as const;
export type HeldBack = (typeof HELD_BACK)[number];

/** These end by themselves: what still holds then is told then. */
const FOR_A_WHILE: readonly HeldBack[] = ['snoozed', 'quiet-hours', 'away-from-settlement'];
export const isForAWhile = (held: HeldBack): boolean => FOR_A_WHILE.includes(held);

/** 'once': the first entry after the rule was made or switched on; 'entry': every one; else again after so many hours while it holds. */
export type Repeat = 'once' | 'entry' | { readonly everyH: number };

export interface TellingTerms {
  readonly repeat: Repeat;
  /** Nothing that enters after it is told; null: never. */
  readonly expiresAt: number | null;
  readonly snoozedUntil: number | null;
  /** The same rule on the same instrument is not told again within this. */
  readonly cooldownMin: number;
  readonly quiet: QuietHours | null;
  /** Only within so many minutes of a settlement; null: at any time. */
  readonly nearSettlementMin: number | null;
}

export interface TellingFacts {
  readonly now: number;
  /** The last time it told on this instrument, and on any; null: not since it was made or switched on. */
  readonly toldAt: number | null;
  readonly toldAnywhereAt: number | null;
  /** To the nearest settlement, before or behind; null: not known, which is not near. */
  readonly settlementMs: number | null;
}

/** Null: it may tell now. */
export function heldBack(terms: TellingTerms, { now, toldAt, toldAnywhereAt, settlementMs }: TellingFacts): HeldBack | null {
  if (terms.expiresAt !== null && now > terms.expiresAt) return 'expired';
  if (terms.repeat === 'once' && toldAnywhereAt !== null) return 'told-once';
  if (terms.snoozedUntil !== null && now < terms.snoozedUntil) return 'snoozed';
  if (terms.quiet !== null && isQuiet(now, terms.quiet)) return 'quiet-hours';
  if (terms.nearSettlementMin !== null && !(settlementMs !== null && settlementMs <= terms.nearSettlementMin * MINUTE_MS))
    return 'away-from-settlement';
  return toldAt !== null && now - toldAt < terms.cooldownMin * MINUTE_MS ? 'cooldown' : null;
}

/** Time to the nearest of the settlements that lie `intervalH` apart, one of them at `next`; null where they are not known. */
export function toSettlement(now: number, next: number | null, intervalH: number | null): number | null {
  if (next === null || intervalH === null || !(intervalH > 0)) return null;
  const every = intervalH * HOUR_MS;
  const behind = (((now - next) % every) + every) % every;
  return Math.min(behind, every - behind);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Throws RangeError for a zone that there is not. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  clocks.set(zone, clock);
  return clock;
}

export function isZone(zone: string): boolean {
  try {
    clockOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What the clocks of the zone show, also on the day on which they are set: the moment is asked for its minute, nothing is added to it. */
export function minuteOfDay(at: number, zone: string): number {
  const parts = clockOf(zone).formatToParts(at);
  const part = (type: 'hour' | 'minute'): number => Number(parts.find((one) => one.type === type)?.value);
  return part('hour') * 60 + part('minute');
}

export function isQuiet(at: number, { from, to, zone }: QuietHours): boolean {
  const minute = minuteOfDay(at, zone);
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}
