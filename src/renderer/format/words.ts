import type { NoValue, SignalStateRow, VenueHealth, WatchRow } from '#bridge/contract.ts';
import { formatRate, perUnit, intervalText, ratePercent, shownDecimals, formatFixed, thetaPhrase, thetaScale } from './numbers.ts';
import { age, countdown, shortAge, formatTime, zoneName, type Zone } from './time.ts';
import { pairOf } from '#domain/instrument.ts';
import { isCrowded } from '#domain/signal.ts';
import type { RateUnit } from '#domain/units.ts';

const reasons: Record<NoValue, string> = {
  waiting: 'waiting for the venue to answer for the first time',
  'warming-up': 'warming up: the average needs more closed hours',
  gap: 'no observation in this hour: the history has a gap here',
  'interval-unknown': 'the funding interval is not known yet, so there is no rate per hour',
  stale: 'last poll too old, no D',
  unlisted: 'the venue no longer lists this instrument',
  thinned: 'what was known then has been deleted since: single polls are kept for 30 days, hours up to the limit of the history',
};

export function reasonOf(row: WatchRow): string {
  if (row.why === 'warming-up') return `warming up: ${Math.min(row.warmHours, row.params.n)} of ${row.params.n} closed hours`;
  return reasons[row.why ?? (row.status === 'unlisted' ? 'unlisted' : 'waiting')];
}

/** "short bias" means: D is above the band, so the trade leans short. */
const biasText = (side: 1 | -1 | 0): string => (side === 1 ? 'short bias' : side === -1 ? 'long bias' : 'no bias');

/** "longs crowded, short bias"; where the resting rate is not known neither crowded nor easing can be told, only the bias. */
export function leanText(row: Pick<WatchRow, 'signal' | 'neutralPerHour'>): string {
  const { side, crowded } = row.signal;
  return row.neutralPerHour === null || side === 0 ? biasText(side) : `${crowdText(side, crowded)}, ${biasText(side)}`;
}

function crowdText(side: 1 | -1, crowded: boolean): string {
  if (crowded) return side === 1 ? 'longs crowded' : 'shorts crowded';
  return side === 1 ? 'shorts easing' : 'longs easing';
}

/** A side of the band: "easing" where the other crowd lets go, which is no crowd on this side. */
export interface Lean {
  readonly side: 1 | -1;
  readonly easing: boolean;
}

/** Which way D leans now, and whether it is a crowd that eases; null where D is 0 or not known. */
export function leanOf(d: number | null, f: number | null, neutralPerHour: number | null): Lean | null {
  const side = d === null ? 0 : Math.sign(d);
  if (side !== 1 && side !== -1) return null;
  return { side, easing: neutralPerHour !== null && f !== null && !isCrowded(side, f, neutralPerHour) };
}

/** That of a signal's state. */
export const signalLean = ({ signal, neutralPerHour }: Pick<WatchRow, 'signal' | 'neutralPerHour'>): Lean | null =>
  signal.side === 0 ? null : { side: signal.side, easing: neutralPerHour !== null && !signal.crowded };

/** Filled for a crowd, hollow for one that eases: the sign alone would mean both. */
export const leanMark = ({ side, easing }: Lean): string => (side > 0 ? (easing ? '\u25B3' : '\u25B2') : easing ? '\u25BD' : '\u25BC');

/** The tone of what leans so: an easing crowd is told by the palest of its side. */
export const leanTone = (tone: number, lean: Lean | null): number => (lean?.easing ? Math.sign(tone) : tone);

/** The few words of the signal column. `easing`: the crowd behind the side lets go. */
export function signalText(signal: SignalStateRow, k: number, now: number, easing = false): string {
  if (signal.phase === 'building') return `building ${signal.periods}/${k}`;
  const word = easing ? 'easing' : 'active';
  if (signal.phase === 'active') return signal.enteredAt === null ? word : `${word} ${shortAge(now - signal.enteredAt)}`;
  return signal.phase;
}

/** What kind of thing the contract is on, where its venue says so. */
export const classText = ({ assetClass }: Pick<WatchRow['instrument'], 'assetClass'>): string => assetClass ?? 'class not stated';

/** The few words of a live row: of one that is quiet and has charged one rate for weeks, that it has. */
export const rowText = (row: Pick<WatchRow, 'signal' | 'params' | 'pinned' | 'neutralPerHour'>, now: number): string =>
  row.pinned !== null && row.signal.phase === 'quiet'
    ? pinnedText(row.pinned, now)
    : signalText(row.signal, row.params.k, now, signalLean(row)?.easing);

/** "pinned 31d". */
export const pinnedText = ({ since }: NonNullable<WatchRow['pinned']>, now: number): string => `pinned ${shortAge(now - since)}`;

/** Null where the rate moves. */
export function pinnedSentence({ pinned }: Pick<WatchRow, 'pinned'>, zone: Zone): string | null {
  if (pinned === null) return null;
  const since = `${formatTime(pinned.since, 'full', zone)} ${zoneName(zone, pinned.since)}`;
  return `pinned: every settlement since ${since} has charged exactly ${formatFixed(pinned.rate * 100, 6, true)} %; the rate is at rest, or this contract does not trade`;
}

