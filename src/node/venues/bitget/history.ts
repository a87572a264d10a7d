import { isTime } from '#domain/bounds.ts';
import { HOUR_MS } from '#domain/time.ts';
import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, listOf, malformed, readNumber, readTime } from '../common/read.ts';
import { NAME, parseAnswer } from './body.ts';

/** The documented most of a page. */
export const PAGE_ROWS = 100;
/** More pages than two centuries of settlements every hour: a search that comes so far does not end. */
const MAX_PAGE = 1 << 14;
/** More than neighbouring settlements are apart: an answer that comes so near to its start is whole. */
const NEAR_MS = 25 * HOUR_MS;

export type AskPage = (page: number) => Promise<readonly unknown[]>;

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

/** Null for what is no time: such a row moves nothing, and is refused where it is read. */
function timeOf(item: unknown, now: number): number | null {
  const time = readTime(asRow(item)?.['fundingTime']);
  return time !== null && isTime(time, now) ? time : null;
}

/** Times of a page's rows, those that have one. */
const timesOf = (page: readonly unknown[], now: number): number[] => page.flatMap((item) => timeOf(item, now) ?? []);

/**
 * Turns numbered pages, newest first, into questions for [start, end]: the first finds its page by halving, each later one goes on
 * after the last. A settlement that comes in between moves rows to later pages: those that came already are left out, and none is
 * lost. Only an empty page is the last: a short one is none where the venue gives fewer rows than it was asked for. However many
 * rows an answer has, the walk may end on it.
 */
export function createPages(symbol: string, ask: AskPage, now: () => number): (start: number, end: number) => Promise<SettledAnswer> {
  let found: Map<number, readonly unknown[]> | null = null;
  let next = 1;
  let known = Infinity;
  let isOver = false;
  async function find(end: number): Promise<Map<number, readonly unknown[]>> {
    const pages = new Map<number, readonly unknown[]>();
    next = await firstPage(symbol, async (page) => {
      const list = await ask(page);
      pages.set(page, list);
      return list.length === 0 || timesOf(list, now()).some((time) => time <= end);
    });
    return pages;
  }
  return async (start, end) => {
    const pages = (found ??= await find(end));
    const rows: unknown[] = [];
    for (let until = end; !isOver && (rows.length < PAGE_ROWS || until - start < NEAR_MS); next += 1) {
      const page = pages.get(next) ?? (await ask(next));
      pages.delete(next);
      isOver = page.length === 0;
      const times = timesOf(page, now());
      const oldest = times.at(-1);
      // Out of order, or nothing that is older: as it came, for the walk to see that it is no answer.
      const isSorted = times.every((time, i) => i === 0 || time < (times[i - 1] ?? 0));
      if (!isSorted || (oldest !== undefined && oldest >= known)) return readHistory(symbol, page, now());
      rows.push(...page.filter((item) => isWithin(timeOf(item, now()), start, until)));
      if (oldest === undefined || oldest < start) break;
      known = oldest;
      until = Math.min(until, oldest - 1);
    }
    return readHistory(symbol, rows, now());
  };
}

const isWithin = (time: number | null, start: number, end: number): boolean => time === null || (time >= start && time <= end);

/** Stamp of the oldest settlement of all, on the last page that is not empty. */
export async function oldestOf(symbol: string, ask: AskPage, now: () => number): Promise<number | null> {
  const pages = new Map<number, readonly unknown[]>();
  const end = await firstPage(symbol, async (page) => {
    const list = await ask(page);
    pages.set(page, list);
    return list.length === 0;
  });
  if (end === 1) return null;
  const { items } = readHistory(symbol, pages.get(end - 1) ?? [], now());
  const stamps = items.flatMap(({ stamp }) => stamp ?? []);
  if (stamps.length === 0 || stamps.length < items.length)
    throw malformed(NAME, `${symbol}: of its oldest settlements one has no time that can be`);
  return Math.min(...stamps);
}

/** The first page for which `is` holds, which holds for all after it. Each is asked for once. */
async function firstPage(symbol: string, is: (page: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [0, 1];
  while (!(await is(high))) {
    if (high >= MAX_PAGE) throw malformed(NAME, `the settlements of ${symbol} do not end after ${MAX_PAGE} pages`);
    [low, high] = [high, 2 * high];
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await is(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Hours that surely fit into a page of at most 200, with one more on either side: whether both ends count is not documented. */
export const CANDLE_HOURS = 198;

export const candleQuery = ({ firstOpen, lastOpen }: HourWindow): string =>
  `&granularity=1H&startTime=${firstOpen - HOUR_MS}&endTime=${lastOpen + HOUR_MS}&limit=200`;

/** Body of GET /api/v2/mix/market/history-mark-candles or history-index-candles: [open time, open, high, low, close, ...], oldest first. */
export function parseCandles(text: string, symbol: string, window: HourWindow): Candles {
  const isAsked = (item: unknown): boolean => isWithin(Array.isArray(item) ? readTime(item[0]) : null, window.firstOpen, window.lastOpen);
  const list = listOf(NAME, parseAnswer(text).data, 'list of candles').filter(isAsked);
  return readCandles(NAME, symbol, list, window, (candle) => {
    const fields = listOf(NAME, candle, 'a candle');
    const [first, high, low, price] = [readNumber(fields[1]), readNumber(fields[2]), readNumber(fields[3]), readNumber(fields[4])];
    return { open: readTime(fields[0]), price, others: [first, high, low] };
  });
}
