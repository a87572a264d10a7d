import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, listOf, readNumber, readTime } from '../common/read.ts';
import { NAME, parseData } from './body.ts';

/** Pages end before a time and have no start: what is older than was asked for is no answer to it. */
const since = (list: readonly unknown[], start: number, timeOf: (item: unknown) => number | null): readonly unknown[] =>
  list.filter((item) => {
    const time = timeOf(item);
    return time === null || time >= start;
  });

/** Body of GET /api/v5/public/funding-rate-history, newest first. `realizedRate` was charged; `fundingRate` was only predicted. */
export function parseFundingHistory(text: string, symbol: string, start: number, now: number): SettledAnswer {
  const list = since(parseData(text, 'list of settlements'), start, (item) => readTime(asRow(item)?.['fundingTime']));
  return readSettled(NAME, symbol, list, now, (row) => ({
    symbol: row['instId'],
    stamp: row['fundingTime'],
    rate: readNumber(row['realizedRate']),
    intervalH: null,
    mark: null,
    premium: null,
  }));
}

/**
 * Body of GET /api/v5/market/history-mark-price-candles or history-index-candles: [open time, open, high, low, close, "1" once it is
 * closed], newest first.
 */
export function parseCandles(text: string, symbol: string, window: HourWindow): Candles {
  const timeOf = (item: unknown): number | null => (Array.isArray(item) ? readTime(item[0]) : null);
  const list = since(parseData(text, 'list of candles'), window.firstOpen, timeOf);
  return readCandles(NAME, symbol, list.toReversed(), window, (candle) => {
    const fields = listOf(NAME, candle, 'a candle');
    const [first, high, low, price] = [readNumber(fields[1]), readNumber(fields[2]), readNumber(fields[3]), readNumber(fields[4])];
    // A candle that is not closed yet has no close.
    return { open: readTime(fields[0]), price: fields[5] === '0' ? null : price, others: [first, high, low] };
  });
}
