import { type Instrument, type InstrumentId, instrumentId, newInstrument, stillKnown, type VenueId } from '#domain/instrument.ts';
import type { Latest } from './ports/history-facts.ts';
import { type VenuePoll, observationTime, type Snapshot } from './venue.ts';

/** Polls that must agree before an instrument that a venue no longer lists is called delisted. */
const DELISTED_POLLS = 3;
/** One in so many of the listed instruments may be missing or unreadable; where it is more, the answer is at fault. */
const ONE_IN = 5;

/** An instrument with its newest observation. */
export interface Listing {
  readonly instrument: Instrument;
  readonly snapshot: Snapshot | null;
  readonly observedAt: number | null;
  /** The interval in force: the newest that a snapshot stated. */
  readonly intervalH: number | null;
  /** Good polls in a row that lacked it. An answer that lacks a large part of the market is none. */
  readonly missing: number;
}

/** An answer that lacks a large part of the market: it proves nothing about what it lacks. */
export interface Partial {
  readonly listed: number;
  /** Listed instruments that the answer says nothing of. */
  readonly missing: readonly Instrument[];
  /** Listed instruments with a row that could not be read. */
  readonly unreadable: number;
}

export interface ListingsChange {
  /** Null where the answer is whole. */
  readonly partial: Partial | null;
  readonly delisted: readonly Instrument[];
  readonly intervals: readonly { readonly instrument: Instrument; readonly from: number; readonly to: number }[];
}

/** Everything that venues list, with the newest observation of each; kept in memory, loaded from the store's latest values. */
export interface Listings {
  load(instruments: readonly Instrument[], latest: readonly Latest[]): void;
  /** An instrument that is known before its venue has listed anything; one that is known already stays as it is. */
  introduce(instrument: Instrument): void;
  /** What a poll would change; nothing is changed yet. */
  compare(venue: VenueId, poll: VenuePoll, observedAt: number): ListingsChange;
  apply(venue: VenueId, poll: VenuePoll, observedAt: number, change: ListingsChange): void;
  /** A person says that what a partial answer lacked is gone: the next poll that lacks it too delists it. */
  believe(venue: VenueId, missing: readonly Instrument[]): void;
  get(id: InstrumentId): Listing | null;
  ofVenue(venue: VenueId): Iterable<Listing>;
  all(): Iterable<Listing>;
  /** Another number once an instrument is new or counts as another asset. */
  assetsVersion(): number;
  /** Instruments that the venue lists now. */
  listedCount(venue: VenueId): number;
  /** Polls of this session that the venue answered. */
  polls(venue: VenueId): number;
}

export const isListed = (listing: Listing): boolean => listing.missing < DELISTED_POLLS;

/** What is known of an instrument that no venue has listed yet: its id. */
export function unknownInstrument(id: InstrumentId): Instrument {
  const colon = id.indexOf(':');
  const symbol = id.slice(colon + 1);
  return newInstrument({ venue: id.slice(0, colon), symbol, asset: symbol, quote: '', settle: '' });
}

/** What is newest takes the place of what was: found once by its id, in whichever list. */
interface Entry {
  listing: Listing;
}
interface VenueMarket {
  readonly entries: Map<InstrumentId, Entry>;
  /** Gone as a person says. */
  readonly gone: Set<InstrumentId>;
  polls: number;
}

/** Whether the row says something newer than what is known: one that stands still says the same again. */
export const isNewer = (known: Listing | null | undefined, snapshot: Snapshot, answeredAt: number): boolean =>
  snapshot.ageMs === undefined ||
  !known?.snapshot ||
  known.observedAt === null ||
  known.observedAt > answeredAt ||
  observationTime(snapshot, answeredAt) > known.observedAt;

/** A cap, a floor or an interest that could not be read this time holds on, as it does in the store. */
function withTermsOfBefore(snapshot: Snapshot, before: Snapshot | null | undefined): Snapshot {
  const { cap = before?.cap, floor = before?.floor } = snapshot;
  const interestPer8h = snapshot.interestUnread ? (before?.interestPer8h ?? null) : snapshot.interestPer8h;
  if (cap === snapshot.cap && floor === snapshot.floor && interestPer8h === snapshot.interestPer8h) return snapshot;
  return { ...snapshot, interestPer8h, ...(cap !== undefined && { cap }), ...(floor !== undefined && { floor }) };
}

/** Of a kind of which the answer could not tell. */
const isUntold = ({ instrument }: Listing, { untold = [] }: VenuePoll): boolean =>
  untold.some(
    ({ contract, settle, prefix = '' }) =>
      [undefined, instrument.contract].includes(contract) &&
      [undefined, instrument.settle].includes(settle) &&
      instrument.symbol.startsWith(prefix),
  );

const endedAt = (instrument: Instrument, at: number): Instrument =>
  instrument.delistedAt === null ? { ...instrument, delistedAt: at } : instrument;

