import type { Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { findOldest } from '../common/oldest.ts';
import { type SettledAnswer, walkBackward, walkPrices } from '../common/paging.ts';
import { keptList } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseBook, parseCandles, parseFunding } from './history.ts';
import { DYDX } from './host.ts';
import { ID, NAME, parseMarkets, readRates, rulesOf } from './rates.ts';
import { SERVICE } from './service.ts';

/** Before the chain's first block (October 2023). */
const OPENED_AT = Date.UTC(2023, 9, 1);
const PAGE = 1_000;
const CANDLES_PER_PAGE = 1_000;
const COST = { ip: 1 };
const iso = (time: number): string => new Date(time).toISOString();

/** Perpetuals of the dYdX chain, by its indexer. https://docs.dydx.xyz/indexer-client/http */
export function createDydx(): Venue {
  const askMarkets = async (io: VenueIo) => parseMarkets(await io.request({ path: '/v4/perpetualMarkets', cost: COST }));
  const markets = keptList('perpetualMarkets', 5 * MINUTE_MS, askMarkets);
  const history = async (io: VenueIo, ticker: string, start: number, end: number): Promise<SettledAnswer> => {
    const path = `/v4/historicalFunding/${encodeURIComponent(ticker)}?limit=${PAGE}&effectiveBeforeOrAt=${iso(end)}`;
    return parseFunding(await io.request({ path, cost: COST }), ticker, start, end, io.now);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://indexer.dydx.trade',
    host: DYDX,
    hue: 283,
    onByDefault: false,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    poll: async (io) => readRates(await askMarkets(io), io.now),
    oldest: (io, symbol) =>
      findOldest({ venue: NAME, limit: PAGE, start: OPENED_AT, now: io.now, ask: (start, end) => history(io, symbol, start, end) }),
    settled: (io, symbol, from, to) =>
      walkBackward({
        venue: NAME,
        symbol,
        from,
        to,
        limit: PAGE,
        now: () => io.now,
        ask: (start, end) => history(io, symbol, start, end),
      }),
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: OPENED_AT,
        to,
        hoursPerPage: CANDLES_PER_PAGE,
        now: () => io.now,
        ask: async (window) => {
          // The end is not meant itself.
          const span = `fromISO=${iso(window.firstOpen)}&toISO=${iso(window.lastOpen + HOUR_MS)}&limit=${CANDLES_PER_PAGE}`;
          const path = `/v4/candles/perpetualMarkets/${encodeURIComponent(symbol)}?resolution=1HOUR&${span}`;
          return { last: parseCandles(await io.request({ path, cost: COST }), symbol, window) };
        },
      }),
    async orderRules(io, symbol) {
      const rules = rulesOf(await markets.required(io, HOUR_MS), symbol);
      if (rules === null) throw unlisted(NAME, symbol);
      return rules;
    },
    async book(io, symbol) {
      const path = `/v4/orderbooks/perpetualMarket/${encodeURIComponent(symbol)}`;
      return parseBook(await io.request({ path, cost: COST }), symbol, io.now);
    },
    bookCost: COST,
  };
}
