import { freshness, type Freshness } from '#domain/freshness.ts';
import type { InstrumentId, VenueId } from '#domain/instrument.ts';
import type { Listings } from '../listings.ts';

export interface AgingOptions {
  readonly listings: Listings;
  /** Venue-corrected time; null: nothing is asked of that venue. */
  readonly now: (venue: VenueId) => number | null;
  readonly pollMs: (venue: VenueId) => number;
}

/** Which of the rows have just grown stale or died, or stand for now again. */
export function createAging({ listings, now, pollMs }: AgingOptions): (ids: Iterable<InstrumentId>) => InstrumentId[] {
  const before = new Map<InstrumentId, Freshness>();
  return (ids) =>
    [...ids].filter((id) => {
      const listing = listings.get(id);
      const at = listing && now(listing.instrument.venue);
      if (!listing || at === null || listing.observedAt === null) return false;
      const is = freshness(at, listing.observedAt, listing.snapshot?.nextFundingAt ?? null, pollMs(listing.instrument.venue));
      const changed = before.get(id) !== is;
      before.set(id, is);
      return changed;
    });
}
