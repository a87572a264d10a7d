import type { Instrument, InstrumentId, VenueId } from '#domain/instrument.ts';
import type { Latest } from '../ports.ts';
import type { MarketPoll, Snapshot } from '../venue.ts';

/** Polls that must agree before an instrument that a venue no longer lists is called delisted. */
const DELISTED_POLLS = 3;
/** An answer with fewer rows than this share of what the venue lists is a fault. */
const PARTIAL_SHARE = 0.8;
/** At start: an instrument that its venue's last good answers lacked for so long was delisted before. */
const LONG_GONE_MS = 600_000;

/** An instrument with its newest observation. */
export interface Listing {
  readonly instrument: Instrument;
  readonly snapshot: Snapshot | null;
  readonly observedAt: number | null;
  /** The interval in force: the newest that a snapshot stated. */
  readonly intervalH: number | null;
  /** Good polls in a row that lacked it. */
  readonly missing: number;
}

export interface MarketChange {
  /** Rows are far fewer than the venue lists; null when they are not. */
  readonly partial: { readonly got: number; readonly listed: number } | null;
  readonly delisted: readonly Instrument[];
  readonly intervals: readonly { readonly instrument: Instrument; readonly from: number; readonly to: number }[];
}

/** Everything that venues list, with the newest observation of each; kept in memory, loaded from the store's latest values. */
export interface Market {
  load(instruments: readonly Instrument[], latest: readonly Latest[]): void;
  /** What a poll would change; nothing is changed yet. */
  compare(venue: VenueId, poll: MarketPoll): MarketChange;
  apply(venue: VenueId, poll: MarketPoll, observedAt: number): void;
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

/** What is newest takes the place of what was: found once by its id, in whichever list. */
interface Entry {
  listing: Listing;
}
interface VenueMarket {
  readonly entries: Map<InstrumentId, Entry>;
  polls: number;
}

export function createMarket(): Market {
  const venues = new Map<VenueId, VenueMarket>();
  const byId = new Map<InstrumentId, Entry>();
  const of = (venue: VenueId): VenueMarket => {
    const found = venues.get(venue) ?? { entries: new Map(), polls: 0 };
    venues.set(venue, found);
    return found;
  };
  let assetsVersion = 0;
  const listingsOf = (venue: VenueId): Listing[] => [...of(venue).entries.values()].map(({ listing }) => listing);
  const listed = (venue: VenueId): Listing[] => listingsOf(venue).filter(isListed);
  function set(listing: Listing): void {
    const { id, venue, asset } = listing.instrument;
    const known = byId.get(id);
    if (known?.listing.instrument.asset !== asset) assetsVersion++;
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
      const newest = new Map<VenueId, number>();
      for (const { instrument, observedAt } of latest) {
        newest.set(instrument.venue, Math.max(observedAt, newest.get(instrument.venue) ?? -Infinity));
      }
      for (const instrument of instruments) {
        set({ instrument, snapshot: null, observedAt: null, intervalH: null, missing: DELISTED_POLLS });
      }
      for (const { instrument, snapshot, observedAt } of latest) {
        const gone = observedAt < (newest.get(instrument.venue) ?? 0) - LONG_GONE_MS;
        const missing = gone ? DELISTED_POLLS : 0;
        set({ instrument, snapshot, observedAt, intervalH: snapshot.intervalH, missing });
      }
    },
    compare(venue, poll) {
      const got = new Set(poll.snapshots.map(({ symbol }) => symbol));
      const before = listed(venue);
      const known = new Map(listingsOf(venue).map((listing) => [listing.instrument.symbol, listing]));
      const delisted = before.filter(({ instrument, missing }) => !got.has(instrument.symbol) && missing + 1 >= DELISTED_POLLS);
      // Those that three polls agree on are gone, not missing.
      const expected = before.length - delisted.length;
      const partial = got.size < PARTIAL_SHARE * expected ? { got: got.size, listed: expected } : null;
      const intervals = poll.snapshots.flatMap(({ symbol, intervalH }) => {
        const listing = known.get(symbol);
        if (!listing?.intervalH || !intervalH || listing.intervalH === intervalH) return [];
        return [{ instrument: listing.instrument, from: listing.intervalH, to: intervalH }];
      });
      return { partial, delisted: delisted.map(({ instrument }) => instrument), intervals };
    },
    apply(venue, poll, observedAt) {
      const market = of(venue);
      market.polls += 1;
      const snapshots = new Map(poll.snapshots.map((snapshot) => [snapshot.symbol, snapshot]));
      for (const instrument of poll.instruments) {
        const before = byId.get(instrument.id)?.listing;
        const snapshot = snapshots.get(instrument.symbol);
        if (!snapshot) {
          if (!before) set({ instrument, snapshot: null, observedAt: null, intervalH: null, missing: 0 });
          continue;
        }
        set({ instrument, snapshot, observedAt, intervalH: snapshot.intervalH ?? before?.intervalH ?? null, missing: 0 });
      }
      for (const entry of market.entries.values()) {
        const { listing } = entry;
        if (!snapshots.has(listing.instrument.symbol)) entry.listing = { ...listing, missing: listing.missing + 1 };
      }
    },
    get: (id) => byId.get(id)?.listing ?? null,
    ofVenue: listingsOf,
    all: () => [...venues.keys()].flatMap(listingsOf),
    assetsVersion: () => assetsVersion,
    listedCount: (venue) => listed(venue).length,
    polls: (venue) => of(venue).polls,
  };
}
