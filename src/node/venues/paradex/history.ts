import type { OrderBook } from '#core/venue.ts';
import { readRowKlines } from '../common/klines.ts';
import { asAnswerTime } from '../common/poll.ts';
import { orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import type { Candles, HourWindow } from '../common/paging.ts';
import { asRow, labelOf, malformed, parseJson, readTime } from '../common/read.ts';
import { NAME, parseResults } from './body.ts';

/** Body of GET /v1/markets/klines, oldest first: [open time ms, open, high, low, close, volume]. */
export const parseKlines = (text: string, symbol: string, window: HourWindow): Candles =>
  readRowKlines(NAME, symbol, parseResults(text, 'list of candles'), window);

/** Body of GET /v1/orderbook/{market}: levels of price and coins, best first. */
export function parseBook(text: string, symbol: string, now: number): OrderBook {
  const body = asRow(parseJson(NAME, text));
  if (body?.['market'] !== symbol) throw malformed(NAME, `asked for the book of ${symbol}, told of ${labelOf(body?.['market'])}`);
  const side = (name: 'bids' | 'asks') => readLevels(NAME, `${name} of ${symbol}`, body[name], arrayLevel);
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, asAnswerTime(readTime(body['last_updated_at'])), now);
}
