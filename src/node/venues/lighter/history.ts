import type { BookLevel, OrderBook } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import { orderBook, readLevels } from '../common/order-book.ts';
import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, listOf, readNumber, readTime, type Row } from '../common/read.ts';
import { NAME, parseObject } from './body.ts';

/** Seconds, unlike every other time of this exchange. */
const stampOf = (item: unknown): number | null => {
  const seconds = readTime(asRow(item)?.['timestamp']);
  return seconds === null ? null : seconds * 1_000;
};

/** Rows of GET /api/v1/fundings in [start, end] by time, and those that say no time. It does not name its market. */
export const parseFundings = (text: string, start: number, end: number): readonly unknown[] =>
  listOf(NAME, parseObject(text, 'settlements')['fundings'], 'list of settlements')
    .filter((item) => {
      const stamp = stampOf(item);
      return stamp === null || (stamp >= start && stamp <= end);
    })
    .toSorted((a, b) => (stampOf(a) ?? 0) - (stampOf(b) ?? 0));

/** `rate` is percent of an hour and has no sign: the side that `direction` names paid it. */
function signedRate(row: Row): number | null {
  const percent = readNumber(row['rate']);
  const sign = row['direction'] === 'long' ? 1 : row['direction'] === 'short' ? -1 : null;
  return percent === null || sign === null || percent < 0 ? null : exact(percent).times(sign).div(100).toNumber() + 0;
}

export const readFundings = (rows: readonly unknown[], symbol: string, now: number): SettledAnswer =>
  readSettled(NAME, symbol, rows, now, (row) => ({
    symbol: undefined,
    stamp: stampOf(row),
    rate: signedRate(row),
    intervalH: 1,
    mark: null,
    premium: null,
  }));

/** Body of GET /api/v1/candles, oldest first: trades. */
export function parseCandles(text: string, symbol: string, window: HourWindow): Candles {
  const list = listOf(NAME, parseObject(text, 'candles')['c'], 'list of candles').filter((item) => {
    const open = readTime(asRow(item)?.['t']);
    return open === null || (open >= window.firstOpen && open <= window.lastOpen);
  });
  return readCandles(NAME, symbol, list, window, (candle) => {
    const row = asRow(candle) ?? {};
    const others = [readNumber(row['o']), readNumber(row['h']), readNumber(row['l'])] as const;
    return { open: readTime(row['t']), price: readNumber(row['c']), others };
  });
}

/** Body of GET /api/v1/orderBookOrders: order by order, of which several stand at one price. It does not name its market. */
export function parseOrders(text: string, symbol: string, now: number): OrderBook {
  const body = parseObject(text, `book of ${symbol}`);
  const side = (name: 'bids' | 'asks'): BookLevel[] => {
    const orders = readLevels(NAME, `${name} of ${symbol}`, body[name], (order) => ({
      price: asRow(order)?.['price'],
      quantity: asRow(order)?.['remaining_base_amount'],
    }));
    const levels = new Map<string, string>();
    for (const [price, size] of orders)
      levels.set(
        price,
        exact(levels.get(price) ?? 0)
          .plus(size)
          .toFixed(),
      );
    return [...levels].toSorted(([a], [b]) => (name === 'bids' ? exact(b).cmp(a) : exact(a).cmp(b)));
  };
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, null, now);
}
