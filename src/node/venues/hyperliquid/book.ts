import type { BookLevel, OrderBook } from '#core/venue.ts';
import { joinBooks as join, midOf, REACH, reaches } from '../common/join-books.ts';
import { orderBook, readLevels } from '../common/order-book.ts';
import { asRow, labelOf, listOf, malformed, parseJson, readTime } from '../common/read.ts';
import { tooLarge } from '../common/size.ts';

/** Levels that the venue serves per side, however fine. */
const LEVELS = 20;
/** Levels of one side are compared with each other: not more of them. */
const MOST_LEVELS = 100;

/** Body of POST /info {type: l2Book}: [bids, asks] of {px, sz, n}. */
export function parseL2Book(venue: string, text: string, coin: string, now: number): OrderBook {
  const body = asRow(parseJson(venue, text));
  if (body?.['coin'] !== coin) throw malformed(venue, `asked for the book of ${coin}, told of ${labelOf(body?.['coin'])}`);
  const [bids, asks] = listOf(venue, body['levels'], 'levels');
  for (const list of [bids, asks])
    if (Array.isArray(list) && list.length > MOST_LEVELS) throw tooLarge(venue, `a side of the book of ${coin} has ${list.length} levels`);
  const side = (what: string, list: unknown): BookLevel[] =>
    readLevels(venue, `${what} of ${coin}`, list, (level) => ({ price: asRow(level)?.['px'], quantity: asRow(level)?.['sz'] }));
  return orderBook(venue, coin, { bids: side('bids', bids), asks: side('asks', asks) }, readTime(body['time']), now);
}

/** Width of a level of prices with so many significant figures, at this price. */
const stepAt = (price: number, figures: number): number => 10 ** (Math.floor(Math.log10(price)) + 1 - figures);

/** Significant figures of a second, coarser question that reaches far enough; null: this book does, or holds every order. */
export function coarserFigures(book: OrderBook): 4 | 3 | null {
  if (reaches(book, LEVELS)) return null;
  const mid = midOf(book);
  return (stepAt(mid, 4) * (LEVELS - 1)) / mid >= REACH ? 4 : 3;
}

/** One book of a fine answer and one of so many significant figures. */
export const joinBooks = (fine: OrderBook, coarse: OrderBook, figures: number): OrderBook =>
  join(fine, coarse, (price) => stepAt(price, figures));
