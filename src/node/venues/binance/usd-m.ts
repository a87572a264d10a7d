import type { InstrumentRules, MarketPoll, OpenInterest, OrderBook, Venue, VenueIo } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { isInterval } from '#domain/interval.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { BINANCE } from './host.ts';
import { SERVICE } from './service.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { createListWatch } from '../common/listed.ts';
import {
  answerTime,
  asAnswerTime,
  buildMarket,
  isWithoutFunding,
  type MarketBuilder,
  perpetual,
  readCap,
  readDate,
  statedInterest,
  statedLimits,
  stillInForce,
} from '../common/market.ts';
import { orderBook, pairLevel, readLevels } from '../common/order-book.ts';
import {
  type Candles,
  type HourWindow,
  oldestIn,
  readCandles,
  readSettled,
  type SettledAnswer,
  walkForward,
  walkPrices,
} from '../common/paging.ts';
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
import { marketOrderNotes, unitNotes, unlisted } from '../common/rules.ts';

const ID = 'binance';
const NAME = 'Binance USD-M';
/** USD-M opened in September 2019. A start of 0 could be read as "none given", which means the newest rows. */
const OPENED_AT = Date.UTC(2019, 8, 1);
/** Quotes of USD-M perpetuals, for when exchangeInfo does not say. */
const QUOTES = ['USDT', 'USDC', 'FDUSD', 'BUSD', 'BTC'];
/** All instruments with their rules: some 2 MB. */
const EXCHANGE_INFO_BYTES = 12 * 1024 * 1024;
const HISTORY_LIMIT = 1000;
const CANDLE_LIMIT = 1000;
/** What the venue documents for a symbol that fundingInfo does not list; used only when fundingInfo has been read. */
const DEFAULT_INTERVAL_H = 8;
/** Levels per side, and what they cost. */
const BOOK_LIMIT = 500;
const BOOK_COST = { weight: 10 };
/** Of small positions in liquid contracts. The brackets need an API key. */
const ASSUMED_MAINTENANCE = '0.005';

/** `underlyingType` of exchangeInfo, as the venue's bodies have it. */
const CLASSES: Readonly<Record<string, AssetClass>> = {
  COIN: 'crypto',
  INDEX: 'index',
  EQUITY: 'equity',
  KR_EQUITY: 'equity',
  HK_EQUITY: 'equity',
  COMMODITY: 'commodity',
  PREMARKET: 'pre-market',
};

export interface BinanceListing extends Pick<Instrument, 'quote' | 'settle' | 'assetClass' | 'listedAt' | 'delistedAt'> {
  readonly base: string;
  readonly pair: string;
  /** A perpetual that trades: nothing else has a running rate. */
  readonly live: boolean;
  /** Null where only the name is known. */
  readonly rules: InstrumentRules | null;
}

export interface BinanceKnown {
  /** By symbol; null when exchangeInfo was never read. */
  readonly listings: ReadonlyMap<string, BinanceListing> | null;
  /** By symbol where adjusted; null when fundingInfo was never read. */
  readonly adjusted: ReadonlyMap<string, BinanceFunding> | null;
  /** fundingInfo could not be read lately. */
  readonly adjustedIsOld?: boolean;
  /** Whether a symbol that the listings do not hold is gone; absent: they do not say. */
  lacks?(symbol: string): boolean;
}

export interface BinanceFunding {
  /** Null: unreadable. */
  readonly intervalH: number | null;
  /** Per paid interval; undefined: unreadable. */
  readonly cap: number | undefined;
  readonly floor: number | undefined;
}

