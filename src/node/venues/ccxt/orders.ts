import type { OrderRules, OrderBook } from '#core/venue.ts';
import { levelsInBase } from '../common/amounts.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { asRow, malformed, readAmount, readTime } from '../common/read.ts';
import { unitNotes } from '../common/rules.ts';
import type { CcxtContract } from './contracts.ts';

/** ccxt's limits of a market; what it does not know is not said. Positions by size are not asked for: most exchanges want a key. */
export function readRules({ market, base, instrument }: CcxtContract): OrderRules {
  const [precision, limits] = [asRow(market['precision']) ?? {}, asRow(market['limits']) ?? {}];
  const [amount, cost, leverage] = [asRow(limits['amount']) ?? {}, asRow(limits['cost']) ?? {}, asRow(limits['leverage']) ?? {}];
  return {
    lotStep: readAmount(precision['amount']),
    minQuantity: readAmount(amount['min']),
    maxQuantity: readAmount(amount['max']),
    tickSize: readAmount(precision['price']),
    minNotional: readAmount(cost['min']),
    maxNotional: null,
    contractSize: instrument.contractSize === null ? null : String(instrument.contractSize),
    maxLeverage: readAmount(leverage['max']),
    maintenance: null,
    liquidationFee: null,
    notes: [...unitNotes(base, true), 'Read through ccxt, which does not say the maintenance margin by size of the position.'],
  };
}

/** ccxt counts orders in contracts. Throws VenueError for a book that cannot be right. */
export function readBook(name: string, answer: unknown, { instrument }: CcxtContract, now: number): OrderBook {
  const book = asRow(answer);
  if (book === null) throw malformed(name, 'the order book is none');
  const { symbol } = instrument;
  const side = (of: 'bids' | 'asks') => levelsInBase(name, symbol, readLevels(name, of, book[of], arrayLevel), 'contracts', instrument);
  return orderBook(name, symbol, { bids: side('bids'), asks: side('asks') }, readTime(book['timestamp']), now);
}
