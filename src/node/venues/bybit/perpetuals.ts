import type { Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createListWatch } from '../common/listed.ts';
import { findOldest } from '../common/oldest.ts';
import { type HourWindow, walkBackward, walkPrices } from '../common/paging.ts';
import { keptList } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { parseBody } from './body.ts';
import { parseOrderBook } from './book.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseFundingHistory, parseKlines } from './history.ts';
import { BYBIT } from './host.ts';
import { readInstruments } from './instruments.ts';
import type { Market } from './market.ts';
import { parseRiskLimits } from './risk-limits.ts';
import { parseTickers } from './tickers.ts';

const HISTORY_LIMIT = 200;
const CANDLE_LIMIT = 1000;
/** Levels per side. */
const BOOK_LIMIT = 500;
const BOOK_COST = { ip: 1 };

/** One category of Bybit's v5 market data as a venue. */
export function createMarket(market: Market): Venue {
  const { id, name, hue, onByDefault, service, category, openedAt } = market;
  const listings = keptList('instruments-info', 5 * MINUTE_MS, (io) => readInstruments(market, io), 2);
  const watch = createListWatch(listings);
  const ask = (io: VenueIo, path: string, query = ''): Promise<string> =>
    io.request({ path: `/v5/market/${path}?category=${category}${query}`, cost: { ip: 1 } });
  const of = (symbol: string): string => `&symbol=${encodeURIComponent(symbol)}`;
  const history = async (io: VenueIo, symbol: string, start: number, end: number) =>
    parseFundingHistory(
      market,
      await ask(io, 'funding/history', `${of(symbol)}&startTime=${start}&endTime=${end}&limit=${HISTORY_LIMIT}`),
      symbol,
      io.now,
    );
  const candles = async (io: VenueIo, symbol: string, kind: string, window: HourWindow) =>
    parseKlines(
      market,
      await ask(io, kind, `${of(symbol)}&interval=60&start=${window.firstOpen}&end=${window.lastOpen}&limit=${CANDLE_LIMIT}`),
      symbol,
      window,
    );
  return {
    id,
    name,
    url: 'https://api.bybit.com',
    host: BYBIT,
    hue,
    onByDefault,
    formula: FORMULA,
    fees: FEES,
    service,
    async poll(io) {
      const text = await ask(io, 'tickers');
      const notes: string[] = [];
      const known = await watch.refresh(io, notes, 5 * MINUTE_MS);
      const poll = parseTickers(market, text, known, io.now, notes, watch.lacks);
      watch.polled(poll);
      return poll;
    },
    oldest: (io, symbol) =>
      findOldest({
        venue: name,
        limit: HISTORY_LIMIT,
        start: listings.value?.get(symbol)?.listedAt ?? openedAt,
        now: io.now,
        ask: (start, end) => history(io, symbol, start, end),
      }),
    settled: (io, symbol, from, to) =>
      walkBackward({
        venue: name,
        symbol,
        from,
        to,
        limit: HISTORY_LIMIT,
        now: () => io.now,
        ask: (start, end) => history(io, symbol, Math.max(start, openedAt), end),
      }),
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: openedAt,
        to,
        hoursPerPage: CANDLE_LIMIT,
        now: () => io.now,
        ask: async (window) => ({
          mark: await candles(io, symbol, 'mark-price-kline', window),
          index: await candles(io, symbol, 'index-price-kline', window),
        }),
      }),
    async orderRules(io, symbol) {
      const listing = (await listings.required(io, HOUR_MS)).get(symbol);
      if (listing === undefined) throw unlisted(name, symbol);
      const { rules } = listing;
      const list = parseBody(name, await ask(io, 'risk-limit', of(symbol))).result['list'];
      const limits = parseRiskLimits(name, symbol, list, market.contract === 'linear' ? null : listing.settle);
      return { ...rules, ...limits, notes: [...rules.notes, ...limits.notes] };
    },
    async book(io, symbol) {
      return parseOrderBook(market, await ask(io, 'orderbook', `${of(symbol)}&limit=${BOOK_LIMIT}`), symbol, io.now);
    },
    bookCost: BOOK_COST,
  };
}
