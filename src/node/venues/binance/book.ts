import type { OpenInterest, OrderBook } from '#core/venue.ts';
import type { ContractTerms } from '#domain/amounts.ts';
import { MINUTE_MS } from '#domain/time.ts';
import { levelsInBase } from '../common/amounts.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { asRow, labelOf, malformed, readNumber, readTime } from '../common/read.ts';
import { parseBody } from './body.ts';
import type { Market } from './market.ts';

/** What sizes are counted in: coins, or contracts that are so much quote money. */
const countedIn = ({ contract }: Market) => (contract === 'linear' ? 'base' : 'contracts');

/** Body of GET depth. Where sizes are in contracts, `contractSize` says what one is. */
export function parseDepth(
  market: Market,
  text: string,
  symbol: string,
  now: number,
  contractSize: ContractTerms['contractSize'] = 1,
): OrderBook {
  const { name, contract } = market;
  const body = asRow(parseBody(name, text, now));
  // Only coin-margined ones name their symbol.
  if (body?.['symbol'] !== undefined && body['symbol'] !== symbol)
    throw malformed(name, `asked for the book of ${symbol}, told of ${labelOf(body['symbol'])}`);
  const side = (what: 'bids' | 'asks') => {
    const levels = readLevels(name, `${what} of ${symbol}`, body?.[what], arrayLevel);
    return levelsInBase(name, symbol, levels, countedIn(market), { contract, contractSize });
  };
  // E: when it was sent. T stands still without trades, though the book is of now.
  return orderBook(name, symbol, { bids: side('bids'), asks: side('asks') }, readTime(body?.['E']) ?? readTime(body?.['T']), now);
}

/** Body of GET openInterest: {openInterest, symbol, time}. */
export function parseOpenInterest(market: Market, text: string, symbol: string, now: number): OpenInterest {
  const { name } = market;
  const body = asRow(parseBody(name, text, now));
  const amount = readNumber(body?.['openInterest']);
  const at = readTime(body?.['time']);
  if (body?.['symbol'] !== symbol) throw malformed(name, `openInterest of ${symbol} is about ${labelOf(body?.['symbol'])}`);
  if (amount === null || amount < 0) throw malformed(name, `openInterest of ${symbol} is ${labelOf(body['openInterest'])}`);
  if (at !== null && at > now + 5 * MINUTE_MS) throw malformed(name, `openInterest of ${symbol} is of ${at}, which is in the future`);
  return { amount, counted: countedIn(market), at };
}
