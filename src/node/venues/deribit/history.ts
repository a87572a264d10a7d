import type { OrderBook } from '#core/venue.ts';
import type { ContractTerms } from '#domain/amounts.ts';
import { HOUR_MS } from '#domain/time.ts';
import { levelsInBase } from '../common/amounts.ts';
import { asAnswerTime } from '../common/poll.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, labelOf, listOf, malformed, readNumber, readTime } from '../common/read.ts';
import { NAME, parseResult } from './body.ts';

const stampOf = (item: unknown): number | null => readTime(asRow(item)?.['timestamp']);

/** `result` of get_funding_rate_history, by time: hours, in whatever order they came. */
export const parseHours = (text: string): readonly unknown[] =>
  listOf(NAME, parseResult(text).result, 'funding history').toSorted((a, b) => (stampOf(a) ?? 0) - (stampOf(b) ?? 0));

/** What each clock hour accrued (`interest_1h`); `interest_8h` beside it is of the eight hours before, and summed would count each eight times. */
export const readAccruals = (hours: readonly unknown[], symbol: string, now: number): SettledAnswer =>
  readSettled(NAME, symbol, hours, now, (row) => ({
    symbol: undefined,
    stamp: row['timestamp'],
    rate: readNumber(row['interest_1h']),
    intervalH: 1,
    mark: null,
    premium: null,
  }));

/** The index at the end of each hour, which the same rows state. */
export const readIndex = (hours: readonly unknown[], symbol: string, window: HourWindow): Candles =>
  readCandles(NAME, symbol, hours, window, (hour) => {
    const [end, price] = [stampOf(hour), readNumber(asRow(hour)?.['index_price'])];
    return { open: end === null ? null : end - HOUR_MS, price, others: [null, null, null] };
  });

/** Body of get_order_book: [price, amount], amounts in dollars of inverse contracts, in coins of the others; best first. */
export function parseBook(text: string, symbol: string, terms: ContractTerms, now: number): OrderBook {
  const book = asRow(parseResult(text).result);
  const named = book?.['instrument_name'];
  if (named !== symbol) throw malformed(NAME, `asked for the book of ${symbol}, told of ${labelOf(named)}`);
  const counted = terms.contract === 'inverse' ? 'quote' : 'base';
  const side = (name: 'bids' | 'asks') =>
    levelsInBase(NAME, symbol, readLevels(NAME, `${name} of ${symbol}`, book?.[name], arrayLevel), counted, terms);
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, asAnswerTime(readTime(book?.['timestamp'])), now);
}
