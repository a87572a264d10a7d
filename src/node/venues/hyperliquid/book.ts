import type { BookLevel, OrderBook } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import { orderBook, readLevels } from '../common/order-book.ts';
import { asRow, labelOf, listOf, malformed, parseJson, readTime } from '../common/read.ts';
import { tooLarge } from '../common/size.ts';

/** Levels that the venue serves per side, however fine. */
const LEVELS = 20;
/** Levels of one side are compared with each other: not more of them. */
const MOST_LEVELS = 100;
/** A book is to reach so far from mid to either side (domain: the band of the book imbalance). */
const REACH = 0.005;

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

const priceOf = (level: BookLevel | undefined): number => Number(level?.[0]);
/** Width of a level of prices with so many significant figures, at this price. */
const stepAt = (price: number, figures: number): number => 10 ** (Math.floor(Math.log10(price)) + 1 - figures);

/** Significant figures of a second, coarser question that reaches far enough; null: this book does, or holds every order. */
export function coarserFigures({ bids, asks }: OrderBook): 4 | 3 | null {
  const mid = (priceOf(bids[0]) + priceOf(asks[0])) / 2;
  const reaches = (side: readonly BookLevel[]): boolean => side.length < LEVELS || Math.abs(priceOf(side.at(-1)) / mid - 1) >= REACH;
  if (reaches(bids) && reaches(asks)) return null;
  return (stepAt(mid, 4) * (LEVELS - 1)) / mid >= REACH ? 4 : 3;
}

/** The fine levels, and from where they end the coarse ones. A coarse bid holds the orders from its price up, an ask those down. */
function joined(fine: readonly BookLevel[], coarse: readonly BookLevel[], figures: number, sign: 1 | -1): BookLevel[] {
  const end = priceOf(fine.at(-1));
  const beyond = coarse.flatMap(([price, quantity]): BookLevel[] => {
    const at = Number(price);
    if (sign * at >= sign * end) return [];
    const near = at + sign * stepAt(at, figures);
    // Orders of this level that stand among the fine ones already.
    const counted = fine.filter((level) => sign * priceOf(level) < sign * near);
    const left = counted.reduce((rest, [, size]) => rest.minus(size), exact(quantity));
    return left.gt(0) ? [[price, left.toFixed()]] : [];
  });
  return [...fine, ...beyond];
}

/** One book of a fine and a coarse answer. */
export const joinBooks = (fine: OrderBook, coarse: OrderBook, figures: number): OrderBook => ({
  bids: joined(fine.bids, coarse.bids, figures, 1),
  asks: joined(fine.asks, coarse.asks, figures, -1),
  at: fine.at,
});
