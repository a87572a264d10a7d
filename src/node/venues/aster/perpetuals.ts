import type { Venue, VenueIo, VenuePoll } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { readRowKlines } from '../common/klines.ts';
import { createContradicted } from '../common/contradicted.ts';
import { createListWatch } from '../common/listed.ts';
import { type Candles, type HourWindow, oldestIn, walkForward, walkPrices } from '../common/paging.ts';
import { empty, keptList, listOf } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME, parseBody } from './body.ts';
import { type AsterListing, parseExchangeInfo } from './contracts.ts';
import { FORMULA } from './formula.ts';
import { parseDepth, parseFundingRate, parseOpenInterest } from './history.ts';
import { ASTER } from './host.ts';
import { parseFundingInfo, parsePremiumIndex, parseVolumes } from './rates.ts';
import { SERVICE } from './service.ts';

/** Before its first perpetual (as ApolloX, 2021). A start of 0 could be read as "none given", which means the newest rows. */
const OPENED_AT = Date.UTC(2021, 0, 1);
/** All instruments with their rules: some 2 MB. */
const EXCHANGE_INFO_BYTES = 12 * 1024 * 1024;
const HISTORY_LIMIT = 1_000;
const CANDLE_LIMIT = 1_000;
/** Levels per side, and what they cost. */
const BOOK_LIMIT = 500;
const BOOK_COST = { weight: 10 };
const BASE = '/fapi/v3';
/** Not named by its documentation of either version; https://fapi.asterdex.com/fapi/v1/openInterest is what programs of others ask. */
const OPEN_INTEREST = '/fapi/v1/openInterest';

/** Perpetuals of Aster's order book. https://github.com/asterdex/api-docs, V3 */
export function createAster(): Venue {
  const listings = keptList('exchangeInfo', 5 * MINUTE_MS, async (io): Promise<ReadonlyMap<string, AsterListing>> => {
    const text = await io.request({ path: `${BASE}/exchangeInfo`, cost: { weight: 1 }, maxBytes: EXCHANGE_INFO_BYTES });
    const found = parseExchangeInfo(text);
    if (found.size === 0) throw empty(NAME, 'exchangeInfo lists no symbol');
    return found;
  });
  const watch = createListWatch(listings);
  const funding = keptList('fundingInfo', 5 * MINUTE_MS, async (io) =>
    parseFundingInfo(await io.request({ path: `${BASE}/fundingInfo`, cost: { weight: 1 } })),
  );
  const volumes = keptList('ticker/24hr', 5 * MINUTE_MS, async (io) =>
    parseVolumes(await io.request({ path: `${BASE}/ticker/24hr`, cost: { weight: 40 } })),
  );
  const contradicted = createContradicted();
  const history = async (io: VenueIo, symbol: string, range: string) => {
    const path = `${BASE}/fundingRate?symbol=${encodeURIComponent(symbol)}&${range}`;
    return parseFundingRate(await io.request({ path, cost: { weight: 1 } }), symbol, io.now);
  };
  const candles = async (io: VenueIo, symbol: string, asked: string, window: HourWindow): Promise<Candles> => {
    const path = `${BASE}/${asked}&interval=1h&startTime=${window.firstOpen}&endTime=${window.lastOpen}&limit=${CANDLE_LIMIT}`;
    const list = listOf(NAME, parseBody(await io.request({ path, cost: { weight: 5 } })), 'klines');
    return readRowKlines(NAME, symbol, list, window);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://fapi.asterdex.com',
    host: ASTER,
    hue: 63,
    onByDefault: false,
    formula: FORMULA,
    fees: null,
    service: SERVICE,
    async poll(io) {
      const text = await io.request({ path: `${BASE}/premiumIndex`, cost: { weight: 1 } });
      const notes: string[] = [];
      const listed = await watch.refresh(io, notes);
      const before = funding.value;
      let stated = await funding.refresh(io, 5 * MINUTE_MS, notes);
      const traded = await volumes.refresh(io, 5 * MINUTE_MS, notes).then((list) => (volumes.isCurrent ? list : null));
      const read = (): VenuePoll => {
        const known = { listings: listed, funding: stated, fundingIsOld: !funding.isCurrent, volumes: traded, lacks: watch.lacks };
        return parsePremiumIndex(text, known, io.now, notes);
      };
      let poll = read();
      // An interval that has changed is seen at once, and not when the list is old.
      if (contradicted.isNew(poll.snapshots) && funding.isCurrent && stated === before) {
        stated = await funding.refresh(io, 0, notes);
        poll = read();
      }
      watch.polled(poll);
      return poll;
    },
    async oldest(io, symbol) {
      return oldestIn(NAME, symbol, await history(io, symbol, `startTime=${OPENED_AT}&limit=1`));
    },
    settled: (io, symbol, from, to) =>
      walkForward({
        venue: NAME,
        symbol,
        from,
        to,
        limit: HISTORY_LIMIT,
        now: () => io.now,
        ask: (start, end) => history(io, symbol, `startTime=${Math.max(start, OPENED_AT)}&endTime=${end}&limit=${HISTORY_LIMIT}`),
      }),
    prices: (io, symbol, from, to) => {
      const pair = encodeURIComponent(listings.value?.get(symbol)?.pair ?? symbol);
      return walkPrices({
        from,
        servedFrom: listings.value?.get(symbol)?.listedAt ?? OPENED_AT,
        to,
        hoursPerPage: CANDLE_LIMIT,
        now: () => io.now,
        ask: async (window) => ({
          mark: await candles(io, symbol, `markPriceKlines?symbol=${encodeURIComponent(symbol)}`, window),
          index: await candles(io, symbol, `indexPriceKlines?pair=${pair}`, window),
        }),
      });
    },
    async orderRules(io, symbol) {
      const listing = (await listings.required(io, HOUR_MS)).get(symbol);
      if (listing?.live !== true) throw unlisted(NAME, symbol);
      return listing.rules;
    },
    async book(io, symbol) {
      const path = `${BASE}/depth?symbol=${encodeURIComponent(symbol)}&limit=${BOOK_LIMIT}`;
      return parseDepth(await io.request({ path, cost: BOOK_COST }), symbol, io.now);
    },
    async openInterest(io, symbol) {
      const path = `${OPEN_INTEREST}?symbol=${encodeURIComponent(symbol)}`;
      return parseOpenInterest(await io.request({ path, cost: { weight: 1 } }), symbol, io.now);
    },
    bookCost: BOOK_COST,
  };
}
