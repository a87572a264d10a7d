import type { Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createListWatch } from '../common/listed.ts';
import { type Candles, type HourWindow, walkForward, walkPrices } from '../common/paging.ts';
import { empty, keptList } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { askPoints, firstAccrual, readAccruals } from './accrual.ts';
import { ID, NAME } from './body.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseBook, parseKlines } from './history.ts';
import { COST, PARADEX } from './host.ts';
import { parseMarkets } from './markets.ts';
import { parseSummary } from './rates.ts';
import { SERVICE } from './service.ts';

/** Its mainnet opened in 2023. */
const OPENED_AT = Date.UTC(2023, 6, 1);
/** So long after its end an hour is told of: a later observation of its last moments would make another rate of it, and the first one stays. */
const SURE_MS = 30_000;
/** Hours that one page of a walk hands on: each is a request. */
const PAGE_HOURS = 48;
const HOURS_PER_PAGE = 500;
const DEPTH = 250;
/** All options stand in it too. */
const MARKETS_BYTES = 16 * 1024 * 1024;

/** Perpetuals of Paradex, which accrue all the time. https://docs.paradex.trade/api/prod/markets/get-markets */
export function createParadex(): Venue {
  const markets = keptList('markets', 5 * MINUTE_MS, async (io) => {
    const found = parseMarkets(await io.request({ path: '/v1/markets', cost: COST, maxBytes: MARKETS_BYTES }));
    if (found.size === 0) throw empty(NAME, 'markets lists no perpetual');
    return found;
  });
  const watch = createListWatch(markets);
  const klines = async (io: VenueIo, kind: 'mark' | 'underlying', symbol: string, window: HourWindow): Promise<Candles> => {
    const span = `start_at=${window.firstOpen}&end_at=${window.lastOpen}`;
    const path = `/v1/markets/klines?symbol=${encodeURIComponent(symbol)}&resolution=60&price_kind=${kind}&${span}`;
    return parseKlines(await io.request({ path, cost: COST }), symbol, window);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://api.prod.paradex.trade',
    host: PARADEX,
    hue: 270,
    onByDefault: false,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    kPrefix: true,
    async poll(io) {
      const text = await io.request({ path: '/v1/markets/summary?market=ALL', cost: COST, maxBytes: MARKETS_BYTES });
      const notes: string[] = [];
      await watch.refresh(io, notes);
      // Without the list a rate is of no known period.
      const poll = parseSummary(text, await markets.required(io, HOUR_MS), watch.lacks, io.now, notes);
      watch.polled(poll);
      return poll;
    },
    oldest: (io, symbol) => firstAccrual(askPoints(io, symbol), markets.value?.get(symbol)?.instrument.listedAt ?? OPENED_AT, io.now),
    settled(io, symbol, from, to) {
      const ask = askPoints(io, symbol, HOUR_MS);
      return walkForward({
        venue: NAME,
        symbol,
        from,
        to,
        limit: PAGE_HOURS,
        now: () => io.now,
        ask: (start, end) => readAccruals(ask, symbol, start, Math.min(end, io.now - SURE_MS), PAGE_HOURS),
      });
    },
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: markets.value?.get(symbol)?.instrument.listedAt ?? OPENED_AT,
        to,
        hoursPerPage: HOURS_PER_PAGE,
        now: () => io.now,
        ask: async (window) => ({
          mark: await klines(io, 'mark', symbol, window),
          index: await klines(io, 'underlying', symbol, window),
        }),
      }),
    async orderRules(io, symbol) {
      const market = (await markets.required(io, HOUR_MS)).get(symbol);
      if (market === undefined) throw unlisted(NAME, symbol);
      return market.rules;
    },
    async book(io, symbol) {
      const path = `/v1/orderbook/${encodeURIComponent(symbol)}?depth=${DEPTH}`;
      return parseBook(await io.request({ path, cost: COST }), symbol, io.now);
    },
    bookCost: COST,
  };
}
