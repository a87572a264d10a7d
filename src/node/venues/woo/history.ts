import type { OrderBook } from '#core/venue.ts';
import { oldestFirst } from '../common/oldest-first.ts';
import { bestFirst, orderBook, readLevels } from '../common/order-book.ts';
import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, readNumber, readTime } from '../common/read.ts';
import { NAME, parseAnswer, rowsOf } from './body.ts';

/**
 * Body of GET /v3/public/fundingRateHistory, newest first. `nextFundingTime` is that of the settlement after the row, so it tells nothing
 * of the row's own interval.
 */
export function parseFundingHistory(text: string, symbol: string, now: number): SettledAnswer {
  const list = oldestFirst(rowsOf(parseAnswer(text), 'list of settlements'), 'fundingRateTimestamp').toReversed();
  return readSettled(NAME, symbol, list, now, (row) => ({
    symbol: row['symbol'],
    stamp: row['fundingRateTimestamp'],
    rate: readNumber(row['fundingRate']),
    intervalH: null,
    mark: readNumber(row['markPrice']),
    premium: null,
  }));
}

/** Body of GET /v3/public/klineHistory: trades, up to a time and with no start: hours beside the window are left out. */
export function parseKlines(text: string, symbol: string, window: HourWindow): Candles {
  const list = oldestFirst(rowsOf(parseAnswer(text), 'list of klines'), 'startTimestamp');
  const asked = list.filter((item) => {
    const open = readTime(asRow(item)?.['startTimestamp']);
    return open === null || (open >= window.firstOpen && open <= window.lastOpen);
  });
  return readCandles(NAME, symbol, asked, window, (item) => {
    const row = asRow(item) ?? {};
    const others = [readNumber(row['open']), readNumber(row['high']), readNumber(row['low'])] as const;
    return { open: readTime(row['startTimestamp']), price: readNumber(row['close']), others };
  });
}

/** Body of GET /v3/public/orderbook: levels of {price, quantity} in coins. It does not name its contract; its time is that of its last change. */
export function parseBook(text: string, symbol: string, now: number): OrderBook {
  const { data, time } = parseAnswer(text);
  const side = (name: 'bids' | 'asks') =>
    bestFirst(
      readLevels(NAME, `${name} of ${symbol}`, data?.[name], (level) => ({
        price: asRow(level)?.['price'],
        quantity: asRow(level)?.['quantity'],
      })),
      name,
    );
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, time, now);
}
