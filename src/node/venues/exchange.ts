import type { Venue } from '#core/venue.ts';
import type { VenueId } from '#domain/instrument.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import type { DemoVenue } from '../demo/venue.ts';

/** What the folder of an exchange says. */
export interface Exchange {
  /** Its markets, fresh: each keeps slow-changing lists between its polls. Those of one host name the same one. */
  create(): readonly Venue[];
  /** Their parts of the demo market: one for each market that `create` makes. */
  readonly demo: readonly DemoVenue[];
  /** Of venues that are not polled: how they make their rates, so that files of their settlements can be read. */
  readonly ofFiles?: Readonly<Record<VenueId, VenueFormula>>;
}
