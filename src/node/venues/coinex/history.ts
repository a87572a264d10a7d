import type { OrderBook } from '#core/venue.ts';
import type { ContractTerms } from '#domain/amounts.ts';
import { levelsInBase } from '../common/amounts.ts';
import { midOf, REACH, reaches } from '../common/join-books.ts';
import { oldestFirst } from '../common/oldest-first.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, labelOf, listOf, malformed, readNumber, readTime } from '../common/read.ts';
import { NAME, parseData } from './body.ts';

/**
 * Body of GET /v2/futures/funding-rate-history, newest first. `actual_funding_rate` is what was paid, the theoretical one beside it is not;
 * its time is some twenty seconds after the hour.
 */
export function parseFundingHistory(text: string, symbol: string, now: number): SettledAnswer {
  const list = oldestFirst(listOf(NAME, parseData(text), 'list of settlements'), 'funding_time').toReversed();
  return readSettled(NAME, symbol, list, now, (row) => ({
    symbol: row['market'],
    stamp: row['funding_time'],
    rate: readNumber(row['actual_funding_rate']),
    intervalH: null,
    mark: null,
    premium: null,
  }));
}

/** Body of GET /v2/futures/kline, oldest first. It takes no times: hours beside the window are left out. */
export function parseKlines(text: string, symbol: string, window: HourWindow): Candles {
  const list = oldestFirst(listOf(NAME, parseData(text), 'list of klines'), 'created_at');
  const asked = list.filter((item) => {
    const open = readTime(asRow(item)?.['created_at']);
    return open === null || (open >= window.firstOpen && open <= window.lastOpen);
  });
  return readCandles(NAME, symbol, asked, window, (item) => {
    const row = asRow(item) ?? {};
    const others = [readNumber(row['open']), readNumber(row['high']), readNumber(row['low'])] as const;
    return { open: readTime(row['created_at']), price: readNumber(row['close']), others };
  });
}

/** Levels per side: the most it gives. */
export const BOOK_LEVELS = 50;

/** Body of GET /v2/futures/depth: levels of price and contracts. */
export function parseDepth(text: string, symbol: string, now: number): OrderBook {
  const data = asRow(parseData(text));
  if (data?.['market'] !== symbol) throw malformed(NAME, `asked for the book of ${symbol}, told of ${labelOf(data?.['market'])}`);
  const depth = asRow(data['depth']);
  const side = (name: 'bids' | 'asks') => readLevels(NAME, `${name} of ${symbol}`, depth?.[name], arrayLevel);
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, readTime(depth?.['updated_at']), now);
}

/** Width of levels, a power of ten, at which they reach far enough; null: this book does, or holds every order. Its widths end at 1,000. */
export function coarserInterval(book: OrderBook): string | null {
  if (reaches(book, BOOK_LEVELS)) return null;
  const power = Math.min(3, Math.max(-12, Math.ceil(Math.log10((midOf(book) * REACH) / (BOOK_LEVELS - 1)))));
  return (10 ** power).toFixed(Math.max(0, -power));
}

/** The book in units of the price. */
export const inUnits = (book: OrderBook, symbol: string, terms: ContractTerms): OrderBook => ({
  bids: levelsInBase(NAME, symbol, book.bids, 'contracts', terms),
  asks: levelsInBase(NAME, symbol, book.asks, 'contracts', terms),
  at: book.at,
});
