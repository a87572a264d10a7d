import type { BookLevel, OrderBook } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';

/** A book is to reach so far from mid to either side (domain: the band of the book imbalance). */
export const REACH = 0.005;

const priceOf = (level: BookLevel | undefined): number => Number(level?.[0]);

export const midOf = ({ bids, asks }: OrderBook): number => (priceOf(bids[0]) + priceOf(asks[0])) / 2;

/** Whether both sides of a book of at most `limit` levels a side reach far enough, or hold every order. */
export function reaches(book: OrderBook, limit: number): boolean {
  const mid = midOf(book);
  return [book.bids, book.asks].every((side) => side.length < limit || Math.abs(priceOf(side.at(-1)) / mid - 1) >= REACH);
}

/**
 * The fine levels, and from where they end the coarse ones. A coarse bid holds the orders from its price up, an ask those down.
 * `stepAt`: width of a coarse level at a price.
 */
function joined(fine: readonly BookLevel[], coarse: readonly BookLevel[], stepAt: (price: number) => number, sign: 1 | -1): BookLevel[] {
  const end = priceOf(fine.at(-1));
  const beyond = coarse.flatMap(([price, quantity]): BookLevel[] => {
    const at = Number(price);
    if (sign * at >= sign * end) return [];
    const near = at + sign * stepAt(at);
    // Orders of this level that stand among the fine ones already.
    const counted = fine.filter((level) => sign * priceOf(level) < sign * near);
    const left = counted.reduce((rest, [, size]) => rest.minus(size), exact(quantity));
    return left.gt(0) ? [[price, left.toFixed()]] : [];
  });
  return [...fine, ...beyond];
}

/** One book of a fine and a coarse answer, both in the same unit. */
export const joinBooks = (fine: OrderBook, coarse: OrderBook, stepAt: (price: number) => number): OrderBook => ({
  bids: joined(fine.bids, coarse.bids, stepAt, 1),
  asks: joined(fine.asks, coarse.asks, stepAt, -1),
  at: fine.at,
});
