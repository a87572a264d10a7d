import type { OrderBook, Venue, VenueIo } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { joinBooks } from '../common/join-books.ts';
import { createListWatch } from '../common/listed.ts';
import { findOldest } from '../common/oldest.ts';
import { type Candles, type HourWindow, type SettledAnswer, walkBackward, walkPrices } from '../common/paging.ts';
import { empty, keptList, orNote } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME } from './body.ts';
import { type CoinexListing, CONTRACT_SIZE, parseLevels, parseMarkets } from './contracts.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { BOOK_LEVELS, coarserInterval, inUnits, parseDepth, parseFundingHistory, parseKlines } from './history.ts';
import { COINEX, COST } from './host.ts';
import { parseTickers, readPoll, readRates } from './rates.ts';
import { SERVICE } from './service.ts';

/** Before its first perpetual (October 2019). */
const OPENED_AT = Date.UTC(2019, 8, 1);
/** Of settlements; the most of a page is not documented, 100 are served. */
const HISTORY_LIMIT = 100;
/** It answers with the newest 1,000 klines, the hour in progress among them, and takes no times. */
const KLINE_LIMIT = 1_000;
const BASE = '/v2/futures';

/** Perpetuals of CoinEx: linear in USDT and USDC, and inverse. https://docs.coinex.com/api/v2/futures/market */
export function createCoinex(): Venue {
  const listings = keptList('futures/market', 5 * MINUTE_MS, async (io) => {
    const found = parseMarkets(await io.request({ path: `${BASE}/market`, cost: COST }), io.now);
    if (found.size === 0) throw empty(NAME, 'futures/market lists no market');
    return found;
  });
  const watch = createListWatch(listings);
  const listingOf = async (io: VenueIo, symbol: string): Promise<CoinexListing> => {
    const found = (await listings.required(io, HOUR_MS)).get(symbol);
    if (found === undefined || found.state !== 'live') throw unlisted(NAME, symbol);
    return found;
  };
  /** The newest settlements of [start, end]. */
  const history = async (io: VenueIo, symbol: string, start: number, end: number): Promise<SettledAnswer> => {
    const span = `start_time=${Math.max(start, OPENED_AT)}&end_time=${end}&page=1&limit=${HISTORY_LIMIT}`;
    const path = `${BASE}/funding-rate-history?market=${encodeURIComponent(symbol)}&${span}`;
    return parseFundingHistory(await io.request({ path, cost: COST }), symbol, io.now);
  };
  const klines = async (io: VenueIo, kind: 'mark_price' | 'index_price', symbol: string, window: HourWindow): Promise<Candles> => {
    const path = `${BASE}/kline?market=${encodeURIComponent(symbol)}&price_type=${kind}&period=1hour&limit=${KLINE_LIMIT}`;
    return parseKlines(await io.request({ path, cost: COST }), symbol, window);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://api.coinex.com',
    host: COINEX,
    hue: 150,
    onByDefault: false,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const rows = readRates(await io.request({ path: `${BASE}/funding-rate`, cost: COST }));
      const notes: string[] = [];
      const known = await watch.refresh(io, notes, 5 * MINUTE_MS);
      const tickers = await orNote('futures/ticker', notes, async () =>
        parseTickers(await io.request({ path: `${BASE}/ticker`, cost: COST })),
      );
      const poll = readPoll(rows, { listings: known, tickers, lacks: watch.lacks }, io.now, notes);
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
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: io.now - (KLINE_LIMIT - 1) * HOUR_MS,
        to,
        hoursPerPage: KLINE_LIMIT,
        now: () => io.now,
        ask: async (window) => ({
          mark: await klines(io, 'mark_price', symbol, window),
          index: await klines(io, 'index_price', symbol, window),
        }),
      }),
    async orderRules(io, symbol) {
      const { rules } = await listingOf(io, symbol);
      const path = `${BASE}/position-level?market=${encodeURIComponent(symbol)}`;
      const levels = parseLevels(await io.request({ path, cost: COST }), symbol);
      return { ...rules, ...levels, notes: [...rules.notes, ...levels.notes] };
    },
    async book(io, symbol) {
      const { contract } = await listingOf(io, symbol);
      const ask = async (interval: string): Promise<OrderBook> => {
        const path = `${BASE}/depth?market=${encodeURIComponent(symbol)}&limit=${BOOK_LEVELS}&interval=${interval}`;
        return parseDepth(await io.request({ path, cost: COST }), symbol, io.now);
      };
      const fine = await ask('0');
      const interval = coarserInterval(fine);
      const coarse =
        interval === null
          ? null
          : await ask(interval).catch((error: unknown) => {
              // A width that it does not have for this market; what it gave stands.
              if (error instanceof VenueError && error.kind === 'malformed') return null;
              throw error;
            });
      const book = coarse === null ? fine : joinBooks(fine, coarse, () => Number(interval));
      return inUnits(book, symbol, { contract, contractSize: CONTRACT_SIZE });
    },
    bookCost: { ip: 2 },
  };
}