/** Body of GET /fapi/v1/premiumIndex: every symbol's running rate (per interval) and prices. */
export function parsePremiumIndex(text: string, known: BinanceKnown, now: number, notes: readonly string[] = []): MarketPoll {
  const body = parseBody(text, now);
  const rows = listOf(NAME, asRow(body) === null ? body : [body], 'premiumIndex');
  if (rows.length === 0) throw empty(NAME, 'premiumIndex is an empty list');
  const venueTime = answerTime(rows.map((row) => asAnswerTime(readTime(asRow(row)?.['time']))).filter((time) => time !== null));
  const market = buildMarket(NAME, now, venueTime);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row === null || !isSymbol(symbol)) market.refuse(symbol, 'a row without a symbol');
    else if (!isDated(symbol)) addListed(market, symbol, row, known, venueTime ?? now);
  }
  return market.build(notes);
}

/** Dated futures are called BTCUSDT_261225. */
const isDated = (symbol: string): boolean => /_\d{6}$/u.test(symbol);

/** Symbols that exchangeInfo no longer lists (EOSUSDT) stand in premiumIndex for months, frozen. */
function addListed(market: MarketBuilder, symbol: string, row: Row, known: BinanceKnown, venueTime: number): void {
  const listing = known.listings?.get(symbol);
  if (listing?.live === false) market.close(symbol);
  else if (listing === undefined && known.listings !== null && known.lacks?.(symbol) === true) market.leaveOut(symbol);
  else if (listing !== undefined || !isWithoutFunding(row['lastFundingRate'], row['nextFundingTime']))
    addRow(market, symbol, row, known, venueTime);
}

function addRow(market: MarketBuilder, symbol: string, row: Row, known: BinanceKnown, venueTime: number): void {
  const listing = known.listings?.get(symbol) ?? listingOf(symbol);
  const rate = readNumber(row['lastFundingRate']);
  if (listing === null) {
    market.refuse(symbol, 'its coins are not known: exchangeInfo does not list it');
    return;
  }
  if (rate === null) {
    market.refuse(symbol, 'no rate');
    return;
  }
  const at = readTime(row['time']) ?? venueTime;
  const nextFundingAt = readTime(row['nextFundingTime']);
  const adjusted = known.adjusted?.get(symbol);
  const stated = adjusted !== undefined ? adjusted.intervalH : known.adjusted === null ? null : DEFAULT_INTERVAL_H;
  const intervalH = stillInForce(stated, nextFundingAt, at);
  const snapshot = {
    symbol,
    rate,
    intervalH,
    ...((adjusted === undefined || known.adjustedIsOld === true) && { intervalIsGuess: true as const }),
    nextFundingAt,
    mark: readNumber(row['markPrice']),
    index: readNumber(row['indexPrice']),
    openInterest: null,
    volume24h: null,
    // Per 8 h whatever the symbol's interval: one of 4 h says 0.0001 and rests at 0.00005.
    ...statedInterest(readNumber(row['interestRate'])),
    // Not in the list: it states none. No list: nothing is known.
    ...(adjusted !== undefined ? statedLimits(adjusted.cap, adjusted.floor) : known.adjusted !== null && { cap: null, floor: null }),
  };
  const { base, quote, settle, assetClass, listedAt, delistedAt } = listing;
  market.add(perpetual({ venue: ID, symbol, base, quote, settle, assetClass, listedAt, delistedAt }), snapshot, at);
}

function listingOf(symbol: string): BinanceListing | null {
  const pair = splitPair(symbol, QUOTES);
  const unsaid = { assetClass: null, listedAt: null, delistedAt: null, rules: null };
  return pair === null ? null : { ...pair, ...unsaid, settle: pair.quote, pair: symbol, live: true };
}

