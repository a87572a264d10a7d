import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { listOf, readNumber, readTime } from '../common/read.ts';
import { parseBody } from './body.ts';
import type { Market } from './market.ts';

/** Body of GET fundingRate, oldest first; older bodies have no markPrice or an empty one. */
export function parseFundingRate({ name, markedFrom }: Market, text: string, symbol: string, now: number): SettledAnswer {
  const isMarked = (stamp: unknown): boolean => markedFrom !== null && (readTime(stamp) ?? 0) >= markedFrom;
  return readSettled(name, symbol, listOf(name, parseBody(name, text, now), 'fundingRate'), now, (row) => ({
    symbol: row['symbol'],
    stamp: row['fundingTime'],
    rate: readNumber(row['fundingRate']),
    intervalH: null,
    mark: readNumber(row['markPrice']) ?? (isMarked(row['fundingTime']) ? undefined : null),
    premium: null,
  }));
}

/** Body of GET markPriceKlines or indexPriceKlines: [open time, open, high, low, close, ...], oldest first. */
export function parseKlines({ name }: Market, text: string, symbol: string, window: HourWindow, now: number): Candles {
  return readCandles(name, symbol, listOf(name, parseBody(name, text, now), 'klines'), window, (candle) => {
    const fields = listOf(name, candle, 'a kline');
    const [first, high, low, price] = [readNumber(fields[1]), readNumber(fields[2]), readNumber(fields[3]), readNumber(fields[4])];
    return { open: readTime(fields[0]), price, others: [first, high, low] };
  });
}
