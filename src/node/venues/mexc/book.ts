import type { OrderBook } from '#core/venue.ts';
import type { ContractTerms } from '#domain/amounts.ts';
import { levelsInBase } from '../common/amounts.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { asRow, empty, readTime } from '../common/read.ts';
import { NAME, parseData } from './body.ts';

/** Body of GET /api/v1/contract/depth/{symbol}: levels of price, contracts and how many orders. It does not name its contract. */
export function parseDepth(text: string, symbol: string, terms: ContractTerms, now: number): OrderBook {
  const data = asRow(parseData(text));
  if (data === null) throw empty(NAME, `no book of ${symbol}`);
  const side = (name: 'bids' | 'asks') =>
    levelsInBase(NAME, symbol, readLevels(NAME, `${name} of ${symbol}`, data[name], arrayLevel), 'contracts', terms);
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, readTime(data['timestamp']), now);
}
