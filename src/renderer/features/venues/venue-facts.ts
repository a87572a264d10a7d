import type { VenueHealth, VenueProfile } from '#bridge/contract.ts';
import { formatFixed, NONE } from '../../format/numbers.ts';
import { age, countdown, formatTime, zoneName, type Zone } from '../../format/time.ts';

/** What a state means, for a person who sees it for the first time. */
const states: Record<VenueHealth['state'], string> = {
  off: 'Switched off: it is not asked, its values age.',
  starting: 'Waiting for its first answer.',
  healthy: 'Healthy: it answers in time.',
  partial: 'Partial: its rates come in time, but not all that goes with them.',
  degraded: 'Degraded: its last good values stay on screen and age.',
  limited: 'Rate limited: nothing is sent until the venue allows it again.',
  blocked: 'Connection refused: the venue does not serve this address.',
  down: 'Down: no good answer for some time.',
};

export const stateWords = ({ state }: VenueHealth): string => states[state];

/** What a person can say about instruments that a venue no longer tells of. */
export function missingText({ name, missing }: VenueHealth): string {
  const they = missing === 1 ? 'One instrument' : `${missing} instruments`;
  return `${they} of ${name} ${missing === 1 ? 'is' : 'are'} missing from its answer. If ${name} has really delisted so many, say so: they are then shown as delisted, and their history is kept.`;
}

export const signed = (ms: number): string =>
  `${ms < 0 ? '\u2212' : '+'}${formatFixed(Math.abs(ms) / 1000, ms > -10_000 && ms < 10_000 ? 2 : 0)} s`;

function historyText({ backfilling, unserved, cancelled }: VenueHealth): string {
  if (cancelled === true) return 'of the newest weeks, and what was fetched before it was cancelled';
  if (backfilling > 0) return `of ${backfilling} instruments still to come`;
  return unserved > 0
    ? `all that it serves; of ${unserved} instruments it does not serve a part (asked again daily)`
    : 'all that it serves';
}

const SHOWN_HOLES = 5;
const SHOWN_REFUSALS = 5;

/** Which values were refused and why, the newest first. */
function refusalsText({ refusals }: VenueHealth): string {
  const shown = refusals.slice(0, SHOWN_REFUSALS).map(({ symbol, reason }) => `${symbol}: ${reason}`);
  return [...shown, ...(refusals.length > shown.length ? ['and others'] : [])].join('; ');
}

/** What is missing of the history, the newest first. */
function holesText({ holes }: VenueHealth, zone: Zone): string {
  const at = (time: number): string => `${formatTime(time, 'full', zone)} ${zoneName(zone, time)}`;
  const shown = holes.slice(0, SHOWN_HOLES).map(({ symbol, kind, from, to }) => {
    const since = from === null ? 'up to' : `from ${at(from)} to`;
    return `${symbol}: ${kind === 'settled' ? 'settlements' : 'prices'} ${since} ${at(to)}`;
  });
  const more = holes.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** Everything known about a venue, a term and its figure a line. */
export function factsOf(
  health: VenueHealth,
  { unverified }: Pick<VenueProfile, 'unverified'>,
  now: number,
  zone: Zone,
): readonly (readonly [term: string, text: string])[] {
  const { okAt, latencyMs, clockOffsetMs, nextTryAt, state } = health;
  const asks = state !== 'off' && nextTryAt !== null && nextTryAt > now;
  return [
    [
      'Last good answer',
      okAt === null ? 'none yet' : `${formatTime(okAt, 'second', zone)} ${zoneName(zone, okAt)}, ${age(now - okAt)} ago`,
    ],
    ['Next try', asks ? `in ${countdown(nextTryAt - now)}` : NONE],
    ['Latency', latencyMs === null ? NONE : `${Math.round(latencyMs)} ms`],
    ['Clock offset', clockOffsetMs === null ? 'no server time' : `${signed(clockOffsetMs)} against this computer's`],
    ['Instruments', String(health.instruments)],
    ['Refused values', health.refused === 0 ? 'none' : `${health.refused} in this run, out of bounds or unreadable`],
    ...(health.refusals.length > 0 ? ([['Refused lately', refusalsText(health)]] as const) : []),
    ['History', historyText(health)],
    ...(unverified.length > 0
      ? ([['Unverified', `${unverified.join(', ')}: read by its documentation, not tried on a recorded answer`]] as const)
      : []),
    ...(health.holes.length > 0 ? ([['Missing of it', holesText(health, zone)]] as const) : []),
  ];
}
