import type { OrderBook } from '#core/venue.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { asRow, empty, readTime } from '../common/read.ts';
import { NAME, parseAnswer } from './body.ts';

/** Body of GET /api/v2/mix/market/merge-depth: price and coins of each level, of inverse contracts too. It does not name its instrument. */
export function parseBook(text: string, symbol: string, now: number): OrderBook {
  const row = asRow(parseAnswer(text).data);
  if (row === null) throw empty(NAME, `no book of ${symbol}`);
  const side = (name: 'bids' | 'asks') => readLevels(NAME, `${name} of ${symbol}`, row[name], arrayLevel);
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, readTime(row['ts']), now);
}