/** Body of GET /fapi/v1/exchangeInfo: the coins of every symbol, whether it is a perpetual that trades, its rules. */
export function parseExchangeInfo(text: string, now: number): ReadonlyMap<string, BinanceListing> {
  const listings = new Map<string, BinanceListing>();
  for (const item of listOf(NAME, asRow(parseBody(text, now))?.['symbols'], 'symbols of exchangeInfo')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const base = readName(row?.['baseAsset']);
    const quote = readName(row?.['quoteAsset']);
    if (row === null || !isSymbol(symbol) || base === null || quote === null) continue;
    // PERPETUAL, and TRADIFI_PERPETUAL for stocks and metals; an older body without the fields is taken at its word.
    const isPerpetual = (readText(row['contractType']) ?? 'PERPETUAL').endsWith('PERPETUAL');
    const trading = (readText(row['status']) ?? 'TRADING') === 'TRADING';
    listings.set(symbol, {
      base,
      quote,
      settle: readName(row['marginAsset']) ?? quote,
      pair: readName(row['pair']) ?? symbol,
      live: isPerpetual && trading,
      assetClass: CLASSES[readText(row['underlyingType']) ?? ''] ?? null,
      listedAt: readDate(row['onboardDate']),
      // Perpetuals that are to stay are delivered in the year 2100.
      delistedAt: readDate(row['deliveryDate']),
      rules: readRules(row, base),
    });
  }
  if (listings.size === 0) throw empty(NAME, 'exchangeInfo lists no symbol');
  return listings;
}

function readRules(row: Row, base: string): InstrumentRules {
  const filters = Array.isArray(row['filters']) ? row['filters'].map(asRow) : [];
  const of = (type: string, field: string): string | null => readAmount(filters.find((one) => one?.['filterType'] === type)?.[field]);
  const [lotStep, minQuantity] = [of('LOT_SIZE', 'stepSize'), of('LOT_SIZE', 'minQty')];
  const market = { step: of('MARKET_LOT_SIZE', 'stepSize'), least: of('MARKET_LOT_SIZE', 'minQty'), most: of('MARKET_LOT_SIZE', 'maxQty') };
  const marketSteps =
    (market.step ?? lotStep) === lotStep && (market.least ?? minQuantity) === minQuantity
      ? []
      : [`Market orders go in steps of ${market.step ?? 'unknown size'}, at least ${market.least ?? 'unknown'}.`];
  return {
    lotStep,
    minQuantity,
    maxQuantity: market.most ?? of('LOT_SIZE', 'maxQty'),
    tickSize: of('PRICE_FILTER', 'tickSize'),
    minNotional: of('MIN_NOTIONAL', 'notional'),
    maxNotional: null,
    contractSize: '1',
    maxLeverage: null,
    // maintMarginPercent and requiredMarginPercent are 2.5 and 5 for every symbol, and documented with "ignore".
    maintenance: { kind: 'flat', rate: ASSUMED_MAINTENANCE },
    liquidationFee: readAmount(row['liquidationFee']),
    notes: [
      ...unitNotes(base),
      'Binance shows its maintenance brackets and the most leverage only with an API key: 0.5 % maintenance is an assumption, right for small positions in liquid contracts; large positions and small coins need more. Enter the rate of your bracket.',
      ...marketSteps,
      ...marketOrderNotes(market.most, base),
    ],
  };
}

/** Body of GET /fapi/v1/depth. */
export function parseDepth(text: string, symbol: string, now: number): OrderBook {
  const body = asRow(parseBody(text, now));
  const bids = readLevels(NAME, `bids of ${symbol}`, body?.['bids'], pairLevel);
  const asks = readLevels(NAME, `asks of ${symbol}`, body?.['asks'], pairLevel);
  // E: when it was sent. T stands still without trades, though the book is of now.
  return orderBook(NAME, symbol, { bids, asks }, readTime(body?.['E']) ?? readTime(body?.['T']), now);
}

