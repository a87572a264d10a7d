import type { OrderBook } from '#core/venue.ts';
import { type ContractTerms } from '#domain/amounts.ts';
import { levelsInBase } from '../common/amounts.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, listOf, readIsoTime, readNumber, readTime } from '../common/read.ts';
import { NAME, parseObject } from './body.ts';

/** More than the hours of eleven years. */
const MOST_ROWS = 100_000;

/** Rows of GET /derivatives/api/v4/historicalfundingrates, oldest first: all that there are, whatever is asked for. It does not name its contract. */
export const parseHistory = (text: string): readonly unknown[] =>
  listOf(NAME, parseObject(text, 'settlements')['rates'], 'list of settlements', MOST_ROWS);

export const stampOf = (item: unknown): number | null => readIsoTime(asRow(item)?.['timestamp']);

/** `relativeFundingRate` is the share; `fundingRate` beside it is an amount of money. */
export const readHistory = (list: readonly unknown[], symbol: string, now: number): SettledAnswer =>
  readSettled(NAME, symbol, list, now, (row) => ({
    symbol: undefined,
    stamp: readIsoTime(row['timestamp']),
    rate: readNumber(row['relativeFundingRate']),
    intervalH: null,
    mark: null,
    premium: null,
  }));

/** Body of GET /api/charts/v1/{mark|spot}/{symbol}/1h, oldest first. */
export function parseCandles(text: string, symbol: string, window: HourWindow): Candles {
  const list = listOf(NAME, parseObject(text, 'candles')['candles'], 'list of candles').filter((item) => {
    const open = readTime(asRow(item)?.['time']);
    return open === null || (open >= window.firstOpen && open <= window.lastOpen);
  });
  return readCandles(NAME, symbol, list, window, (candle) => {
    const row = asRow(candle);
    const [first, high, low, price] = ['open', 'high', 'low', 'close'].map((name) => readNumber(row?.[name]));
    return { open: readTime(row?.['time']), price: price ?? null, others: [first ?? null, high ?? null, low ?? null] };
  });
}

/** Body of GET /derivatives/api/v3/orderbook: in coins, of inverse contracts in dollars. It does not name its contract. */
export function parseBook(text: string, symbol: string, terms: ContractTerms, now: number): OrderBook {
  const body = parseObject(text, `book of ${symbol}`);
  const book = asRow(body['orderBook']);
  const side = (name: 'bids' | 'asks') =>
    levelsInBase(NAME, symbol, readLevels(NAME, `${name} of ${symbol}`, book?.[name], arrayLevel), 'contracts', terms);
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, readIsoTime(body['serverTime']), now);
}
