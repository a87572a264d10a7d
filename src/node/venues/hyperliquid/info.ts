import type { OrderBook, Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS } from '#domain/time.ts';
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
import { asRow, listOf, parseJson, readNumber, readTime, type Row } from '../common/read.ts';
import { coarserFigures, joinBooks, parseL2Book } from './book.ts';

/** The exchange, whichever dex is asked. */
export const NAME = 'Hyperliquid';
/** The venue's own rule: funding is paid every hour on the hour. */
export const INTERVAL_H = 1;
/** Before the first settlement that the venue serves (May 2023). */
const OPENED_AT = Date.UTC(2023, 0, 1);
const HISTORY_LIMIT = 500;
/** Only the newest candles are served. */
const CANDLES_KEPT = 5000;
const CANDLES_PER_PAGE = 1000;
/** An order book costs 2, and mostly takes a second question. */
const BOOK_WEIGHT = 2;

/** POST /info. It costs 20, and 1 for every 20 settlements or 60 candles that come back (`extra`). */
export const askInfo = (io: VenueIo, body: Row, extra = 0): Promise<string> =>
  io.request({ method: 'POST', path: '/info', body, cost: { weight: 20 + Math.ceil(extra) } });

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

async function history(io: VenueIo, coin: string, startTime: number, endTime: number): Promise<SettledAnswer> {
  const rows = Math.min(HISTORY_LIMIT, (endTime - startTime) / HOUR_MS + 1);
  return parseFundingHistory(await askInfo(io, { type: 'fundingHistory', coin, startTime, endTime }, rows / 20), coin, io.now);
}

const l2Book = async (io: VenueIo, body: Row, coin: string): Promise<OrderBook> =>
  parseL2Book(
    NAME,
    await io.request({ method: 'POST', path: '/info', body: { type: 'l2Book', coin, ...body }, cost: { weight: BOOK_WEIGHT } }),
    coin,
    io.now,
  );

/** What is asked coin by coin, alike on every dex: a coin of a builder's dex is named with the dex before it. */
export const BY_COIN: Pick<Venue, 'oldest' | 'settled' | 'prices' | 'book' | 'bookCost'> = {
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
        const text = await askInfo(io, { type: 'candleSnapshot', req }, CANDLES_PER_PAGE / 60);
        return { last: parseCandles(text, symbol, window) };
      },
    }),
  async book(io, symbol) {
    const fine = await l2Book(io, {}, symbol);
    const figures = coarserFigures(fine);
    return figures === null ? fine : joinBooks(fine, await l2Book(io, { nSigFigs: figures }, symbol), figures);
  },
  bookCost: { weight: 2 * BOOK_WEIGHT },
};
