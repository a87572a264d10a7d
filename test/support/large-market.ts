import { instrumentId } from '#domain/instrument.ts';
import { createClock } from '#node/clock.ts';
import { Contracts } from '#node/demo/contracts.ts';
import { demoVenues, wiresOf } from '#node/demo/market.ts';
import { Process } from '#node/demo/process.ts';
import { startDemoServer } from '#node/demo/server.ts';
import { Story } from '#node/demo/story.ts';
import type { DemoListing, DemoVenue } from '#node/demo/venue.ts';

const SEED = 7;
/** Of these every contract is listed so many times, each under a name of its own. */
const LARGE: ReadonlySet<string> = new Set(['binance', 'bybit', 'okx', 'hyperliquid', 'gate', 'bitget', 'kucoin']);
const LETTERS = ['', ...'Q Z V K J W Y X H N U G E P O I'.split(' ')];

const under = (listing: DemoListing, letter: string): DemoListing =>
  letter === ''
    ? listing
    : { ...listing, base: listing.base + letter, symbol: listing.symbol.replace(listing.base, listing.base + letter) };

const larger = (venue: DemoVenue, times: number): DemoVenue =>
  LARGE.has(venue.id)
    ? {
        ...venue,
        listings: (asset, story) =>
          venue.listings(asset, story).flatMap((one) => LETTERS.slice(0, times).map((letter) => under(one, letter))),
      }
    : venue;

/** Every venue of the demo on loopback, the large ones with `times` their contracts; `env` leads an app to them. */
export async function startLargeMarket(times = 3) {
  const venues = demoVenues().map((venue) => larger(venue, times));
  const story = new Story(SEED);
  const contracts = new Contracts(SEED, story, venues);
  const wires = wiresOf({ contracts, process: new Process(SEED, story) }, venues);
  const clock = createClock({ speed: 1, startAt: null });
  const now = clock.now();
  const servers = await Promise.all(
    venues.map(async ({ id }) => {
      const wire = wires[id];
      if (wire === undefined) throw new Error(`no wire of ${id}`);
      return { id, ...(await startDemoServer({ name: id, wire, clock, log: { write: () => undefined }, outage: () => null })) };
    }),
  );
  return {
    venues: venues.map(({ id }) => id),
    /** What trades now. */
    instruments: venues.flatMap(({ id }) =>
      contracts.of(id, now).flatMap(({ symbol, delistedAt }) => (delistedAt > now ? [instrumentId(id, symbol)] : [])),
    ),
    env: Object.fromEntries(servers.map(({ id, url }) => [`PERPSCOPE_VENUE_URL_${id.toUpperCase().replaceAll('-', '_')}`, url])),
    close: () => Promise.all(servers.map((server) => server.close())),
  };
}
