import type { Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createListWatch } from '../common/listed.ts';
import { oldestIn, type SettledAnswer, walkForward, walkPrices } from '../common/paging.ts';
import { empty, keptList } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME } from './body.ts';
import { type BingxListing, parseContracts } from './contracts.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseDepth, parseFundingRate, parseMarkKlines } from './history.ts';
import { BINGX, costOf } from './host.ts';
import { parseOpenInterest, parseVolumes, readPoll, readPremiumIndex } from './rates.ts';
import { SERVICE } from './service.ts';

/** Before its first perpetual (as Bingbon, 2019). */
const OPENED_AT = Date.UTC(2019, 0, 1);
const HISTORY_LIMIT = 1_000;
/** It answers with 1,440 klines at most. */
const HOURS_PER_PAGE = 1_000;
/** Levels per side. */
const BOOK_LIMIT = 500;
const BASE = '/openApi/swap/v2/quote';

/** Linear perpetuals of BingX, in USDT and in USDC. https://bingx-api.github.io/docs-v3/#/en/Swap/Market%20Data */
export function createBingx(): Venue {
  const listings = keptList('quote/contracts', 5 * MINUTE_MS, async (io) => {
    const found = parseContracts(await io.request({ path: `${BASE}/contracts`, cost: costOf('contracts') }), io.now);
    if (found.size === 0) throw empty(NAME, 'quote/contracts lists no contract');
    return found;
  });
  const watch = createListWatch(listings);
  const volumes = keptList('quote/ticker', 5 * MINUTE_MS, async (io) =>
    parseVolumes(await io.request({ path: `${BASE}/ticker`, cost: costOf('ticker') }), io.now),
  );
  const listingOf = async (io: VenueIo, symbol: string): Promise<BingxListing> => {
    const found = (await listings.required(io, HOUR_MS)).get(symbol);
    if (found === undefined || found.state !== 'live') throw unlisted(NAME, symbol);
    return found;
  };
  const history = async (io: VenueIo, symbol: string, start: number, end: number, limit: number): Promise<SettledAnswer> => {
    const span = `startTime=${Math.max(start, OPENED_AT)}&endTime=${end}&limit=${limit}`;
    const path = `${BASE}/fundingRate?symbol=${encodeURIComponent(symbol)}&${span}`;
    return parseFundingRate(await io.request({ path, cost: costOf('fundingRate') }), symbol, io.now);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://open-api.bingx.com',
    host: BINGX,
    hue: 200,
    onByDefault: false,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const rows = readPremiumIndex(await io.request({ path: `${BASE}/premiumIndex`, cost: costOf('premiumIndex') }), io.now);
      const notes: string[] = [];
      const known = await watch.refresh(io, notes);
      const turnover = await volumes.refresh(io, 5 * MINUTE_MS, notes);
      const poll = readPoll(rows, { listings: known, volumes: volumes.isCurrent ? turnover : null, lacks: watch.lacks }, io.now, notes);
      watch.polled(poll);
      return poll;
    },
    async oldest(io, symbol) {
      return oldestIn(NAME, symbol, await history(io, symbol, OPENED_AT, io.now, 1));
    },
    settled: (io, symbol, from, to) =>
      walkForward({
        venue: NAME,
        symbol,
        from,
        to,
        limit: HISTORY_LIMIT,
        now: () => io.now,
        ask: (start, end) => history(io, symbol, start, end, HISTORY_LIMIT),
      }),
    /** It serves no hours of the index. */
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: listings.value?.get(symbol)?.listedAt ?? OPENED_AT,
        to,
        hoursPerPage: HOURS_PER_PAGE,
        now: () => io.now,
        ask: async (window) => {
          const span = `interval=1h&startTime=${window.firstOpen}&endTime=${window.lastOpen}&limit=${HOURS_PER_PAGE}`;
          const path = `/openApi/swap/v1/market/markPriceKlines?symbol=${encodeURIComponent(symbol)}&${span}`;
          return { mark: parseMarkKlines(await io.request({ path, cost: costOf('markPriceKlines') }), symbol, window, io.now) };
        },
      }),
    orderRules: async (io, symbol) => (await listingOf(io, symbol)).rules,
    async book(io, symbol) {
      const { size } = await listingOf(io, symbol);
      const path = `${BASE}/depth?symbol=${encodeURIComponent(symbol)}&limit=${BOOK_LIMIT}`;
      return parseDepth(await io.request({ path, cost: costOf('depth') }), symbol, size, io.now);
    },
    bookCost: costOf('depth'),
    async openInterest(io, symbol) {
      const path = `${BASE}/openInterest?symbol=${encodeURIComponent(symbol)}`;
      return parseOpenInterest(await io.request({ path, cost: costOf('openInterest') }), symbol, io.now);
    },
  };
}
