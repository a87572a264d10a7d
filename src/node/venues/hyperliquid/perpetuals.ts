import type { MarketPoll, Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { HYPERLIQUID } from './host.ts';
import { SERVICE } from './service.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { buildMarket, type MarketBuilder, perpetual } from '../common/market.ts';
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
import { coarserFigures, joinBooks, parseL2Book } from './book.ts';
import { parseMeta } from './rules.ts';
import { asRow, empty, isSymbol, keptList, listOf, malformed, parseJson, readNumber, readTime, type Row } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';

const ID = 'hyperliquid';
const NAME = 'Hyperliquid';
/** Before the first settlement that the venue serves (May 2023). */
const OPENED_AT = Date.UTC(2023, 0, 1);
const HISTORY_LIMIT = 500;
/** Only the newest candles are served. */
const CANDLES_KEPT = 5000;
const CANDLES_PER_PAGE = 1000;
/** The venue's own rules: funding is paid every hour on the hour, and its interest is fixed at 0.01 % per 8 hours. */
const INTERVAL_H = 1;
const INTEREST_PER_8H = 0.0001;
/** An order book costs 2, and mostly takes a second question. */
const BOOK_WEIGHT = 2;

/** Body of POST /info {type: metaAndAssetCtxs}: [meta, contexts], joined by position. Rates are per hour. */
export function parseMetaAndAssetCtxs(text: string, now: number): MarketPoll {
  const [meta, contexts] = listOf(NAME, parseJson(NAME, text), 'metaAndAssetCtxs');
  const universe = listOf(NAME, asRow(meta)?.['universe'], 'universe');
  const values = listOf(NAME, contexts, 'asset contexts');
  if (universe.length !== values.length) throw malformed(NAME, `${universe.length} assets but ${values.length} contexts`);
  if (universe.length === 0) throw empty(NAME, 'metaAndAssetCtxs has no asset');
  const market = buildMarket(NAME, now, null);
  for (const [position, item] of universe.entries()) {
    const asset = asRow(item);
    const name = asset?.['name'];
    const context = asRow(values[position]);
    if (asset === null || !isSymbol(name)) market.refuse(name, 'an asset without a name');
    else if (asset['isDelisted'] === true) market.close(name);
    else if (context === null) market.refuse(name, 'no context');
    else addAsset(market, name, context, now);
  }
  return market.build([]);
}

function addAsset(market: MarketBuilder, name: string, context: Row, now: number): void {
  const rate = readNumber(context['funding']);
  if (rate === null) {
    market.refuse(name, 'no rate');
    return;
  }
  const snapshot = {
    symbol: name,
    rate,
    intervalH: INTERVAL_H,
    nextFundingAt: (Math.floor(now / HOUR_MS) + 1) * HOUR_MS,
    mark: readNumber(context['markPx']),
    index: readNumber(context['oraclePx']),
    openInterest: readNumber(context['openInterest']),
    volume24h: readNumber(context['dayNtlVlm']),
    premium: readNumber(context['premium']),
    interestPer8h: INTEREST_PER_8H,
  };
  // All of this dex are on coins; what others trade (shares, metals) stands on dexes of builders.
  const identity = { venue: ID, symbol: name, base: name, kPrefix: true, quote: 'USD', settle: 'USDC', assetClass: 'crypto' } as const;
  market.add(perpetual(identity), snapshot, now);
}

/** Body of POST /info {type: fundingHistory}, oldest first; the premium is the mean of the hour that the rate was made of. */
export function parseFundingHistory(text: string, coin: string, now: number): SettledAnswer {
  return readSettled(NAME, coin, listOf(NAME, parseJson(NAME, text), 'fundingHistory'), now, (row) => ({
    symbol: row['coin'],
    stamp: row['time'],
    rate: readNumber(row['fundingRate']),
    intervalH: INTERVAL_H,
    mark: null,
    premium: readNumber(row['premium']) ?? undefined,
  }));
}

/** Body of POST /info {type: candleSnapshot}: {t: open time, c: close} of the last trades, oldest first. */
export function parseCandles(text: string, coin: string, window: HourWindow): Candles {
  return readCandles(NAME, coin, listOf(NAME, parseJson(NAME, text), 'candleSnapshot'), window, (candle) => {
    const row = asRow(candle);
    const others = [readNumber(row?.['o']), readNumber(row?.['h']), readNumber(row?.['l'])] as const;
    return { open: readTime(row?.['t']), price: readNumber(row?.['c']), others };
  });
}

export function createHyperliquid(): Venue {
  // 20, and 1 for every 20 settlements or 60 candles that come back.
  const info = (io: VenueIo, body: Row, extra = 0) =>
    io.request({ method: 'POST', path: '/info', body, cost: { weight: 20 + Math.ceil(extra) } });
  const meta = keptList('meta', 5 * MINUTE_MS, async (io) => parseMeta(NAME, await info(io, { type: 'metaAndAssetCtxs' })));
  const book = async (io: VenueIo, body: Row, coin: string) =>
    parseL2Book(
      NAME,
      await io.request({ method: 'POST', path: '/info', body: { type: 'l2Book', coin, ...body }, cost: { weight: BOOK_WEIGHT } }),
      coin,
      io.now,
    );
  const history = async (io: VenueIo, coin: string, startTime: number, endTime: number) => {
    const rows = Math.min(HISTORY_LIMIT, (endTime - startTime) / HOUR_MS + 1);
    return parseFundingHistory(await info(io, { type: 'fundingHistory', coin, startTime, endTime }, rows / 20), coin, io.now);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://api.hyperliquid.xyz',
    host: HYPERLIQUID,
    hue: 175,
    onByDefault: true,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    kPrefix: true,
    async poll(io) {
      return parseMetaAndAssetCtxs(await info(io, { type: 'metaAndAssetCtxs' }), io.now);
    },
    async oldest(io, symbol) {
      return oldestIn(NAME, symbol, await history(io, symbol, OPENED_AT, io.now));
    },
    settled: (io, symbol, from, to) =>
      walkForward({
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
        servedFrom: io.now - CANDLES_KEPT * HOUR_MS,
        to,
        hoursPerPage: CANDLES_PER_PAGE,
        now: () => io.now,
        ask: async (window) => {
          const req = { coin: symbol, interval: '1h', startTime: window.firstOpen, endTime: window.lastOpen };
          const text = await info(io, { type: 'candleSnapshot', req }, CANDLES_PER_PAGE / 60);
          return { last: parseCandles(text, symbol, window) };
        },
      }),
    async rules(io, symbol) {
      const rules = (await meta.required(io, HOUR_MS)).get(symbol);
      if (rules === undefined) throw unlisted(NAME, symbol);
      return rules;
    },
    async book(io, symbol) {
      const fine = await book(io, {}, symbol);
      const figures = coarserFigures(fine);
      return figures === null ? fine : joinBooks(fine, await book(io, { nSigFigs: figures }, symbol), figures);
    },
    bookCost: { weight: 2 * BOOK_WEIGHT },
  };
}
