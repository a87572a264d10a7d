import type { InstrumentId, VenueId } from '#domain/instrument.ts';
import { isFrozen, type MarketEvent } from '#domain/market-events.ts';
import { isListed, type Listing, type Listings } from '../../listings.ts';
import type { HistoryEvent } from '../../ports/history-facts.ts';
import { mayBeOneAsset } from '#domain/joined-assets.ts';

/** Something that happened, in a sentence; `id` of a venue as a whole is its id with a colon and a star. */
export interface Happened {
  readonly event: MarketEvent;
  readonly id: InstrumentId;
  readonly at: number;
  readonly says: string;
}

const OF_HISTORY: Readonly<Partial<Record<HistoryEvent['kind'], MarketEvent>>> = {
  interval: 'interval',
  delisted: 'delisting',
  outage: 'venue-down',
};
export const wholeVenue = (venue: VenueId): InstrumentId => `${venue}:*`;

/** What the history's own log of a stretch says that a person may want to be told. */
export const happenedIn = (events: readonly HistoryEvent[]): Happened[] =>
  events.flatMap(({ kind, venue, instrument, at, text }) => {
    const event = OF_HISTORY[kind];
    return event === undefined ? [] : [{ event, id: instrument ?? wholeVenue(venue), at, says: text }];
  });

/** An index that stands, since when, and what the others of its asset said then. */
interface Standing {
  readonly index: number;
  readonly since: number;
  readonly others: ReadonlyMap<InstrumentId, number>;
  told: boolean;
}

const capText = (cap: number | null): string => (cap === null ? 'none' : `${Number((cap * 100).toPrecision(4))} %`);

/** Compares each answer of a venue with the one before it; the first of a run is only remembered. */
export function createMarketWatch(listings: Pick<Listings, 'ofVenue' | 'all'>, now: (id: InstrumentId) => number) {
  const known = new Map<VenueId, Set<InstrumentId>>();
  const caps = new Map<InstrumentId, string>();
  const standing = new Map<InstrumentId, Standing>();

  function capsOf({ instrument: { id }, snapshot }: Listing): Happened[] {
    if (snapshot === null || snapshot.cap === undefined) return [];
    const [cap, floor] = [capText(snapshot.cap), capText(snapshot.floor ?? null)];
    const says = `cap ${cap}, floor ${floor} per interval`;
    const before = caps.get(id);
    caps.set(id, says);
    return before === undefined || before === says
      ? []
      : [{ event: 'cap', id, at: Math.round(now(id)), says: `Now ${says} (before: ${before}).` }];
  }
  const indexes = (listing: Listing, byAsset: ReadonlyMap<string, readonly Listing[]>): Map<InstrumentId, number> =>
    new Map(
      (byAsset.get(listing.instrument.asset) ?? []).flatMap(({ instrument, snapshot }) =>
        instrument.venue === listing.instrument.venue ||
        !mayBeOneAsset(instrument, listing.instrument) ||
        (snapshot?.index ?? null) === null
          ? []
          : [[instrument.id, snapshot?.index ?? NaN]],
      ),
    );
  function frozen(listing: Listing, byAsset: ReadonlyMap<string, readonly Listing[]>): Happened[] {
    const { id } = listing.instrument;
    const index = listing.snapshot?.index ?? null;
    const at = Math.round(now(id));
    const before = standing.get(id);
    if (index === null) standing.delete(id);
    else if (before?.index !== index) standing.set(id, { index, since: at, others: indexes(listing, byAsset), told: false });
    else if (!before.told) {
      const others = [...indexes(listing, byAsset)].flatMap(([other, value]) => {
        const then = before.others.get(other);
        return then === undefined ? [] : [{ before: then, now: value }];
      });
      if (!isFrozen(at - before.since, others)) return [];
      before.told = true;
      const minutes = Math.round((at - before.since) / 60_000);
      return [
        {
          event: 'frozen-index',
          id,
          at,
          says: `The index stands at ${index} for ${minutes} min while ${others.length} others of its asset moved.`,
        },
      ];
    }
    return [];
  }

  return {
    /** `wanted`: what of it is asked for; the rest costs nothing. */
    polled(venue: VenueId, whole: boolean, wanted: ReadonlySet<MarketEvent>): Happened[] {
      const listed = [...listings.ofVenue(venue)].filter(isListed);
      const found: Happened[] = [];
      if (wanted.has('listing') && whole) {
        const before = known.get(venue);
        known.set(venue, new Set(listed.map(({ instrument }) => instrument.id)));
        const fresh = before === undefined ? [] : listed.filter(({ instrument }) => !before.has(instrument.id));
        for (const { instrument, intervalH } of fresh) {
          const settles = intervalH === null ? '' : `, settles every ${intervalH} h`;
          found.push({ event: 'listing', id: instrument.id, at: Math.round(now(instrument.id)), says: `Listed now${settles}.` });
        }
      }
      if (wanted.has('cap')) found.push(...listed.flatMap(capsOf));
      if (wanted.has('frozen-index')) {
        const byAsset = new Map<string, Listing[]>();
        for (const one of listings.all()) byAsset.set(one.instrument.asset, [...(byAsset.get(one.instrument.asset) ?? []), one]);
        found.push(...listed.flatMap((one) => frozen(one, byAsset)));
      }
      return found;
    },
    /** Switched off: what is seen next is the first again. */
    forget(event: MarketEvent): void {
      if (event === 'listing') known.clear();
      if (event === 'cap') caps.clear();
      if (event === 'frozen-index') standing.clear();
    },
  };
}
