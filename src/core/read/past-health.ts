import type { VenueHealth } from '#bridge/contract.ts';
import type { VenueId } from '#domain/instrument.ts';
import { DEAD_MS } from '#domain/freshness.ts';
import { isListed, type Listing } from '../listings.ts';
import type { HistoryEvent } from '../ports/history-facts.ts';

export interface PastVenue {
  readonly venue: VenueId;
  readonly name: string;
  readonly at: number;
  readonly pollMs: number;
  readonly isOn: boolean;
  /** Its instruments as they were observed by then. */
  readonly listed: readonly Listing[];
  /** What was told of venues in the day before, oldest first. */
  readonly events: readonly HistoryEvent[];
}

/** How a venue stood then, by its newest stored answer and by the outages and bans that are stored; latency, clocks and back-fill are not. */
export function pastHealth({ venue, name, at, pollMs, isOn, listed, events }: PastVenue): VenueHealth {
  const okAt = listed.reduce<number | null>(
    (newest, { observedAt }) => (observedAt === null ? newest : Math.max(newest ?? 0, observedAt)),
    null,
  );
  const isAnswering = okAt !== null && at - okAt <= Math.max(DEAD_MS, 3 * pollMs);
  const told = events.filter((event) => event.venue === venue && event.instrument === null);
  const ban = told.find(({ kind, at: until }) => kind === 'ban' && until > at);
  const last = told.findLast(({ kind }) => kind === 'outage' || kind === 'recovered');
  const outage = last?.kind === 'outage' ? last.text : null;
  const isOff = !isOn && okAt === null;
  const state = isOff
    ? 'off'
    : ban !== undefined
      ? 'limited'
      : isAnswering && outage === null
        ? 'healthy'
        : isAnswering
          ? 'degraded'
          : 'down';
  const silent =
    okAt === null
      ? 'No answer of it is stored by then.'
      : 'No answer of it is stored of that time: it did not answer, or Perpscope was closed.';
  return {
    id: venue,
    name,
    ownUrl: '',
    givenUrl: null,
    state,
    okAt,
    latencyMs: null,
    error: state === 'healthy' || state === 'off' ? null : (ban?.text ?? outage ?? silent),
    nextTryAt: ban?.at ?? null,
    pollMs,
    instruments: listed.filter(isListed).length,
    refused: 0,
    refusals: [],
    missing: 0,
    clockOffsetMs: null,
    aheadMs: 0,
    backfilling: 0,
    filling: [],
    unserved: 0,
    holes: [],
  };
}
