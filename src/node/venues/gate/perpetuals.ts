import type { Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { oldestByPages } from '../common/oldest.ts';
import { type Candles, type HourWindow, type SettledAnswer, walkBackward, walkPrices } from '../common/paging.ts';
import { asRow, empty, inLists, isSymbol, keptList, malformed, orNote, type Row } from '../common/read.ts';
import { keptPerpetuals } from '../common/poll.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME, parseList, type Settle, SETTLES, settleOf } from './body.ts';
import { parseBook } from './book.ts';
import { type GateListing, rulesOf } from './contracts.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseCandles, parseFundingHistory } from './history.ts';
import { GATE } from './host.ts';
import { type ContractList, contractList, readRates } from './rates.ts';
import { parseRiskLimits } from './risk-limits.ts';
import { SERVICE } from './service.ts';

/** Before its first settlement (December 2018). */
const OPENED_AT = Date.UTC(2018, 11, 1);
/** Rows of any list, at most. */
const PAGE = 1_000;
/** What a page that the venue cut is a whole number of. */
const ROUND = 100;
const MAX_CONTRACT_PAGES = 30;
/** Settlements of every hour since it opened are some 80 pages. */
const MAX_HISTORY_PAGES = 100;
const CANDLES_PER_PAGE = 1_000;
/** "Maximum 10000 points recently are allowed", the one in progress among them. */
const CANDLES_BACK_MS = 9_998 * HOUR_MS;
/** Levels per side: more of them are TOO_BIG (https://github.com/gateio/gateapi-python/issues/158). */
const BOOK_LIMIT = 300;
const BOOK_COST = { order_book: 1 };

const seconds = (ms: number): number => Math.floor(ms / 1_000);
const nameOf = (item: unknown): unknown => asRow(item)?.['name'];

/**
 * All contracts that settle in a currency. Asked without a limit it answers with all of them (983 on 2026-09-15), though its documentation
 * has 100 there: where as many came as pages have, the next page is asked for. Pages that repeat end it.
 */
async function askContracts(io: VenueIo, settle: Settle): Promise<ContractList> {
  const rows: unknown[] = [];
  for (let page = 0; page < MAX_CONTRACT_PAGES; page++) {
    const path = `/api/v4/futures/${settle}/contracts${page === 0 ? '' : `?limit=${PAGE}&offset=${rows.length}`}`;
    const more = parseList(await io.request({ path, cost: { contracts: 1 } }), `list of contracts in ${settle}`);
    const known = new Set(rows.map(nameOf));
    const isNew = more.some((item) => !known.has(nameOf(item)));
    if (isNew) rows.push(...more);
    else if (rows.length === 0) throw empty(NAME, `the list of contracts in ${settle} is empty`);
    if (!isNew || more.length % ROUND !== 0) return contractList(settle, rows, io.now);
  }
  throw malformed(NAME, `the list of contracts in ${settle} does not end after ${MAX_CONTRACT_PAGES} pages`);
}

async function askTickers(io: VenueIo, settle: Settle): Promise<ReadonlyMap<string, Row>> {
  const list = parseList(await io.request({ path: `/api/v4/futures/${settle}/tickers`, cost: { tickers: 1 } }), 'list of tickers');
  return new Map(
    list.flatMap((item) => {
      const row = asRow(item);
      const symbol = row?.['contract'];
      return row !== null && isSymbol(symbol) ? [[symbol, row] as const] : [];
    }),
  );
}

/** Perpetuals of Gate: linear in USDT, and inverse in BTC. https://www.gate.com/docs/developers/apiv4/en/#futures */
export function createGate(): Venue {
  // What was traded in 24 h is all that tickers tell beside the contracts, and moves slowly.
  const tickers = SETTLES.map((settle, i) => keptList(`tickers in ${settle}`, MINUTE_MS, (io) => askTickers(io, settle), 5 + i));
  const perpetualOf = keptPerpetuals(ID);
  const known = new Map<Settle, { readonly at: number; readonly listings: ReadonlyMap<string, GateListing> }>();
  const contracts = async (io: VenueIo, settle: Settle): Promise<ContractList> => {
    const list = await askContracts(io, settle);
    known.set(settle, { at: io.now, listings: list.listings });
    return list;
  };
  const listing = async (io: VenueIo, symbol: string): Promise<GateListing> => {
    const settle = settleOf(symbol);
    if (Math.abs(io.now - (known.get(settle)?.at ?? 0)) > HOUR_MS) await contracts(io, settle);
    const found = known.get(settle)?.listings.get(symbol);
    if (found === undefined || found.state === 'over') throw unlisted(NAME, symbol);
    return found;
  };
  /** Settlements of [start, end]: the newest 1,000 where there are more. */
  const history = async (io: VenueIo, symbol: string, start: number, end: number): Promise<SettledAnswer> => {
    // Whether `from` and `to` are themselves meant is not documented: a second more on either side, left out again.
    const window = `from=${seconds(Math.max(start, OPENED_AT)) - 1}&to=${seconds(end) + 1}`;
    const path = `/api/v4/futures/${settleOf(symbol)}/funding_rate?contract=${encodeURIComponent(symbol)}&${window}&limit=${PAGE}`;
    return parseFundingHistory(await io.request({ path, cost: { funding_rate: 1 } }), symbol, start, end, io.now);
  };
  const candles = async (io: VenueIo, kind: 'mark' | 'index', symbol: string, window: HourWindow): Promise<Candles> => {
    // To the last second of the last hour; `limit` must not stand beside these two.
    const span = `interval=1h&from=${seconds(window.firstOpen)}&to=${seconds(window.lastOpen + HOUR_MS) - 1}`;
    const path = `/api/v4/futures/${settleOf(symbol)}/candlesticks?contract=${encodeURIComponent(`${kind}_${symbol}`)}&${span}`;
    return parseCandles(await io.request({ path, cost: { candlesticks: 1 } }), symbol, window);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://api.gateio.ws',
    host: GATE,
    hue: 130,
    onByDefault: true,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const notes: string[] = [];
      const inUsdt = await contracts(io, 'usdt');
      const inCoin = await orNote('contracts in btc', notes, () => contracts(io, 'btc'));
      await Promise.all(tickers.map((list) => list.refresh(io, 5 * MINUTE_MS, notes)));
      // A volume that could not be asked for lately is none.
      const tickerOf = inLists(tickers.map((list) => (list.isCurrent ? list.value : null)));
      const poll = readRates([inUsdt, ...(inCoin === null ? [] : [inCoin])], tickerOf, io.now, notes, perpetualOf);
      return inCoin === null ? { ...poll, untold: [{ settle: 'BTC' }] } : poll;
    },
    oldest: (io, symbol) =>
      oldestByPages({ venue: NAME, symbol, maxPages: MAX_HISTORY_PAGES, now: io.now, ask: (end) => history(io, symbol, 0, end) }),
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
        servedFrom: Math.max(OPENED_AT, Math.floor((io.now - CANDLES_BACK_MS) / HOUR_MS) * HOUR_MS),
        to,
        hoursPerPage: CANDLES_PER_PAGE,
        now: () => io.now,
        ask: async (window) => ({
          mark: await candles(io, 'mark', symbol, window),
          index: await candles(io, 'index', symbol, window),
        }),
      }),
    async orderRules(io, symbol) {
      const found = await listing(io, symbol);
      const path = `/api/v4/futures/${settleOf(symbol)}/risk_limit_tiers?contract=${encodeURIComponent(symbol)}`;
      const limits = parseRiskLimits(await io.request({ path, cost: { risk_limit_tiers: 1 } }), symbol, found.settle, found.quote);
      const rules = rulesOf(found);
      return { ...rules, ...limits, notes: [...rules.notes, ...limits.notes] };
    },
    async book(io, symbol) {
      const terms = await listing(io, symbol);
      const path = `/api/v4/futures/${settleOf(symbol)}/order_book?contract=${encodeURIComponent(symbol)}&interval=0&limit=${BOOK_LIMIT}`;
      return parseBook(await io.request({ path, cost: BOOK_COST }), symbol, terms, io.now);
    },
    bookCost: BOOK_COST,
  };
}
