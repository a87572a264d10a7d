import type { OrderBook } from '#core/venue.ts';
import { readIso } from '../common/iso.ts';
import { orderBook, readLevels } from '../common/order-book.ts';
import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, listOf, parseJson, readNumber } from '../common/read.ts';
import { uncrossed } from '../common/uncrossed.ts';
import { INTERVAL_H, NAME } from './rates.ts';

/** Rows of [start, end] and those that say no time. */
const within = (list: readonly unknown[], field: string, start: number, end: number): readonly unknown[] =>
  list.filter((item) => {
    const time = readIso(asRow(item)?.[field]);
    return time === null || (time >= start && time <= end);
  });

/**
 * Body of GET /v4/historicalFunding/{ticker}, newest first: rates of one hour. `price` is the oracle price that was paid on, no mark.
 * Pages have an end and no start: rows of before are left out.
 */
export function parseFunding(text: string, ticker: string, start: number, end: number, now: number): SettledAnswer {
  const list = listOf(NAME, asRow(parseJson(NAME, text))?.['historicalFunding'], 'historicalFunding');
  return readSettled(NAME, ticker, within(list, 'effectiveAt', start, end), now, (row) => ({
    symbol: row['ticker'],
    stamp: readIso(row['effectiveAt']),
    rate: readNumber(row['rate']),
    intervalH: INTERVAL_H,
    mark: null,
    premium: null,
  }));
}

/** Body of GET /v4/candles/perpetualMarkets/{ticker}, newest first: trades. */
export function parseCandles(text: string, ticker: string, window: HourWindow): Candles {
  const list = listOf(NAME, asRow(parseJson(NAME, text))?.['candles'], 'candles');
  const asked = within(list, 'startedAt', window.firstOpen, window.lastOpen);
  return readCandles(NAME, ticker, asked.toReversed(), window, (candle) => {
    const row = asRow(candle) ?? {};
    const others = [readNumber(row['open']), readNumber(row['high']), readNumber(row['low'])] as const;
    return { open: readIso(row['startedAt']), price: readNumber(row['close']), others };
  });
}

/** Body of GET /v4/orderbooks/perpetualMarket/{ticker}. The indexer's book may be crossed, which its documentation tells one to undo. */
export function parseBook(text: string, ticker: string, now: number): OrderBook {
  const body = asRow(parseJson(NAME, text));
  const side = (name: 'bids' | 'asks') =>
    readLevels(NAME, `${name} of ${ticker}`, body?.[name], (level) => ({
      price: asRow(level)?.['price'],
      quantity: asRow(level)?.['size'],
    }));
  return orderBook(NAME, ticker, uncrossed(side('bids'), side('asks')), null, now);
}
