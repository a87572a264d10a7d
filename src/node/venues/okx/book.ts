import type { OrderBook } from '#core/venue.ts';
import type { ContractTerms } from '#domain/amounts.ts';
import { levelsInBase } from '../common/amounts.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { asRow, empty, readTime } from '../common/read.ts';
import { NAME, parseData } from './body.ts';

/** Body of GET /api/v5/market/books-full: levels of price, contracts and number of orders. It does not name its instrument. */
export function parseBook(text: string, symbol: string, terms: ContractTerms, now: number): OrderBook {
  const row = asRow(parseData(text, `book of ${symbol}`)[0]);
  if (row === null) throw empty(NAME, `no book of ${symbol}`);
  const side = (name: 'bids' | 'asks') =>
    levelsInBase(NAME, symbol, readLevels(NAME, `${name} of ${symbol}`, row[name], arrayLevel), 'contracts', terms);
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, readTime(row['ts']), now);
}
