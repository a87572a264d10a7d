import type { OrderBook } from '#core/venue.ts';
import type { ContractTerms } from '#domain/amounts.ts';
import { levelsInBase } from '../common/amounts.ts';
import { orderBook, readLevels } from '../common/order-book.ts';
import { asRow } from '../common/read.ts';
import { NAME, parseRow, readSeconds } from './body.ts';

/** Body of GET /api/v4/futures/{settle}/order_book: levels of a price and contracts; `update`: when it changed. It does not name its contract. */
export function parseBook(text: string, symbol: string, terms: ContractTerms, now: number): OrderBook {
  const row = parseRow(text, `book of ${symbol}`);
  const side = (name: 'bids' | 'asks') => {
    const levels = readLevels(NAME, `${name} of ${symbol}`, row[name], (level) => ({
      price: asRow(level)?.['p'],
      quantity: asRow(level)?.['s'],
    }));
    return levelsInBase(NAME, symbol, levels, 'contracts', terms);
  };
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, readSeconds(row['update'] ?? row['current']), now);
}