/** Body of GET /fapi/v1/openInterest: {openInterest, symbol, time}, in base coins. */
export function parseOpenInterest(text: string, symbol: string, now: number): OpenInterest {
  const body = asRow(parseBody(text, now));
  const amount = readNumber(body?.['openInterest']);
  const at = readTime(body?.['time']);
  if (body?.['symbol'] !== symbol) throw malformed(NAME, `openInterest of ${symbol} is about ${labelOf(body?.['symbol'])}`);
  if (amount === null || amount < 0) throw malformed(NAME, `openInterest of ${symbol} is ${labelOf(body['openInterest'])}`);
  if (at !== null && at > now + 5 * MINUTE_MS) throw malformed(NAME, `openInterest of ${symbol} is of ${at}, which is in the future`);
  return { amount, counted: 'base', at };
}

/** Body of GET /fapi/v1/fundingInfo: interval, cap and floor of those symbols whose funding was ever adjusted. */
export function parseFundingInfo(text: string, now: number): ReadonlyMap<string, BinanceFunding> {
  const adjusted = new Map<string, BinanceFunding>();
  for (const item of listOf(NAME, parseBody(text, now), 'fundingInfo')) {
    const row = asRow(item);
    const hours = readNumber(row?.['fundingIntervalHours']);
    if (row === null || !isSymbol(row['symbol'])) continue;
    adjusted.set(row['symbol'], {
      intervalH: hours !== null && isInterval(hours) ? hours : null,
      cap: readCap(row['adjustedFundingRateCap'], 1),
      floor: readCap(row['adjustedFundingRateFloor'], -1),
    });
  }
  if (![...adjusted.values()].some(({ intervalH }) => intervalH !== null)) throw empty(NAME, 'fundingInfo states no interval');
  return adjusted;
}

/** Recorded settlements have their mark from here on without exception; rows of some year before have none. */
const MARKED_FROM = Date.UTC(2025, 7, 21);
const isMarked = (stamp: unknown): boolean => (readTime(stamp) ?? 0) >= MARKED_FROM;

/** Body of GET /fapi/v1/fundingRate, oldest first; older bodies have no markPrice or an empty one. */
export function parseFundingRate(text: string, symbol: string, now: number): SettledAnswer {
  return readSettled(NAME, symbol, listOf(NAME, parseBody(text, now), 'fundingRate'), now, (row) => ({
    symbol: row['symbol'],
    stamp: row['fundingTime'],
    rate: readNumber(row['fundingRate']),
    intervalH: null,
    mark: readNumber(row['markPrice']) ?? (isMarked(row['fundingTime']) ? undefined : null),
    premium: null,
  }));
}

/** Body of GET /fapi/v1/markPriceKlines or indexPriceKlines: [open time, open, high, low, close, ...], oldest first. */
export function parseKlines(text: string, symbol: string, window: HourWindow, now: number): Candles {
  return readCandles(NAME, symbol, listOf(NAME, parseBody(text, now), 'klines'), window, (candle) => {
    const fields = listOf(NAME, candle, 'a kline');
    const [first, high, low, price] = [readNumber(fields[1]), readNumber(fields[2]), readNumber(fields[3]), readNumber(fields[4])];
    return { open: readTime(fields[0]), price, others: [first, high, low] };
  });
}

/** JSON of an answer with status 200; {code, msg} is a failure all the same. */
function parseBody(text: string, now: number): unknown {
  const body = parseJson(NAME, text);
  const code = readNumber(asRow(body)?.['code']);
  if (code === null || code >= 0) return body;
  const said = `${NAME}: ${code} ${saidIn(asRow(body)?.['msg'])}`;
  const bannedUntil = /banned until (\d{13})/u.exec(said)?.[1];
  if (bannedUntil !== undefined) {
    const waitMs = Math.max(0, Number(bannedUntil) - now);
    throw new VenueError('banned', `${NAME} has blocked this address for a while. Perpscope waits until it may ask again.`, said, waitMs);
  }
  if (code === -1003) throw new VenueError('rate-limited', `${NAME} asks for a pause. Perpscope waits and goes on by itself.`, said);
  if (code > -1100) throw new VenueError('server', `${NAME} has a fault of its own. Perpscope will ask again.`, said);
  throw malformed(NAME, said);
}

