import type { Venue } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import type { VenueId } from '#domain/instrument.ts';
import { createCcxtVenue, droppedSentence, ID_PREFIX } from './venue.ts';

/** A venue that settings know from an earlier release of ccxt: it says that it is gone, and asks nothing. */
function createDropped(id: VenueId): Venue {
  const name = id.slice(ID_PREFIX.length);
  const listing = { id: name, name, documentation: '', rateLimitMs: 1000, hasCandles: false, hasBooks: false };
  const gone = (): Promise<never> => Promise.reject(new VenueError('empty', droppedSentence(name), `ccxt has no ${name}`));
  // eslint-disable-next-line @typescript-eslint/require-await, require-yield -- it throws before a page
  async function* none(): AsyncGenerator<never> {
    throw new VenueError('empty', droppedSentence(name), `ccxt has no ${name}`);
  }
  const venue = createCcxtVenue(listing, { url: 'https://ccxt.invalid', rates: { kind: 'bulk' }, usualH: 8, history: null }, 0);
  return { ...venue, poll: gone, oldest: gone, settled: none, prices: none, orderRules: gone, book: gone };
}

/** Those that are switched on though no release of ccxt at hand serves them, and no venue of their own does. */
export const createDroppedVenues = (
  settings: Readonly<Record<VenueId, { readonly enabled: boolean }>>,
  known: readonly VenueId[],
): Venue[] =>
  Object.entries(settings).flatMap(([id, { enabled }]) =>
    enabled && id.startsWith(ID_PREFIX) && !known.includes(id) ? [createDropped(id)] : [],
  );
