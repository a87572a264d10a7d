import type { BookLevel, OrderBook } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { listOf, malformed, readAmount, readNumber } from './read.ts';

/** A time later than this machine's by more is not the time of an order book. */
const MAX_FUTURE_MS = 300_000;
/** More than any venue is asked for. */
const MAX_LEVELS = 5_000;

/** Levels of one side; those of size 0 are places that an order has left. A level that cannot be read spoils the book: it may be the best one. */
export function readLevels(
  venue: string,
  what: string,
  list: unknown,
  read: (level: unknown) => { readonly price: unknown; readonly quantity: unknown },
): BookLevel[] {
  const levels = listOf(venue, list, what);
  if (levels.length > MAX_LEVELS) throw malformed(venue, `${what}: ${levels.length} levels`);
  return levels.flatMap((level) => {
    const { price, quantity } = read(level);
    if (readNumber(quantity) === 0) return [];
    const [at, size] = [readAmount(price), readAmount(quantity)];
    if (at === null || size === null) throw malformed(venue, `${what}: a level without a price or a size above 0`);
    return [[at, size] as const];
  });
}

/** [price, quantity] as most venues write a level. */
export const arrayLevel = (level: unknown): { price: unknown; quantity: unknown } =>
  Array.isArray(level) ? { price: level[0] as unknown, quantity: level[1] as unknown } : { price: undefined, quantity: undefined };

/** Levels of a venue that writes a side in either order, best first: turned where the first one is worse than the last. */
export function bestFirst(levels: readonly BookLevel[], side: 'bids' | 'asks'): readonly BookLevel[] {
  const fall = Number(levels[0]?.[0]) - Number(levels.at(-1)?.[0]);
  return (side === 'bids' ? fall < 0 : fall > 0) ? levels.toReversed() : levels;
}

/** Best levels first on both sides, not crossed: anything else is a fault, for a fill would be worked out from it. */
export function orderBook(
  venue: string,
  symbol: string,
  sides: { readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] },
  at: number | null,
  now: number,
): OrderBook {
  const { bids, asks } = sides;
  const [bid, ask] = [bids[0], asks[0]];
  if (bid === undefined || ask === undefined) {
    const user = `${venue} has no orders on one side of ${symbol} now.`;
    throw new VenueError('empty', user, `${venue}: the book of ${symbol} has ${bids.length} bids and ${asks.length} asks`);
  }
  const falls = (levels: readonly BookLevel[], sign: 1 | -1): boolean =>
    levels.every(([price], i) => i === 0 || sign * Number(price) < sign * Number(levels[i - 1]?.[0]));
  if (!falls(bids, 1) || !falls(asks, -1)) throw malformed(venue, `the book of ${symbol} is not in the order of its prices`);
  if (Number(bid[0]) >= Number(ask[0])) throw malformed(venue, `the book of ${symbol} is crossed: bid ${bid[0]}, ask ${ask[0]}`);
  if (at !== null && at > now + MAX_FUTURE_MS) throw malformed(venue, `the book of ${symbol} is of ${at}, which is in the future`);
  return { bids, asks, at };
}
