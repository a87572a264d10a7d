import type { InstrumentRules, MarketPoll, OrderBook, Venue, VenueIo } from '#core/venue.ts';
import { VenueError, type VenueFailure } from '#core/venue-error.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { BYBIT } from './host.ts';
import { SERVICE } from './service.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { createListWatch } from '../common/listed.ts';
import { findOldest } from '../common/oldest.ts';
import {
  asAnswerTime,
  buildMarket,
  isWithoutFunding,
  type MarketBuilder,
  perpetual,
  readCap,
  readDate,
  statedLimits,
  stillInForce,
} from '../common/market.ts';
import { orderBook, pairLevel, readLevels } from '../common/order-book.ts';
import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer, walkBackward, walkPrices } from '../common/paging.ts';
import {
  asRow,
  empty,
  isSymbol,
  keptList,
  labelOf,
  listOf,
  malformed,
  parseJson,
  readAmount,
  readName,
  readNumber,
  readText,
  readTime,
  type Row,
  saidIn,
  splitPair,
} from '../common/read.ts';
import { parseRiskLimits, type RiskLimits } from './risk-limits.ts';
import { marketOrderNotes, unitNotes, unlisted } from '../common/rules.ts';

const ID = 'bybit';
const NAME = 'Bybit';
/** Before the venue's first linear perpetual (March 2020): where the search for a first settlement starts without a launch time. */
const OPENED_AT = Date.UTC(2020, 0, 1);
const HISTORY_LIMIT = 200;
const CANDLE_LIMIT = 1000;
/** Levels per side. */
const BOOK_LIMIT = 500;
const BOOK_COST = { ip: 1 };
/** A thousand instruments each. */
const MAX_PAGES = 20;

export interface BybitListing extends Pick<Instrument, 'quote' | 'settle' | 'assetClass' | 'listedAt' | 'delistedAt'> {
  readonly base: string;
  readonly intervalH: number | null;
  readonly interestPer8h: number | null;
  /** Per paid interval. */
  readonly cap: number | undefined;
  readonly floor: number | undefined;
  /** A linear perpetual that trades. */
  readonly live: boolean;
  /** Without the maintenance margin and the largest position, which have a list of their own. */
  readonly rules: InstrumentRules;
}

/** The venue's documented interest of coins, 0.03 % a day; no endpoint states it. */
const INTEREST_OF_COINS = 0.0001;
/** `symbolType` of instruments-info: empty or a zone of risk for coins. */
const COINS: ReadonlySet<string> = new Set(['', 'innovation', 'adventure']);
/** Those on shares, which rest at 0: AAPLUSDT settled at 0 in 306 of 346 recorded settlements. */
const EQUITIES: ReadonlySet<string> = new Set(['stock', 'etf', 'xstocks', 'mstocks']);

const OTHER_CLASSES: Readonly<Record<string, AssetClass>> = { commodity: 'commodity', forex: 'currency', index: 'index' };

/** By `symbolType`; null for a type that is not known here. */
function underlyingOf(row: Row): AssetClass | null {
  const type = (readText(row['symbolType']) ?? '').toLowerCase();
  // Shares also name the region of their exchange.
  if (EQUITIES.has(type) || (type === '' && readText(row['marketRegion']) !== null)) return 'equity';
  return COINS.has(type) ? 'crypto' : (OTHER_CLASSES[type] ?? null);
}

/** Interest per 8 h by what is traded; null where it is not sourced (commodities, currencies). */
const interestOf = (underlying: AssetClass | null): number | null =>
  underlying === 'equity' ? 0 : underlying === 'crypto' ? INTEREST_OF_COINS : null;

/** Body of GET /v5/market/tickers?category=linear: every symbol's running rate (per interval), prices and open interest. */
export function parseTickers(
  text: string,
  listings: ReadonlyMap<string, BybitListing> | null,
  now: number,
  notes: readonly string[] = [],
  lacks: (symbol: string) => boolean = () => false,
): MarketPoll {
  const { result, time } = parseBody(text);
  const rows = listOf(NAME, result['list'], 'list of tickers');
  if (rows.length === 0) throw empty(NAME, 'tickers is an empty list');
  const market = buildMarket(NAME, now, time);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row === null || !isSymbol(symbol)) market.refuse(symbol, 'a row without a symbol');
    else if (isDated(symbol)) continue;
    else if (listings?.get(symbol)?.live === false) market.close(symbol);
    else if (listings !== null && !listings.has(symbol) && lacks(symbol)) market.leaveOut(symbol);
    else if (listings?.has(symbol) === true || !isWithoutFunding(row['fundingRate'], row['nextFundingTime']))
      addTicker(market, symbol, row, listings, time ?? now);
  }
  return market.build(notes);
}

