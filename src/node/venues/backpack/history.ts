import type { OrderBook } from '#core/venue.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { NumberedPages } from '../common/numbered-pages.ts';
import { bestFirst, orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { type Candles, type HourWindow, readCandles, readSettled } from '../common/paging.ts';
import { asRow, empty, parseJson, readNumber, readTime } from '../common/read.ts';
import { NAME, parseList, readNaiveTime } from './body.ts';

/** The documented most of a page is 10,000, clients of it hold to 1,000. */
export const PAGE_ROWS = 1_000;

const endOf = (item: unknown): number | null => readNaiveTime(asRow(item)?.['intervalEndTimestamp']);

/** Body of GET /api/v1/fundingRates, newest first. */
export const parseFundingRates = (text: string): readonly unknown[] => parseList(text, 'list of settlements');

/** So long after its end the newest row of all is a settlement although none follows it: its contract has ended. */
const ENDED_MS = HOUR_MS;

/**
 * The rows of a page that are settlements. The first row of all is the interval in progress, under the end that it will have: its rate is the
 * running one until a row of the next interval stands before it, whatever this machine's clock says.
 */
export function withoutRunning(rows: readonly unknown[], page: number, now: number): readonly unknown[] {
  const newest = page === 1 ? rows.reduce((latest: number, item) => Math.max(latest, endOf(item) ?? 0), 0) : Infinity;
  return rows.filter((item) => {
    const end = endOf(item) ?? 0;
    return end <= now && (end < newest || end <= now - ENDED_MS);
  });
}

/** Settlements by numbered pages; `ask` gives the rows of one. It takes no times. */
export const historyOf = (symbol: string, ask: NumberedPages['ask'], now: () => number): NumberedPages => ({
  venue: NAME,
  symbol,
  pageRows: PAGE_ROWS,
  now,
  ask,
  timeOf: endOf,
  read: (rows) =>
    readSettled(NAME, symbol, rows, now(), (row) => ({
      symbol: row['symbol'],
      stamp: endOf(row),
      rate: readNumber(row['fundingRate']),
      intervalH: null,
      mark: null,
      premium: null,
    })),
});

/** Body of GET /api/v1/klines, oldest first; hours beside the window are left out. */
export function parseKlines(text: string, symbol: string, window: HourWindow): Candles {
  const list = parseList(text, 'list of klines');
  const asked = list.filter((item) => {
    const open = readNaiveTime(asRow(item)?.['start']);
    return open === null || (open >= window.firstOpen && open <= window.lastOpen);
  });
  return readCandles(NAME, symbol, asked, window, (item) => {
    const row = asRow(item) ?? {};
    const others = [readNumber(row['open']), readNumber(row['high']), readNumber(row['low'])] as const;
    return { open: readNaiveTime(row['start']), price: readNumber(row['close']), others };
  });
}

/** Body of GET /api/v1/depth, in coins: bids come worst first. Its time is in microseconds; it does not name its contract. */
export function parseDepth(text: string, symbol: string, now: number): OrderBook {
  const body = asRow(parseJson(NAME, text));
  if (body === null) throw empty(NAME, `no book of ${symbol}`);
  const side = (name: 'bids' | 'asks') => bestFirst(readLevels(NAME, `${name} of ${symbol}`, body[name], arrayLevel), name);
  const micros = readTime(body['timestamp']);
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, micros === null ? null : Math.floor(micros / 1_000), now);
}
