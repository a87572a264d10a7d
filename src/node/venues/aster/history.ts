import type { OpenInterest, OrderBook } from '#core/venue.ts';
import { MINUTE_MS } from '#domain/time.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, labelOf, listOf, malformed, readNumber, readTime } from '../common/read.ts';
import { NAME, parseBody } from './body.ts';

/** Body of GET /fapi/v3/fundingRate, oldest first. */
export function parseFundingRate(text: string, symbol: string, now: number): SettledAnswer {
  return readSettled(NAME, symbol, listOf(NAME, parseBody(text), 'fundingRate'), now, (row) => ({
    symbol: row['symbol'],
    stamp: row['fundingTime'],
    rate: readNumber(row['fundingRate']),
    intervalH: null,
    mark: null,
    premium: null,
  }));
}

/** Body of GET /fapi/v3/depth. E: when it was sent. It does not name its contract. */
export function parseDepth(text: string, symbol: string, now: number): OrderBook {
  const body = asRow(parseBody(text));
  const bids = readLevels(NAME, `bids of ${symbol}`, body?.['bids'], arrayLevel);
  const asks = readLevels(NAME, `asks of ${symbol}`, body?.['asks'], arrayLevel);
  return orderBook(NAME, symbol, { bids, asks }, readTime(body?.['E']) ?? readTime(body?.['T']), now);
}

/** Body of GET /fapi/v1/openInterest: {openInterest, symbol, time}, in coins, as on Binance, whose interface this is. */
export function parseOpenInterest(text: string, symbol: string, now: number): OpenInterest {
  const body = asRow(parseBody(text));
  const amount = readNumber(body?.['openInterest']);
  const at = readTime(body?.['time']);
  if (body?.['symbol'] !== symbol) throw malformed(NAME, `openInterest of ${symbol} is about ${labelOf(body?.['symbol'])}`);
  if (amount === null || amount < 0) throw malformed(NAME, `openInterest of ${symbol} is ${labelOf(body['openInterest'])}`);
  if (at !== null && at > now + 5 * MINUTE_MS) throw malformed(NAME, `openInterest of ${symbol} is of ${at}, which is in the future`);
  return { amount, counted: 'base', at };
}
