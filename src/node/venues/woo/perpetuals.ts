import type { Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createListWatch } from '../common/listed.ts';
import { findOldest } from '../common/oldest.ts';
import { type SettledAnswer, walkBackward, walkPrices } from '../common/paging.ts';
import { empty, keptList, orNote } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME, parseAnswer } from './body.ts';
import { parseInstruments, type WooListing } from './contracts.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseBook, parseFundingHistory, parseKlines } from './history.ts';
import { costOf, WOO } from './host.ts';
import { parseFutures, readPoll } from './rates.ts';
import { SERVICE } from './service.ts';

/** Before its first perpetual (2021). */
const OPENED_AT = Date.UTC(2021, 0, 1);
/** Of settlements; the most of a page is not documented, 25 are served where none is asked for. */
const HISTORY_LIMIT = 100;
const KLINE_LIMIT = 1_000;
/** Levels per side: more than it has. */
const BOOK_LIMIT = 500;
const BASE = '/v3/public';

/** Linear perpetuals of WOO X. https://developer.woox.io/api-reference/endpoint/public_data */
export function createWoo(): Venue {
  const listings = keptList('instruments', 5 * MINUTE_MS, async (io) => {
    const found = parseInstruments(await io.request({ path: `${BASE}/instruments`, cost: costOf('instruments') }));
    if (found.size === 0) throw empty(NAME, 'instruments lists no perpetual');
    return found;
  });
  const watch = createListWatch(listings);
  const listingOf = async (io: VenueIo, symbol: string): Promise<WooListing> => {
    const found = (await listings.required(io, HOUR_MS)).get(symbol);
    if (found?.live !== true) throw unlisted(NAME, symbol);
    return found;
  };
  /** The newest settlements of [start, end]. */
  const history = async (io: VenueIo, symbol: string, start: number, end: number): Promise<SettledAnswer> => {
    const span = `startTime=${Math.max(start, OPENED_AT)}&endTime=${end}&page=1&size=${HISTORY_LIMIT}`;
    const path = `${BASE}/fundingRateHistory?symbol=${encodeURIComponent(symbol)}&${span}`;
    return parseFundingHistory(await io.request({ path, cost: costOf('fundingRateHistory') }), symbol, io.now);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://api.woox.io',
    host: WOO,
    hue: 225,
    onByDefault: false,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const answer = parseAnswer(await io.request({ path: `${BASE}/fundingRate`, cost: costOf('fundingRate') }));
      const notes: string[] = [];
      const known = await watch.refresh(io, notes);
      const futures = await orNote('futures', notes, async () =>
        parseFutures(await io.request({ path: `${BASE}/futures`, cost: costOf('futures') })),
      );
      const poll = readPoll(answer, { listings: known, futures, lacks: watch.lacks }, io.now, notes);
      watch.polled(poll);
      return poll;
    },
    oldest: (io, symbol) =>
      findOldest({
        venue: NAME,
        limit: HISTORY_LIMIT,
        start: OPENED_AT,
        now: io.now,
        ask: (start, end) => history(io, symbol, start, end),
      }),
    settled: (io, symbol, from, to) =>
      walkBackward({
        venue: NAME,
        symbol,
        from,
        to,
        limit: HISTORY_LIMIT,
        now: () => io.now,
        ask: (start, end) => history(io, symbol, start, end),
      }),
    /** It serves no hours of mark or index prices. */
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: OPENED_AT,
        to,
        hoursPerPage: KLINE_LIMIT,
        now: () => io.now,
        ask: async (window) => {
          // The kline that begins at `before` is not meant itself.
          const span = `type=1h&before=${window.lastOpen + HOUR_MS}&limit=${KLINE_LIMIT}`;
          const path = `${BASE}/klineHistory?symbol=${encodeURIComponent(symbol)}&${span}`;
          return { last: parseKlines(await io.request({ path, cost: costOf('klineHistory') }), symbol, window) };
        },
      }),
    orderRules: async (io, symbol) => (await listingOf(io, symbol)).rules,
    async book(io, symbol) {
      const path = `${BASE}/orderbook?symbol=${encodeURIComponent(symbol)}&maxLevel=${BOOK_LIMIT}`;
      return parseBook(await io.request({ path, cost: costOf('orderbook') }), symbol, io.now);
    },
    bookCost: costOf('orderbook'),
  };
}
