import type { Instrument, InstrumentId, VenueId } from '#domain/instrument.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import type { ReadBook } from './book-ladder.ts';
import type { Listings } from './listings.ts';

/** What collecting knows of now, for those who read: reading knows no venue and asks none. */
export interface Observed {
  readonly listings: Listings;
  /** Venues in their order. */
  readonly venues: readonly VenueId[];
  /** Venue-corrected time for the instrument. */
  readonly now: (id: InstrumentId) => number;
  readonly pollMs: (venue: VenueId) => number;
  /** The newest order book of this run. */
  readonly book: (id: InstrumentId) => ReadBook | null;
  /** Something of the hour that closes at `t` is still to come: a settlement that is due, or a poll that was asked before. */
  readonly awaits: (id: InstrumentId, t: number) => boolean;
  /** The venue's time is in doubt (a clock jump): no hour closes. */
  readonly held: (id: InstrumentId) => boolean;
  /** As far as it is known; of one that no venue has listed yet, its id says what it can. */
  readonly instrument: (id: InstrumentId) => Instrument;
  readonly venueName: (id: InstrumentId) => string;
  /** How the venue makes its rates; null: not known. */
  readonly formulaOf: (venue: VenueId) => VenueFormula | null;
}
