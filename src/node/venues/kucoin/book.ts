import type { OrderBook } from '#core/venue.ts';
import type { ContractTerms } from '#domain/amounts.ts';
import { levelsInBase } from '../common/amounts.ts';
import { asAnswerTime } from '../common/poll.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { asRow, empty, labelOf, listOf, malformed, readNumber } from '../common/read.ts';
import { NAME, parseData } from './body.ts';
import { plainAmount } from './contracts.ts';

/** Levels of a side that are read: the whole book may have more, far from its price. */
const MAX_LEVELS = 5_000;

/** Body of GET /api/v1/level2/snapshot: levels of price and contracts, best first; `ts` in nanoseconds. */
export function parseBook(text: string, symbol: string, terms: ContractTerms, now: number): OrderBook {
  const row = asRow(parseData(text));
  if (row === null) throw empty(NAME, `no book of ${symbol}`);
  const named = row['symbol'];
  if (named !== undefined && named !== symbol) throw malformed(NAME, `asked for the book of ${symbol}, told of ${labelOf(named)}`);
  const side = (name: 'bids' | 'asks') => {
    const what = `${name} of ${symbol}`;
    const levels = readLevels(NAME, what, listOf(NAME, row[name], what).slice(0, MAX_LEVELS), (level) => {
      const { price, quantity } = arrayLevel(level);
      return { price: plainAmount(price), quantity };
    });
    return levelsInBase(NAME, symbol, levels, 'contracts', terms);
  };
  const nanoseconds = readNumber(row['ts']);
  const at = nanoseconds === null ? null : asAnswerTime(Math.floor(nanoseconds / 1e6));
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, at, now);
}