/** The whole truth about the signal in one sentence, with the threshold in the unit of the rates beside it. */
export function signalSentence(row: WatchRow, zone: Zone, unit: RateUnit): string {
  const { signal, params } = row;
  const band = `the band of ${thetaPhrase(params.theta, thetaScale(unit, row.intervalH))}`;
  if (signal.phase === 'quiet') return `quiet: D has not been outside ${band} at the last close`;
  const what = leanText(row);
  if (signal.phase === 'building') return `building: ${what}, ${signal.periods} of ${params.k} closes outside ${band}`;
  const since = signal.enteredAt === null ? '' : ` since ${formatTime(signal.enteredAt, 'full', zone)} ${zoneName(zone, signal.enteredAt)}`;
  const basis =
    signal.observations === 1
      ? signal.running === 1
        ? 'one running observation'
        : 'one settlement'
      : `${signal.observations} observations, ${signal.running} of them running`;
  return `${signal.phase}${since}: ${what}; the entry rests on ${basis}`;
}

/** "longs pay 0.0120 % per 8h". */
export function payText(perHour: number | null, intervalH: number | null, unit: RateUnit): string | null {
  const percent = ratePercent(perHour, intervalH, unit);
  if (percent === null) return null;
  const figure = formatFixed(Math.abs(percent), shownDecimals(percent, unit, intervalH));
  if (Number(Math.abs(percent).toFixed(shownDecimals(percent, unit, intervalH))) === 0) return `no payment ${perUnit(unit, intervalH)}`;
  return `${percent > 0 ? 'longs pay' : 'shorts pay'} ${figure} % ${perUnit(unit, intervalH)}`;
}

const states: Record<VenueHealth['state'], string> = {
  off: 'off',
  starting: 'starting',
  healthy: 'healthy',
  partial: 'partial',
  degraded: 'degraded',
  limited: 'limited',
  blocked: 'blocked',
  down: 'down',
};

const latencyText = (ms: number): string => (ms < 100 ? `${Math.max(1, Math.round(ms))} ms` : `${formatFixed(ms / 1000, 1)} s`);

/** The status bar's words for one venue, short. */
export function venueText(health: VenueHealth, now: number): string {
  if (health.state === 'healthy') return health.latencyMs === null ? 'healthy' : latencyText(health.latencyMs);
  // Its next poll is no retry: nothing failed that the rates need.
  if (health.nextTryAt !== null && health.nextTryAt > now && health.state !== 'off' && health.state !== 'partial') {
    return `${states[health.state]}, retry in ${age(health.nextTryAt - now)}`;
  }
  return states[health.state];
}

/** Everything known about a venue, for hover, focus and screen readers. */
export function venueSentence(health: VenueHealth, now: number, zone: Zone): string {
  const parts = [`${health.name}: ${states[health.state]}`];
  if (health.error !== null) parts.push(health.error);
  parts.push(
    health.okAt === null
      ? 'no good answer yet'
      : `last good answer ${formatTime(health.okAt, 'second', zone)} ${zoneName(zone, health.okAt)}`,
  );
  parts.push(`${health.instruments} instruments, polled every ${Math.round(health.pollMs / 1000)} s`);
  if (health.nextTryAt !== null && health.nextTryAt > now) parts.push(`next try in ${countdown(health.nextTryAt - now)}`);
  if (health.refused > 0) parts.push(`${health.refused} values refused as out of bounds`);
  if (health.backfilling > 0) parts.push(`fetching the history of ${health.backfilling} instruments`);
  if (health.unserved > 0) parts.push(`does not serve the whole history of ${health.unserved} instruments; asked again daily`);
  return parts.join(' \u00b7 ');
}

/** "TAO/USDT Binance, running rate +0.0120 % per 4h": a row in words for screen readers and titles. */
export function rowSentence(row: WatchRow, venue: string, unit: RateUnit): string {
  return `${pairOf(row.instrument)} ${venue}, running rate ${formatRate(row.f, row.intervalH, unit)} % ${perUnit(unit, row.intervalH)}, interval ${intervalText(row.intervalH)}`;
}

/** Venue's word and settlements side by side, where they differ. */
/** Of an instrument whose venue accrues. */
export const NO_SETTLEMENT = 'There is no next settlement: funding accrues all the time';

export const intervalDoubt = ({ statedH, intervalH }: Pick<WatchRow, 'statedH' | 'intervalH'>, venue: string): string =>
  `${venue} says ${intervalText(statedH)}; its last settlements are ${intervalText(intervalH)} apart`;

/** Why the history is still to be fetched, venue by venue: each has its own limit of requests. */
export function backfillTitle(health: readonly Pick<VenueHealth, 'name' | 'state' | 'backfilling'>[]): string {
  const parts = health
    .filter(({ state, backfilling }) => state !== 'off' && backfilling > 0)
    .map(({ name, backfilling }) => `${name}: ${backfilling} ${backfilling === 1 ? 'instrument' : 'instruments'}`);
  return `Stored history is being fetched within each venue\u2019s rate limit, the selected instrument first. ${parts.join(', ')}. Click to see it, or to cancel.`;
}