export function createListings(): Listings {
  const venues = new Map<VenueId, VenueMarket>();
  const byId = new Map<InstrumentId, Entry>();
  const of = (venue: VenueId): VenueMarket => {
    const found = venues.get(venue) ?? { entries: new Map(), gone: new Set(), polls: 0 };
    venues.set(venue, found);
    return found;
  };
  let assetsVersion = 0;
  const listingsOf = (venue: VenueId): Listing[] => [...of(venue).entries.values()].map(({ listing }) => listing);
  const listed = (venue: VenueId): Listing[] => listingsOf(venue).filter(isListed);
  function set(listing: Listing): void {
    const { id, venue, asset, assetClass } = listing.instrument;
    const known = byId.get(id);
    const before = known?.listing.instrument;
    if (before?.asset !== asset || before.assetClass !== assetClass) assetsVersion++;
    if (known !== undefined) {
      known.listing = listing;
      return;
    }
    const entry = { listing };
    byId.set(id, entry);
    of(venue).entries.set(id, entry);
  }

  return {
    load(instruments, latest) {
      for (const instrument of instruments) {
        set({ instrument, snapshot: null, observedAt: null, intervalH: null, missing: DELISTED_POLLS });
      }
      for (const { instrument, snapshot, observedAt, delisted } of latest) {
        set({ instrument, snapshot, observedAt, intervalH: snapshot.intervalH, missing: delisted ? DELISTED_POLLS : 0 });
      }
    },
    introduce(instrument) {
      if (!byId.has(instrument.id)) set({ instrument, snapshot: null, observedAt: null, intervalH: null, missing: 0 });
    },
    compare(venue, poll, observedAt) {
      const { gone } = of(venue);
      const got = new Set(poll.snapshots.map(({ symbol }) => symbol));
      const refused = new Set(poll.refused.map(({ symbol }) => symbol));
      const closed = new Set(poll.closed);
      const told = listed(venue).filter((one) => !isUntold(one, poll));
      const absent = told.filter(({ instrument }) => !got.has(instrument.symbol));
      const isGone = ({ instrument: { id, symbol } }: Listing): boolean => closed.has(symbol) || (gone.has(id) && !refused.has(symbol));
      const said = absent.filter(isGone);
      const unreadable = absent.filter((one) => !isGone(one) && refused.has(one.instrument.symbol)).length;
      const missing = absent.filter((one) => !isGone(one) && !refused.has(one.instrument.symbol));
      // What the venue says to be gone, or a person, is not missing.
      const expected = told.length - said.length;
      const isPartial = (missing.length + unreadable) * ONE_IN > expected;
      const partial = isPartial ? { listed: expected, missing: missing.map(({ instrument }) => instrument), unreadable } : null;
      const agreed = isPartial ? [] : missing.filter((one) => one.missing + 1 >= DELISTED_POLLS);
      const intervals = poll.snapshots.flatMap((snapshot) => {
        const listing = byId.get(instrumentId(venue, snapshot.symbol))?.listing;
        const { intervalH } = snapshot;
        if (!listing?.intervalH || !intervalH || listing.intervalH === intervalH || !isNewer(listing, snapshot, observedAt)) return [];
        return [{ instrument: listing.instrument, from: listing.intervalH, to: intervalH }];
      });
      return { partial, delisted: [...said, ...agreed].map(({ instrument }) => instrument), intervals };
    },
    apply(venue, poll, observedAt, { partial, delisted }) {
      const market = of(venue);
      market.polls += 1;
      const snapshots = new Map(poll.snapshots.map((snapshot) => [snapshot.symbol, snapshot]));
      const refused = new Set(poll.refused.map(({ symbol }) => symbol));
      const over = new Set(delisted.map(({ id }) => id));
      for (const said of poll.instruments) {
        const before = byId.get(said.id)?.listing;
        const instrument = stillKnown(before?.instrument, said, observedAt);
        const snapshot = snapshots.get(instrument.symbol);
        if (!snapshot) {
          if (!before) set({ instrument, snapshot: null, observedAt: null, intervalH: null, missing: 0 });
          continue;
        }
        market.gone.delete(instrument.id);
        if (before && !isNewer(before, snapshot, observedAt)) {
          set({ ...before, instrument, missing: 0 });
          continue;
        }
        const intervalH = snapshot.intervalH ?? before?.intervalH ?? null;
        set({
          instrument,
          snapshot: withTermsOfBefore(snapshot, before?.snapshot),
          observedAt: observationTime(snapshot, observedAt),
          intervalH,
          missing: 0,
        });
      }
      for (const entry of market.entries.values()) {
        const { listing } = entry;
        const { id, symbol } = listing.instrument;
        if (snapshots.has(symbol) || isUntold(listing, poll)) continue;
        market.gone.delete(id);
        const missing = over.has(id) ? DELISTED_POLLS : partial !== null || refused.has(symbol) ? listing.missing : listing.missing + 1;
        const instrument = over.has(id) ? endedAt(listing.instrument, observedAt) : listing.instrument;
        if (missing !== listing.missing) entry.listing = { ...listing, instrument, missing };
      }
    },
    believe(venue, missing) {
      for (const { id } of missing) of(venue).gone.add(id);
    },
    get: (id) => byId.get(id)?.listing ?? null,
    ofVenue: listingsOf,
    all: () => [...venues.keys()].flatMap(listingsOf),
    assetsVersion: () => assetsVersion,
    listedCount: (venue) => listed(venue).length,
    polls: (venue) => of(venue).polls,
  };
}