/** Dated futures are called BTC-26DEC25 or BTCUSDT-26DEC25. */
const isDated = (symbol: string): boolean => /-\d{1,2}[A-Z]{3}\d{2}$/u.test(symbol);

function addTicker(market: MarketBuilder, symbol: string, row: Row, listings: ReadonlyMap<string, BybitListing> | null, at: number): void {
  const listing = listings?.get(symbol) ?? null;
  const coins = listing ?? coinsOf(symbol);
  const rate = readNumber(row['fundingRate']);
  if (coins === null) {
    market.refuse(symbol, 'its coins are not known: instruments-info does not list it');
    return;
  }
  if (rate === null) {
    market.refuse(symbol, 'no rate');
    return;
  }
  const nextFundingAt = readTime(row['nextFundingTime']);
  const openInterest = readNumber(row['openInterest']);
  // "Funding rate upper and lower limits" (docs of tickers): of now, where the list may be minutes old.
  const cap = readCap(row['fundingCap'], 1);
  const snapshot = {
    symbol,
    rate,
    intervalH: statedInterval(row) ?? stillInForce(listing?.intervalH ?? null, nextFundingAt, at),
    nextFundingAt,
    mark: readNumber(row['markPrice']),
    index: readNumber(row['indexPrice']),
    openInterest,
    volume24h: readNumber(row['turnover24h']),
    // Without the list a share cannot be told from a coin.
    interestPer8h: listing?.interestPer8h ?? null,
    ...(listing === null && { interestUnread: true as const }),
    ...(cap === undefined ? statedLimits(listing?.cap, listing?.floor) : statedLimits(cap, -cap)),
  };
  const { base, quote, settle } = coins;
  const { assetClass = null, listedAt = null, delistedAt = null } = listing ?? {};
  market.add(perpetual({ venue: ID, symbol, base, quote, settle, assetClass, listedAt, delistedAt }), snapshot, at);
}

/** Hours, given as text by newer bodies. */
const statedInterval = (row: Row): number | null => inHours(readNumber(row['fundingIntervalHour']));

const inHours = (hours: number | null): number | null => (hours !== null && hours > 0 && hours <= 24 ? hours : null);

/** BTCUSDT is margined in USDT, BTCPERP in USDC. */
function coinsOf(symbol: string): { base: string; quote: string; settle: string } | null {
  const pair = splitPair(symbol, ['USDT', 'PERP', 'USDC']);
  if (pair === null) return null;
  const quote = pair.quote === 'PERP' ? 'USDC' : pair.quote;
  return { base: pair.base, quote, settle: quote };
}

export interface InstrumentsPage {
  readonly listings: ReadonlyMap<string, BybitListing>;
  /** Cursor of the next page; null on the last. */
  readonly cursor: string | null;
}

/** Body of GET /v5/market/instruments-info?category=linear: coins, interval in minutes, launch time, rules. */
export function parseInstruments(text: string): InstrumentsPage {
  const { result } = parseBody(text);
  const listings = new Map<string, BybitListing>();
  for (const item of listOf(NAME, result['list'], 'list of instruments')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const base = readName(row?.['baseCoin']);
    const quote = readName(row?.['quoteCoin']);
    if (row === null || !isSymbol(symbol) || base === null || quote === null) continue;
    const minutes = readNumber(row['fundingInterval']);
    listings.set(symbol, {
      base,
      quote,
      settle: readName(row['settleCoin']) ?? quote,
      intervalH: inHours(minutes === null ? null : minutes / 60),
      assetClass: row['isPreListing'] === true ? 'pre-market' : underlyingOf(row),
      listedAt: readDate(row['launchTime']),
      delistedAt: readDate(row['deliveryTime']),
      interestPer8h: interestOf(underlyingOf(row)),
      cap: readCap(row['upperFundingRate'], 1),
      floor: readCap(row['lowerFundingRate'], -1),
      live:
        (readText(row['contractType']) ?? 'LinearPerpetual') === 'LinearPerpetual' && (readText(row['status']) ?? 'Trading') === 'Trading',
      rules: readRules(row, base),
    });
  }
  return { listings, cursor: readText(result['nextPageCursor']) };
}

