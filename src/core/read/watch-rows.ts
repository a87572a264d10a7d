import type { NoValue, WatchRow } from '#bridge/contract.ts';
import { freshness } from '#domain/freshness.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { SignalParams } from '#domain/signal.ts';
import { perHour } from '#domain/units.ts';
import type { LiveView } from './signal-line.ts';
import type { Pinned } from './pinned.ts';
import { isListed, type Listing, unknownInstrument } from '../listings.ts';
import type { Snapshot } from '../venue.ts';

export interface RowParts {
  readonly id: InstrumentId;
  readonly listing: Listing | null;
  readonly view: LiveView | null;
  readonly params: SignalParams;
  /** Its venue accrues all the time (`accruesContinuously`). */
  readonly accrues: boolean;
  readonly own: WatchRow['own'];
  readonly pinned: Pinned | null;
  /** Polls that the venue answered in this run. */
  readonly polls: number;
  /** Venue-corrected time and the venue's poll interval, ms. */
  readonly now: number;
  readonly pollMs: number;
  readonly cells: WatchRow['cells'];
  /** Of a moment of the past; left out: of now. */
  readonly learnt?: WatchRow['learnt'];
  readonly settledOnly?: boolean;
  /** A window shows everything, and nothing else asks for it. */
  readonly scanned?: boolean;
}

const QUIET: WatchRow['signal'] = { phase: 'quiet', side: 0, periods: 0, enteredAt: null, observations: 0, running: 0, crowded: false };
/** Polls without an unknown instrument before it is called unlisted. */
const UNLISTED_POLLS = 3;

/** The running rate per hour and D, or the word for why there is none (domain 7: nothing dead is shown as current). */
function running(
  { listing, view, now, pollMs }: RowParts,
  status: WatchRow['status'],
): { f: number | null; d: number | null; why: NoValue | null } {
  const none = (why: NoValue): { f: null; d: null; why: NoValue } => ({ f: null, d: null, why });
  if (status === 'unlisted') return none('unlisted');
  if (!listing?.snapshot || listing.observedAt === null) return none('waiting');
  const { rate, nextFundingAt } = listing.snapshot;
  if (freshness(now, listing.observedAt, nextFundingAt, pollMs) === 'dead') return none('stale');
  const intervalH = listing.intervalH ?? view?.intervalH ?? NaN;
  if (Number.isNaN(intervalH)) return none('interval-unknown');
  const f = perHour(rate, intervalH);
  if (!view) return { f, d: null, why: 'waiting' };
  if (view.why) return { f, d: null, why: view.why };
  return { f, d: f - view.emaNow + 0, why: null };
}

/** One row of the table from everything known about the instrument. */
export function buildRow(parts: RowParts): WatchRow {
  const { id, listing, view, params, own, pinned, polls } = parts;
  const snapshot = listing?.snapshot ?? null;
  // Before the venue has answered, only what was seen delisted is known to be so.
  const unlisted = listing && (snapshot || polls > 0) ? !isListed(listing) : polls >= UNLISTED_POLLS;
  const status = unlisted ? 'unlisted' : snapshot ? 'live' : 'waiting';
  const { f, d, why } = running(parts, status);
  const neutralPerHour = neutralOf(snapshot);
  return {
    instrument: listing?.instrument ?? unknownInstrument(id),
    status,
    rate: snapshot?.rate ?? null,
    intervalH: listing?.intervalH ?? known(view?.intervalH),
    statedH: snapshot?.statedH ?? null,
    continuous: parts.accrues,
    nextFundingAt: snapshot?.nextFundingAt ?? null,
    observedAt: listing?.observedAt ?? null,
    mark: snapshot?.mark ?? null,
    index: snapshot?.index ?? null,
    openInterest: snapshot?.openInterest ?? null,
    openInterestAt: snapshot?.openInterestAt ?? null,
    volume24h: snapshot?.volume24h ?? null,
    unconverted: snapshot?.unconverted ?? null,
    neutralPerHour,
    f,
    ema: known(view?.emaNow),
    d,
    why,
    warmHours: view?.warmHours ?? 0,
    signal: view?.state ?? QUIET,
    params,
    own,
    pinned: pinned && { since: pinned.since, rate: pinned.rate },
    spark: view?.spark ?? new Float64Array(0),
    sparkEnd: view?.closedTo ?? null,
    cells: parts.cells,
    learnt: parts.learnt ?? null,
    settledOnly: parts.settledOnly ?? false,
    ...(parts.scanned === true && { scanned: true as const }),
  };
}

/** The interest per hour: where the rate rests; null where the venue does not say. */
export function neutralOf(snapshot: Snapshot | null): number | null {
  const perEight = snapshot?.interestPer8h ?? null;
  return perEight === null ? null : perEight / 8;
}

const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
