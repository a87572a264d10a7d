import type { NumberedPages } from '../common/numbered-pages.ts';
import { type Candles, type HourWindow, readCandles, readSettled } from '../common/paging.ts';
import { asRow, listOf, malformed, readNumber } from '../common/read.ts';
import { NAME, parseData } from './body.ts';

/** The documented most of a page. */
export const PAGE_ROWS = 1_000;

/**
 * Body of GET /api/v1/contract/funding_rate/history, newest first. Of a page beyond the last it tells the last one again, or nothing:
 * what is not the page that was asked for is empty.
 */
export function parseHistoryPage(text: string, page: number): readonly unknown[] {
  const data = asRow(parseData(text));
  const list = listOf(NAME, data?.['resultList'], 'list of settlements');
  const [told, last] = [readNumber(data?.['currentPage']), readNumber(data?.['totalPage'])];
  return (told !== null && told !== page) || (last !== null && page > last) ? [] : list;
}

/** Settlements by numbered pages; `ask` gives the rows of one. It takes no times. */
export const historyOf = (symbol: string, ask: NumberedPages['ask'], now: () => number): NumberedPages => ({
  venue: NAME,
  symbol,
  pageRows: PAGE_ROWS,
  now,
  ask,
  timeOf: (item) => asRow(item)?.['settleTime'],
  read: (rows) =>
    readSettled(NAME, symbol, rows, now(), (row) => ({
      symbol: row['symbol'],
      stamp: row['settleTime'],
      rate: readNumber(row['fundingRate']),
      intervalH: null,
      mark: null,
      premium: null,
    })),
});

const FIELDS = ['time', 'open', 'high', 'low', 'close'] as const;

/** Body of GET /api/v1/contract/kline/{fair_price|index_price}/{symbol}: a list for each field, oldest first; times in seconds. */
export function parseKlines(text: string, symbol: string, window: HourWindow): Candles {
  const data = asRow(parseData(text));
  const columns = FIELDS.map((field) => listOf(NAME, data?.[field], `klines' ${field}`));
  const [times = [], ...prices] = columns;
  if (prices.some((column) => column.length !== times.length)) throw malformed(NAME, `${symbol}: klines whose lists differ in length`);
  const rows = times.map((time, i) => [readNumber(time), ...prices.map((column) => readNumber(column[i]))] as const);
  const asked = rows.filter(([time]) => time === null || isIn(time, window));
  return readCandles(NAME, symbol, asked, window, (row) => {
    const [time, first, high, low, price] = row as (number | null)[];
    return {
      open: (time ?? null) === null ? null : Number(time) * 1_000,
      price: price ?? null,
      others: [first ?? null, high ?? null, low ?? null],
    };
  });
}

const isIn = (seconds: number, { firstOpen, lastOpen }: HourWindow): boolean => seconds * 1_000 >= firstOpen && seconds * 1_000 <= lastOpen;
