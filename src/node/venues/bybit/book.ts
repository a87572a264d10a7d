import type { OrderBook } from '#core/venue.ts';
import { levelsInBase } from '../common/amounts.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { labelOf, malformed, readTime } from '../common/read.ts';
import { parseBody } from './body.ts';
import { CONTRACT_SIZE, type Market } from './market.ts';

/** Body of GET /v5/market/orderbook: levels of price and quantity, which of an inverse contract is in dollars. */
export function parseOrderBook({ name, contract, counted }: Market, text: string, symbol: string, now: number): OrderBook {
  const { result } = parseBody(name, text);
  if (result['s'] !== symbol) throw malformed(name, `asked for the book of ${symbol}, told of ${labelOf(result['s'])}`);
  const terms = { contract, contractSize: CONTRACT_SIZE };
  const side = (field: 'a' | 'b', what: string) =>
    levelsInBase(name, symbol, readLevels(name, `${what} of ${symbol}`, result[field], arrayLevel), counted, terms);
  return orderBook(
    name,
    symbol,
    { bids: side('b', 'bids'), asks: side('a', 'asks') },
    readTime(result['cts']) ?? readTime(result['ts']),
    now,
  );
}
