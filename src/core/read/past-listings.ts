import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { DEAD_MS } from '#domain/freshness.ts';
import { LONGEST_INTERVAL_H } from '#domain/interval.ts';
import { HOUR_MS } from '#domain/time.ts';
import { createListings, type Listings } from '../listings.ts';
import type { Latest } from '../ports/history-facts.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Snapshot } from '../venue.ts';
import type { HistoryAsOf } from './history-as-of.ts';
import type { Then } from './then.ts';

export interface PastListings {
  readonly listings: Listings;
  /** Those of which nothing was polled then, so that their last settlement and prices stand for it. */
  readonly settledOnly: ReadonlySet<InstrumentId>;
  /** Of what was polled: newer polls may have been known then, and are deleted. */
  readonly thinned: ReadonlyMap<InstrumentId, boolean>;
}

/**
 * What was observed newest of each instrument by then, of all or of these. In venue time, where nothing was polled, the last settlement
 * for as long as its interval lasts, with the prices of the last hour: all that a history has that was fetched, or imported.
 */
export async function readListings(
  store: Pick<HistoryStore, 'instruments' | 'latest'>,
  history: HistoryAsOf,
  then: Then,
  ids: readonly InstrumentId[] | null,
  standFor: Iterable<InstrumentId>,
): Promise<PastListings> {
  const [instruments, polled] = await Promise.all([store.instruments(then.known, ids), store.latest(then.at, ids)]);
  return listingsOf(history, then, instruments, polled, standFor);
}

/** The same of what was read of them. */
export async function listingsOf(
  history: HistoryAsOf,
  { at, known }: Then,
  instruments: readonly Instrument[],
  polled: readonly Latest[],
  standFor: Iterable<InstrumentId>,
): Promise<PastListings> {
  const listings = createListings();
  const thinned = new Map(polled.map((one) => [one.instrument.id, one.thinned]));
  if (known !== null) {
    listings.load(instruments, polled);
    return { listings, settledOnly: new Set(), thinned };
  }
  const byId = new Map(instruments.map((one) => [one.id, one]));
  const fresh = new Set(polled.filter(({ observedAt }) => at - observedAt <= DEAD_MS).map(({ instrument }) => instrument.id));
  const found = await Promise.all(
    [...standFor].map(async (id): Promise<Latest | null> => {
      const instrument = byId.get(id);
      return instrument === undefined || fresh.has(id) ? null : settledOf(history, instrument, at);
    }),
  );
  const stands = found.filter((one) => one !== null);
  const settledOnly = new Set(stands.map(({ instrument }) => instrument.id));
  listings.load(instruments, [...polled.filter(({ instrument }) => !settledOnly.has(instrument.id)), ...stands]);
  return { listings, settledOnly, thinned };
}

/** Null: no settlement whose rate still held at `at`. */
async function settledOf(history: HistoryAsOf, instrument: Instrument, at: number): Promise<Latest | null> {
  const { id, symbol, delistedAt } = instrument;
  if (delistedAt !== null && delistedAt <= at) return null;
  const [{ key, rate, intervalH }, prices, terms] = await Promise.all([
    history.settled(id, at - 2 * LONGEST_INTERVAL_H * HOUR_MS, at, null, ['key', 'rate', 'intervalH']),
    history.prices(id, at - 2 * HOUR_MS, at, null, ['close', 'mark', 'index', 'last']),
    history.terms(id),
  ]);
  const [last = NaN, paid = NaN, hours = NaN] = [key.at(-1), rate.at(-1), intervalH.at(-1)];
  const lasts = last + (Number.isNaN(hours) ? LONGEST_INTERVAL_H : hours) * HOUR_MS;
  // The next one may have come late, as an hour's close waits for it.
  if (Number.isNaN(paid) || !(at <= lasts + DEAD_MS)) return null;
  const mark = [prices.mark.at(-1), prices.last.at(-1)].find((price) => price !== undefined && price > 0) ?? null;
  const index = known(prices.index.at(-1));
  const snapshot: Snapshot = {
    symbol,
    rate: paid,
    intervalH: known(hours),
    nextFundingAt: Number.isNaN(hours) ? null : Math.max(lasts, at),
    mark,
    index,
    openInterest: null,
    volume24h: null,
    interestPer8h: terms.at(-1)?.interestPer8h ?? null,
  };
  return { instrument, snapshot, observedAt: at, delisted: false, thinned: false };
}

const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
