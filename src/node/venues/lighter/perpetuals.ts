import type { Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { newestWindow } from '../common/hour-windows.ts';
import { findOldest } from '../common/oldest.ts';
import { walkBackward, walkPrices } from '../common/paging.ts';
import { empty, keptList, orNote } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME } from './body.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseCandles, parseFundings, parseOrders, readFundings } from './history.ts';
import { COST, LIGHTER } from './host.ts';
import { parseDetails, rulesOf } from './markets.ts';
import { parseRates, readRates } from './rates.ts';
import { SERVICE } from './service.ts';

/** Its mainnet opened in January 2025. */
const OPENED_AT = Date.UTC(2025, 0, 1);
/** It answers with 750 settlements at most, and with 500 candles. */
const PAGE_HOURS = 700;
const CANDLES_PER_PAGE = 490;
/** Orders of a side. */
const ORDERS = 250;
const seconds = (time: number): number => Math.floor(time / 1_000);

/** Perpetuals of Lighter, paid every hour. https://apidocs.lighter.xyz */
export function createLighter(): Venue {
  const askDetails = async (io: VenueIo) => {
    const found = parseDetails(await io.request({ path: '/api/v1/orderBookDetails', cost: COST }));
    if (found.size === 0) throw empty(NAME, 'orderBookDetails lists no perpetual');
    return found;
  };
  const details = keptList('orderBookDetails', 5 * MINUTE_MS, askDetails);
  /** Markets are asked for by number. */
  const marketOf = async (io: VenueIo, symbol: string) => {
    const market = (await details.required(io, HOUR_MS)).get(symbol);
    if (market === undefined) throw unlisted(NAME, symbol);
    return market;
  };
  const fundings = async (io: VenueIo, symbol: string, start: number, end: number): Promise<readonly unknown[]> => {
    const { id } = await marketOf(io, symbol);
    const span = `start_timestamp=${seconds(start + 999)}&end_timestamp=${seconds(end)}&count_back=${PAGE_HOURS}`;
    return parseFundings(await io.request({ path: `/api/v1/fundings?market_id=${id}&resolution=1h&${span}`, cost: COST }), start, end);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://mainnet.zklighter.elliot.ai',
    host: LIGHTER,
    hue: 10,
    onByDefault: false,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const rows = parseRates(await io.request({ path: '/api/v1/funding-rates', cost: COST }));
      const notes: string[] = [];
      return readRates(rows, await orNote('orderBookDetails', notes, () => askDetails(io)), io.now, notes);
    },
    oldest: (io, symbol) =>
      findOldest({
        venue: NAME,
        limit: PAGE_HOURS,
        start: OPENED_AT,
        now: io.now,
        ask: async (start, end) => readFundings(await fundings(io, symbol, start, end), symbol, io.now),
      }),
    settled: (io, symbol, from, to) =>
      walkBackward({
        venue: NAME,
        symbol,
        from,
        to,
        limit: PAGE_HOURS,
        now: () => io.now,
        ask: async (start, end) => {
          const found = await newestWindow((first, last) => fundings(io, symbol, first, last), start, end, PAGE_HOURS);
          return readFundings(found.toReversed(), symbol, io.now);
        },
      }),
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: OPENED_AT,
        to,
        hoursPerPage: CANDLES_PER_PAGE,
        now: () => io.now,
        ask: async (window) => {
          const { id } = await marketOf(io, symbol);
          // In seconds, the end later than the start: both seen on 2026-09-20. It counts back past the start, and those are left out again.
          const [start, end] = [seconds(window.firstOpen), seconds(window.lastOpen + HOUR_MS) - 1];
          const span = `start_timestamp=${start}&end_timestamp=${end}&count_back=${CANDLES_PER_PAGE}`;
          const path = `/api/v1/candles?market_id=${id}&resolution=1h&${span}`;
          return { last: parseCandles(await io.request({ path, cost: COST }), symbol, window) };
        },
      }),
    async orderRules(io, symbol) {
      const market = await marketOf(io, symbol);
      if (!market.isActive) throw unlisted(NAME, symbol);
      return rulesOf(symbol, market);
    },
    async book(io, symbol) {
      const { id } = await marketOf(io, symbol);
      return parseOrders(await io.request({ path: `/api/v1/orderBookOrders?market_id=${id}&limit=${ORDERS}`, cost: COST }), symbol, io.now);
    },
    bookCost: COST,
  };
}
