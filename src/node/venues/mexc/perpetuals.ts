import type { Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createListWatch } from '../common/listed.ts';
import { askByPages, type NumberedPages, oldestByNumber } from '../common/numbered-pages.ts';
import { type Candles, type HourWindow, walkBackward, walkPrices } from '../common/paging.ts';
import { empty, keptList } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME } from './body.ts';
import { parseDepth } from './book.ts';
import { type MexcListing, parseDetail } from './contracts.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { historyOf, PAGE_ROWS, parseHistoryPage, parseKlines } from './history.ts';
import { costOf, MEXC } from './host.ts';
import { parseRates, readPoll, readTickers } from './rates.ts';
import { SERVICE } from './service.ts';

/** Before its first perpetual in USDT (June 2020): no candle is older. */
const OPENED_AT = Date.UTC(2020, 0, 1);
/** It answers with 2,000 klines at most. */
const HOURS_PER_PAGE = 1_990;
/** Levels per side. */
const BOOK_LIMIT = 1_000;
const BASE = '/api/v1/contract';

/** Perpetuals of MEXC: linear in USDT and USDC, and inverse. https://www.mexc.com/api-docs/futures/market-endpoints */
export function createMexc(): Venue {
  const listings = keptList('contract/detail', 5 * MINUTE_MS, async (io) => {
    const found = parseDetail(await io.request({ path: `${BASE}/detail`, cost: costOf('detail') }));
    if (found.size === 0) throw empty(NAME, 'contract/detail lists no contract');
    return found;
  });
  const watch = createListWatch(listings);
  const rates = keptList('contract/funding_rate', MINUTE_MS, async (io) =>
    parseRates(await io.request({ path: `${BASE}/funding_rate`, cost: costOf('funding_rate') })),
  );
  const listingOf = async (io: VenueIo, symbol: string): Promise<MexcListing> => {
    const found = (await listings.required(io, HOUR_MS)).get(symbol);
    if (found === undefined || found.state !== 'live') throw unlisted(NAME, symbol);
    return found;
  };
  const pagesOf = (io: VenueIo, symbol: string): NumberedPages =>
    historyOf(
      symbol,
      async (page) => {
        const path = `${BASE}/funding_rate/history?symbol=${encodeURIComponent(symbol)}&page_num=${page}&page_size=${PAGE_ROWS}`;
        return parseHistoryPage(await io.request({ path, cost: costOf('history') }), page);
      },
      () => io.now,
    );
  const klines = async (io: VenueIo, kind: 'fair_price' | 'index_price', symbol: string, window: HourWindow): Promise<Candles> => {
    const span = `interval=Min60&start=${window.firstOpen / 1_000}&end=${window.lastOpen / 1_000}`;
    const path = `${BASE}/kline/${kind}/${encodeURIComponent(symbol)}?${span}`;
    return parseKlines(await io.request({ path, cost: costOf(kind) }), symbol, window);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://api.mexc.com',
    host: MEXC,
    hue: 237,
    onByDefault: false,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const tickers = readTickers(await io.request({ path: `${BASE}/ticker`, cost: costOf('ticker') }));
      const notes: string[] = [];
      // One after the other, so that the list of contracts is not kept waiting by the one of rates.
      const known = await watch.refresh(io, notes);
      const stated = await rates.refresh(io, 0, notes);
      const poll = readPoll(tickers, { listings: known, rates: stated, ratesAreOld: !rates.isCurrent, lacks: watch.lacks }, io.now, notes);
      watch.polled(poll);
      return poll;
    },
    oldest: (io, symbol) => oldestByNumber(pagesOf(io, symbol)),
    settled: (io, symbol, from, to) =>
      walkBackward({
        venue: NAME,
        symbol,
        from,
        to,
        // Its answers tell by their times where they end.
        limit: Infinity,
        now: () => io.now,
        ask: askByPages(pagesOf(io, symbol)),
      }),
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: listings.value?.get(symbol)?.listedAt ?? OPENED_AT,
        to,
        hoursPerPage: HOURS_PER_PAGE,
        now: () => io.now,
        ask: async (window) => ({
          mark: await klines(io, 'fair_price', symbol, window),
          index: await klines(io, 'index_price', symbol, window),
        }),
      }),
    orderRules: async (io, symbol) => (await listingOf(io, symbol)).rules,
    async book(io, symbol) {
      const terms = await listingOf(io, symbol);
      const path = `${BASE}/depth/${encodeURIComponent(symbol)}?limit=${BOOK_LIMIT}`;
      return parseDepth(await io.request({ path, cost: costOf('depth') }), symbol, terms, io.now);
    },
    bookCost: costOf('depth'),
  };
}
