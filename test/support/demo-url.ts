import type { VenueId } from '#domain/instrument.ts';
import { type DemoMarket, demoVenues } from '#node/demo/market.ts';
import { createVenues } from '#node/venues/index.ts';

/** Where the demo market serves the venue. */
export function demoUrl({ urls }: DemoMarket, venue: VenueId): string {
  const url = urls[venue];
  if (url === undefined) throw new Error(`the demo has no ${venue}`);
  return url;
}

/** What a new user has switched on. */
export const venuesOn = (): VenueId[] => createVenues().flatMap(({ id, onByDefault }) => (onByDefault ? [id] : []));

/** Addresses of every venue there is, for the environment of an app that runs live: a test asks no real one. */
export const venueEnv = (urlOf: (venue: VenueId) => string, except: readonly VenueId[] = []): Record<string, string> =>
  Object.fromEntries(
    demoVenues()
      .filter(({ id }) => !except.includes(id))
      .map(({ id }) => [`PERPSCOPE_VENUE_URL_${id.toUpperCase().replaceAll('-', '_')}`, urlOf(id)]),
  );