function readRules(row: Row, base: string): InstrumentRules {
  const lot = asRow(row['lotSizeFilter']);
  const mostAtMarket = readAmount(lot?.['maxMktOrderQty']);
  return {
    lotStep: readAmount(lot?.['qtyStep']),
    minQuantity: readAmount(lot?.['minOrderQty']),
    maxQuantity: mostAtMarket ?? readAmount(lot?.['maxOrderQty']),
    tickSize: readAmount(asRow(row['priceFilter'])?.['tickSize']),
    minNotional: readAmount(lot?.['minNotionalValue']),
    maxNotional: null,
    contractSize: '1',
    maxLeverage: readAmount(asRow(row['leverageFilter'])?.['maxLeverage']),
    maintenance: null,
    liquidationFee: null,
    notes: [...unitNotes(base), ...marketOrderNotes(mostAtMarket, base)],
  };
}

/** Body of GET /v5/market/orderbook. */
export function parseOrderBook(text: string, symbol: string, now: number): OrderBook {
  const { result } = parseBody(text);
  if (result['s'] !== symbol) throw malformed(NAME, `asked for the book of ${symbol}, told of ${labelOf(result['s'])}`);
  const bids = readLevels(NAME, `bids of ${symbol}`, result['b'], pairLevel);
  const asks = readLevels(NAME, `asks of ${symbol}`, result['a'], pairLevel);
  return orderBook(NAME, symbol, { bids, asks }, readTime(result['cts']) ?? readTime(result['ts']), now);
}

/** Body of GET /v5/market/funding/history, newest first. */
export function parseFundingHistory(text: string, symbol: string, now: number): SettledAnswer {
  return readSettled(NAME, symbol, listOf(NAME, parseBody(text).result['list'], 'list of settlements'), now, (row) => ({
    symbol: row['symbol'],
    stamp: row['fundingRateTimestamp'],
    rate: readNumber(row['fundingRate']),
    intervalH: null,
    mark: null,
    premium: null,
  }));
}

/** Body of GET /v5/market/mark-price-kline or index-price-kline: [start time, open, high, low, close], newest first. */
export function parseKlines(text: string, symbol: string, window: HourWindow): Candles {
  const list = listOf(NAME, parseBody(text).result['list'], 'list of klines');
  return readCandles(NAME, symbol, list.toReversed(), window, (candle) => {
    const fields = listOf(NAME, candle, 'a kline');
    const [first, high, low, price] = [readNumber(fields[1]), readNumber(fields[2]), readNumber(fields[3]), readNumber(fields[4])];
    return { open: readTime(fields[0]), price, others: [first, high, low] };
  });
}

/** The result of an answer with status 200; a retCode other than 0 is a failure all the same. */
function parseBody(text: string): { result: Row; time: number | null } {
  const body = asRow(parseJson(NAME, text));
  const code = readNumber(body?.['retCode']);
  if (body === null || code === null) throw malformed(NAME, 'an answer without a retCode');
  if (code !== 0) throw failureOf(code, `${NAME}: ${code} ${saidIn(body['retMsg'])}`);
  const result = asRow(body['result']);
  if (result === null) throw malformed(NAME, 'an answer without a result');
  return { result, time: asAnswerTime(readTime(body['time'])) };
}

const FAILURES: Readonly<Record<number, { kind: VenueFailure; user: string; waitMs: number | null }>> = {
  10000: { kind: 'server', user: 'has a fault of its own. Perpscope will ask again.', waitMs: null },
  10006: { kind: 'rate-limited', user: 'asks for a pause. Perpscope waits and goes on by itself.', waitMs: null },
  10009: { kind: 'banned', user: 'has blocked this address for a while. Perpscope waits before it asks again.', waitMs: 30 * MINUTE_MS },
  10010: { kind: 'blocked', user: 'does not serve this address. A proxy can be set in the settings.', waitMs: null },
  10016: { kind: 'server', user: 'has a fault of its own. Perpscope will ask again.', waitMs: null },
  // The limit per address; the venue's own advice is to stop for ten minutes.
  10018: { kind: 'rate-limited', user: 'asks for a pause. Perpscope waits and goes on by itself.', waitMs: 10 * MINUTE_MS },
  10024: { kind: 'blocked', user: 'does not serve this region.', waitMs: null },
};

