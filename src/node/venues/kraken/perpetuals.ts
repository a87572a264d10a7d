import type { Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createListWatch } from '../common/listed.ts';
import { type Candles, type HourWindow, oldestIn, type SettledAnswer, walkForward, walkPrices } from '../common/paging.ts';
import { empty, keptList, malformed } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME } from './body.ts';
import { kindOf, parseInstruments } from './contracts.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseBook, parseCandles, parseHistory, readHistory, stampOf } from './history.ts';
import { COST, KRAKEN } from './host.ts';
import { parseTickers } from './rates.ts';
import { SERVICE } from './service.ts';

/** Its first perpetual (PI_XBTUSD) began on 2018-08-31. */
const OPENED_AT = Date.UTC(2018, 7, 31);
/** It answers with 2,000 candles at most. */
const HOURS_PER_PAGE = 1_990;
/** A year of settlements is about 1 MB; all hours since it opened would be 9. */
const HISTORY_BYTES = 24 * 1024 * 1024;
/** Settlements that one page of a walk hands on. */
const PAGE_ROWS = 2_000;
const BASE = '/derivatives/api';

/** Perpetuals of Kraken Futures: linear (PF_, multi-collateral) and inverse (PI_). https://docs.kraken.com/api/docs/futures-api */
export function createKraken(): Venue {
  const listings = keptList('instruments', 5 * MINUTE_MS, async (io) => {
    const found = parseInstruments(await io.request({ path: `${BASE}/v3/instruments`, cost: COST }));
    if (found.size === 0) throw empty(NAME, 'instruments lists no perpetual');
    return found;
  });
  const watch = createListWatch(listings);
  const history = async (io: VenueIo, symbol: string): Promise<readonly unknown[]> => {
    const path = `${BASE}/v4/historicalfundingrates?symbol=${encodeURIComponent(symbol)}`;
    return parseHistory(await io.request({ path, cost: COST, maxBytes: HISTORY_BYTES }));
  };
  /** One answer holds all settlements: it is asked for once a walk, and handed on in pages. */
  const pagesOf = (io: VenueIo, symbol: string): ((start: number, end: number) => Promise<SettledAnswer>) => {
    let asked: Promise<readonly unknown[]> | null = null;
    return async (start, end) => {
      asked ??= history(io, symbol);
      const isAsked = (item: unknown): boolean => {
        const stamp = stampOf(item);
        return stamp === null || (stamp >= start && stamp <= end);
      };
      return readHistory((await asked).filter(isAsked).slice(0, PAGE_ROWS), symbol, io.now);
    };
  };
  const candles = async (io: VenueIo, kind: 'mark' | 'spot', symbol: string, window: HourWindow): Promise<Candles> => {
    const span = `from=${window.firstOpen / 1_000}&to=${window.lastOpen / 1_000}`;
    const path = `/api/charts/v1/${kind}/${encodeURIComponent(symbol)}/1h?${span}`;
    return parseCandles(await io.request({ path, cost: COST }), symbol, window);
  };
  return {
    id: ID,
    name: 'Kraken Futures',
    url: 'https://futures.kraken.com',
    host: KRAKEN,
    hue: 287,
    onByDefault: false,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const text = await io.request({ path: `${BASE}/v3/tickers`, cost: COST });
      const notes: string[] = [];
      const known = { listings: await watch.refresh(io, notes), lacks: watch.lacks };
      const poll = parseTickers(text, known, io.now, notes);
      watch.polled(poll);
      return poll;
    },
    oldest: async (io, symbol) => oldestIn(NAME, symbol, readHistory((await history(io, symbol)).slice(0, 1), symbol, io.now)),
    settled: (io, symbol, from, to) =>
      walkForward({ venue: NAME, symbol, from, to, limit: PAGE_ROWS, now: () => io.now, ask: pagesOf(io, symbol) }),
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: listings.value?.get(symbol)?.listedAt ?? OPENED_AT,
        to,
        hoursPerPage: HOURS_PER_PAGE,
        now: () => io.now,
        ask: async (window) => ({
          mark: await candles(io, 'mark', symbol, window),
          index: await candles(io, 'spot', symbol, window),
        }),
      }),
    async orderRules(io, symbol) {
      const listing = (await listings.required(io, HOUR_MS)).get(symbol);
      if (listing?.tradeable !== true) throw unlisted(NAME, symbol);
      return listing.rules;
    },
    async book(io, symbol) {
      const contract = kindOf(symbol);
      if (contract === null) throw malformed(NAME, `${symbol} is no perpetual`);
      const path = `${BASE}/v3/orderbook?symbol=${encodeURIComponent(symbol)}`;
      return parseBook(await io.request({ path, cost: COST }), symbol, { contract, contractSize: 1 }, io.now);
    },
    bookCost: COST,
  };
}
