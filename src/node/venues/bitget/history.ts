import { HOUR_MS } from '#domain/time.ts';
import type { NumberedPages } from '../common/numbered-pages.ts';
import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, listOf, readNumber, readTime } from '../common/read.ts';
import { NAME, parseAnswer } from './body.ts';

/** The documented most of a page. */
export const PAGE_ROWS = 100;

/** Body of GET /api/v2/mix/market/history-fund-rate, newest first. */
export const parseHistoryPage = (text: string): readonly unknown[] => listOf(NAME, parseAnswer(text).data, 'list of settlements');

export const readHistory = (symbol: string, list: readonly unknown[], now: number): SettledAnswer =>
  readSettled(NAME, symbol, list, now, (row) => ({
    symbol: row['symbol'],
    stamp: row['fundingTime'],
    rate: readNumber(row['fundingRate']),
    intervalH: null,
    mark: null,
    premium: null,
  }));

/** Settlements by numbered pages; `ask` gives the rows of one. */
export const historyOf = (symbol: string, ask: NumberedPages['ask'], now: () => number): NumberedPages => ({
  venue: NAME,
  symbol,
  pageRows: PAGE_ROWS,
  now,
  ask,
  timeOf: (item) => asRow(item)?.['fundingTime'],
  read: (rows) => readHistory(symbol, rows, now()),
});

/** Hours that surely fit into a page of at most 200, with one more on either side: whether both ends count is not documented. */
export const CANDLE_HOURS = 198;

export const candleQuery = ({ firstOpen, lastOpen }: HourWindow): string =>
  `&granularity=1H&startTime=${firstOpen - HOUR_MS}&endTime=${lastOpen + HOUR_MS}&limit=200`;

/** Body of GET /api/v2/mix/market/history-mark-candles or history-index-candles: [open time, open, high, low, close, ...], oldest first. */
export function parseCandles(text: string, symbol: string, window: HourWindow): Candles {
  const isAsked = (item: unknown): boolean => {
    const open = Array.isArray(item) ? readTime(item[0]) : null;
    return open === null || (open >= window.firstOpen && open <= window.lastOpen);
  };
  const list = listOf(NAME, parseAnswer(text).data, 'list of candles').filter(isAsked);
  return readCandles(NAME, symbol, list, window, (candle) => {
    const fields = listOf(NAME, candle, 'a candle');
    const [first, high, low, price] = [readNumber(fields[1]), readNumber(fields[2]), readNumber(fields[3]), readNumber(fields[4])];
    return { open: readTime(fields[0]), price, others: [first, high, low] };
  });
}