function failureOf(code: number, said: string): VenueError {
  const known = FAILURES[code];
  return known === undefined ? malformed(NAME, said) : new VenueError(known.kind, `${NAME} ${known.user}`, said, known.waitMs);
}

async function readInstruments(io: VenueIo): Promise<ReadonlyMap<string, BybitListing>> {
  const all = new Map<string, BybitListing>();
  const asked = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null;) {
    if (asked.has(cursor)) throw malformed(NAME, 'instruments-info gives the same page again');
    if (asked.size >= MAX_PAGES) throw malformed(NAME, `instruments-info does not end after ${MAX_PAGES} pages`);
    asked.add(cursor);
    const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: InstrumentsPage = parseInstruments(
      await io.request({ path: `/v5/market/instruments-info?category=linear&limit=1000${more}`, cost: { ip: 1 } }),
    );
    for (const [symbol, listing] of page.listings) all.set(symbol, listing);
    cursor = page.cursor;
  }
  if (all.size === 0) throw empty(NAME, 'instruments-info lists no symbol');
  return all;
}

export function createBybit(): Venue {
  const listings = keptList('instruments-info', 5 * MINUTE_MS, readInstruments);
  const watch = createListWatch(listings);
  const history = async (io: VenueIo, symbol: string, start: number, end: number) =>
    parseFundingHistory(
      await io.request({
        path: `/v5/market/funding/history?category=linear&symbol=${encodeURIComponent(symbol)}&startTime=${start}&endTime=${end}&limit=${HISTORY_LIMIT}`,
        cost: { ip: 1 },
      }),
      symbol,
      io.now,
    );
  const candles = async (io: VenueIo, symbol: string, kind: string, window: HourWindow) =>
    parseKlines(
      await io.request({
        path: `/v5/market/${kind}?category=linear&symbol=${encodeURIComponent(symbol)}&interval=60&start=${window.firstOpen}&end=${window.lastOpen}&limit=${CANDLE_LIMIT}`,
        cost: { ip: 1 },
      }),
      symbol,
      window,
    );
  const riskLimits = async (io: VenueIo, symbol: string): Promise<RiskLimits> => {
    const path = `/v5/market/risk-limit?category=linear&symbol=${encodeURIComponent(symbol)}`;
    return parseRiskLimits(NAME, symbol, parseBody(await io.request({ path, cost: { ip: 1 } })).result['list']);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://api.bybit.com',
    host: BYBIT,
    hue: 30,
    onByDefault: true,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const text = await io.request({ path: '/v5/market/tickers?category=linear', cost: { ip: 1 } });
      const notes: string[] = [];
      const known = await watch.refresh(io, notes, 5 * MINUTE_MS);
      const poll = parseTickers(text, known, io.now, notes, watch.lacks);
      watch.polled(poll);
      return poll;
    },
    oldest: (io, symbol) =>
      findOldest({
        venue: NAME,
        limit: HISTORY_LIMIT,
        start: listings.value?.get(symbol)?.listedAt ?? OPENED_AT,
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
        ask: (start, end) => history(io, symbol, Math.max(start, OPENED_AT), end),
      }),
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: OPENED_AT,
        to,
        hoursPerPage: CANDLE_LIMIT,
        now: () => io.now,
        ask: async (window) => ({
          mark: await candles(io, symbol, 'mark-price-kline', window),
          index: await candles(io, symbol, 'index-price-kline', window),
        }),
      }),
    async rules(io, symbol) {
      const rules = (await listings.required(io, HOUR_MS)).get(symbol)?.rules;
      if (rules === undefined) throw unlisted(NAME, symbol);
      const limits = await riskLimits(io, symbol);
      return { ...rules, ...limits, notes: [...rules.notes, ...limits.notes] };
    },
    async book(io, symbol) {
      const path = `/v5/market/orderbook?category=linear&symbol=${encodeURIComponent(symbol)}&limit=${BOOK_LIMIT}`;
      return parseOrderBook(await io.request({ path, cost: BOOK_COST }), symbol, io.now);
    },
    bookCost: BOOK_COST,
  };
}
