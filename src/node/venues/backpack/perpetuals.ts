import type { Venue, VenueIo, VenuePoll } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createContradicted } from '../common/contradicted.ts';
import { createListWatch } from '../common/listed.ts';
import { askByPages, type NumberedPages, oldestByNumber } from '../common/numbered-pages.ts';
import { type Candles, type HourWindow, walkBackward, walkPrices } from '../common/paging.ts';
import { empty, keptList, orNote } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME } from './body.ts';
import { type BackpackListing, parseMarkets } from './contracts.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { historyOf, PAGE_ROWS, parseDepth, parseFundingRates, parseKlines, withoutRunning } from './history.ts';
import { BACKPACK, COST } from './host.ts';
import { bySymbol, readPoll, readMarkPrices } from './rates.ts';
import { SERVICE } from './service.ts';

/** Before its first perpetual (January 2025). */
const OPENED_AT = Date.UTC(2025, 0, 1);
/** The most of an answer is not documented. */
const HOURS_PER_PAGE = 500;
/** Levels per side. */
const BOOK_LIMIT = 1_000;
const BASE = '/api/v1';

/** Perpetuals of Backpack, in USDC. https://docs.backpack.exchange */
export function createBackpack(): Venue {
  const listings = keptList('markets', 5 * MINUTE_MS, async (io) => {
    const found = parseMarkets(await io.request({ path: `${BASE}/markets?marketType=PERP`, cost: COST }));
    if (found.size === 0) throw empty(NAME, 'markets lists no perpetual');
    return found;
  });
  const watch = createListWatch(listings);
  const tickers = keptList('tickers', 5 * MINUTE_MS, async (io) =>
    bySymbol(await io.request({ path: `${BASE}/tickers`, cost: COST }), 'tickers'),
  );
  const contradicted = createContradicted();
  const listingOf = async (io: VenueIo, symbol: string): Promise<BackpackListing> => {
    const found = (await listings.required(io, HOUR_MS)).get(symbol);
    if (found === undefined || found.state !== 'live') throw unlisted(NAME, symbol);
    return found;
  };
  const pagesOf = (io: VenueIo, symbol: string): NumberedPages => {
    // A page holds what the first one did, which is asked for before all others: the venue may give fewer rows than it is asked for.
    let pageRows = PAGE_ROWS;
    return historyOf(
      symbol,
      async (page) => {
        const span = `limit=${PAGE_ROWS}&offset=${(page - 1) * pageRows}`;
        const path = `${BASE}/fundingRates?symbol=${encodeURIComponent(symbol)}&${span}`;
        const rows = parseFundingRates(await io.request({ path, cost: COST }));
        if (page === 1) pageRows = Math.max(1, Math.min(PAGE_ROWS, rows.length));
        return withoutRunning(rows, page, io.now);
      },
      () => io.now,
    );
  };
  const klines = async (io: VenueIo, kind: 'Mark' | 'Index', symbol: string, window: HourWindow): Promise<Candles> => {
    const span = `interval=1h&startTime=${window.firstOpen / 1_000}&endTime=${(window.lastOpen + HOUR_MS) / 1_000}&priceType=${kind}`;
    const path = `${BASE}/klines?symbol=${encodeURIComponent(symbol)}&${span}`;
    return parseKlines(await io.request({ path, cost: COST }), symbol, window);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://api.backpack.exchange',
    host: BACKPACK,
    hue: 76,
    onByDefault: false,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    kPrefix: true,
    async poll(io) {
      const rows = readMarkPrices(await io.request({ path: `${BASE}/markPrices`, cost: COST }));
      const notes: string[] = [];
      const before = listings.value;
      let listed = await watch.refresh(io, notes);
      const interests = await orNote('openInterest', notes, async () =>
        bySymbol(await io.request({ path: `${BASE}/openInterest`, cost: COST }), 'openInterest'),
      );
      const volumes = await tickers.refresh(io, 5 * MINUTE_MS, notes);
      const beside = { interests, tickers: tickers.isCurrent ? volumes : null, lacks: watch.lacks };
      const read = (): VenuePoll => readPoll(rows, { ...beside, listings: listed, listingsAreOld: !listings.isCurrent }, io.now, notes);
      let poll = read();
      // An interval that has changed is seen at once, and not when the list is old.
      if (contradicted.isNew(poll.snapshots) && listings.isCurrent && listed === before) {
        listed = await watch.refresh(io, notes, 0);
        poll = read();
      }
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
          mark: await klines(io, 'Mark', symbol, window),
          index: await klines(io, 'Index', symbol, window),
        }),
      }),
    orderRules: async (io, symbol) => (await listingOf(io, symbol)).rules,
    async book(io, symbol) {
      const path = `${BASE}/depth?symbol=${encodeURIComponent(symbol)}&limit=${BOOK_LIMIT}`;
      return parseDepth(await io.request({ path, cost: COST }), symbol, io.now);
    },
    bookCost: COST,
  };
}