export function createBinance(): Venue {
  const listings = keptList('exchangeInfo', 5 * MINUTE_MS, async (io) =>
    parseExchangeInfo(await io.request({ path: '/fapi/v1/exchangeInfo', cost: { weight: 1 }, maxBytes: EXCHANGE_INFO_BYTES }), io.now),
  );
  const watch = createListWatch(listings);
  const adjusted = keptList('fundingInfo', 5 * MINUTE_MS, async (io) =>
    parseFundingInfo(await io.request({ path: '/fapi/v1/fundingInfo', cost: { funding: 1 } }), io.now),
  );
  const history = async (io: VenueIo, symbol: string, range: string) =>
    parseFundingRate(
      await io.request({ path: `/fapi/v1/fundingRate?symbol=${encodeURIComponent(symbol)}&${range}`, cost: { funding: 1 } }),
      symbol,
      io.now,
    );
  const candles = async (io: VenueIo, symbol: string, path: string, window: HourWindow) =>
    parseKlines(
      await io.request({
        path: `${path}&interval=1h&startTime=${window.firstOpen}&endTime=${window.lastOpen}&limit=${CANDLE_LIMIT}`,
        cost: { weight: 5 },
      }),
      symbol,
      window,
      io.now,
    );
  return {
    id: ID,
    name: NAME,
    url: 'https://fapi.binance.com',
    host: BINANCE,
    hue: 90,
    onByDefault: true,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const text = await io.request({ path: '/fapi/v1/premiumIndex', cost: { weight: 10 } });
      const notes: string[] = [];
      const known = {
        listings: await watch.refresh(io, notes),
        adjusted: await adjusted.refresh(io, 5 * MINUTE_MS, notes),
        adjustedIsOld: !adjusted.isCurrent,
        lacks: watch.lacks,
      };
      const poll = parsePremiumIndex(text, known, io.now, notes);
      watch.polled(poll);
      return poll;
    },
    async oldest(io, symbol) {
      return oldestIn(NAME, symbol, await history(io, symbol, `startTime=${OPENED_AT}&limit=1`));
    },
    settled: (io, symbol, from, to) =>
      walkForward({
        venue: NAME,
        symbol,
        from,
        to,
        limit: HISTORY_LIMIT,
        now: () => io.now,
        ask: (start, end) => history(io, symbol, `startTime=${Math.max(start, OPENED_AT)}&endTime=${end}&limit=${HISTORY_LIMIT}`),
      }),
    prices: (io, symbol, from, to) => {
      const name = encodeURIComponent(symbol);
      const pair = encodeURIComponent(listings.value?.get(symbol)?.pair ?? symbol);
      return walkPrices({
        from,
        servedFrom: OPENED_AT,
        to,
        hoursPerPage: CANDLE_LIMIT,
        now: () => io.now,
        ask: async (window) => ({
          mark: await candles(io, symbol, `/fapi/v1/markPriceKlines?symbol=${name}`, window),
          index: await candles(io, symbol, `/fapi/v1/indexPriceKlines?pair=${pair}`, window),
        }),
      });
    },
    async rules(io, symbol) {
      const rules = (await listings.required(io, HOUR_MS)).get(symbol)?.rules ?? null;
      if (rules === null) throw unlisted(NAME, symbol);
      return rules;
    },
    async book(io, symbol) {
      const path = `/fapi/v1/depth?symbol=${encodeURIComponent(symbol)}&limit=${BOOK_LIMIT}`;
      return parseDepth(await io.request({ path, cost: BOOK_COST }), symbol, io.now);
    },
    async openInterest(io, symbol) {
      const path = `/fapi/v1/openInterest?symbol=${encodeURIComponent(symbol)}`;
      return parseOpenInterest(await io.request({ path, cost: { weight: 1 } }), symbol, io.now);
    },
    bookCost: BOOK_COST,
  };
}
