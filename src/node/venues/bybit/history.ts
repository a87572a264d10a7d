import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { listOf, readNumber, readTime } from '../common/read.ts';
import { parseBody } from './body.ts';
import type { Market } from './market.ts';

/** Body of GET /v5/market/funding/history, newest first. */
export function parseFundingHistory({ name }: Market, text: string, symbol: string, now: number): SettledAnswer {
  return readSettled(name, symbol, listOf(name, parseBody(name, text).result['list'], 'list of settlements'), now, (row) => ({
    symbol: row['symbol'],
    stamp: row['fundingRateTimestamp'],
    rate: readNumber(row['fundingRate']),
    intervalH: null,
    mark: null,
    premium: null,
  }));
}

/** Body of GET /v5/market/mark-price-kline or index-price-kline: [start time, open, high, low, close], newest first. */
export function parseKlines({ name }: Market, text: string, symbol: string, window: HourWindow): Candles {
  const list = listOf(name, parseBody(name, text).result['list'], 'list of klines');
  return readCandles(name, symbol, list.toReversed(), window, (candle) => {
    const fields = listOf(name, candle, 'a kline');
    const [first, high, low, price] = [readNumber(fields[1]), readNumber(fields[2]), readNumber(fields[3]), readNumber(fields[4])];
    return { open: readTime(fields[0]), price, others: [first, high, low] };
  });
}
