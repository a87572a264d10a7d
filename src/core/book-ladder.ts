import { DEAD_MS } from '#domain/freshness.ts';
import { distanceFrom, isWithin } from '#domain/metrics/book.ts';
import type { Book } from '#domain/metrics/frames/frames.ts';
import type { BookColumns } from './ports/history-facts.ts';
import type { BookLevel, OrderBook } from './venue.ts';

/**
 * An order book as it is recorded: the best and the farthest level of each side as they are, every other one merged with those
 * that lie as far from mid. Distances (shares of mid) and quote money alternating, ascending. The bands that people look at are edges, so money within
 * one is what the whole book held there.
 */
export interface Ladder {
  readonly mid: number;
  readonly bids: Float64Array;
  readonly asks: Float64Array;
}

export interface ReadBook {
  readonly ladder: Ladder;
  /** Venue-corrected time of the answer. */
  readonly at: number;
  readonly stale: boolean;
}

/** An older one is no longer the market's. */
export const BOOK_STALE_MS = DEAD_MS;

const EDGES = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
const WIDEST = 0.2;
/** The band of the book imbalance (domain): a book that ends before it is cut to what both sides reach, or the longer one would weigh more. */
const BAND = 0.005;
/** Half a unit in the last place of what is stored: a distance never moves outwards, over the edge of its band. */
const INWARDS = 1 - 2 ** -24;

interface Level {
  readonly distance: number;
  readonly price: number;
  readonly size: number;
}

/** Numbers are those that 4-byte columns hold, so that what is shown live is what a replay gives. */
export function ladderOf({ bids, asks }: Pick<OrderBook, 'bids' | 'asks'>): Ladder {
  const mid = (Number(bids[0]?.[0]) + Number(asks[0]?.[0])) / 2;
  const read = (levels: readonly BookLevel[]): Level[] =>
    levels.map(([price, size]) => ({ distance: distanceFrom(mid, Number(price)), price: Number(price), size: Number(size) }));
  const [below, above] = [read(bids), read(asks)];
  const reach = Math.min(below.at(-1)?.distance ?? 0, above.at(-1)?.distance ?? 0);
  const whole = isWithin(BAND, reach) ? Infinity : reach;
  return { mid, bids: merged(below, mid, whole), asks: merged(above, mid, whole) };
}

function merged(levels: readonly Level[], mid: number, reach: number): Float64Array {
  const [best, ...others] = levels.filter(({ distance }) => isWithin(distance, Math.min(reach, WIDEST)));
  if (best === undefined) return new Float64Array(0);
  const farthest = others.pop();
  const out = [...stored(best.distance, best.price * best.size)];
  for (const [i, edge] of EDGES.entries()) {
    const within = others.filter(({ distance }) => !isWithin(distance, EDGES[i - 1] ?? -1) && isWithin(distance, edge));
    const money = within.reduce((sum, { price, size }) => sum + price * size, 0);
    const size = within.reduce((sum, level) => sum + level.size, 0);
    const last = within.at(-1)?.distance ?? 0;
    if (money > 0) out.push(...stored(Math.min(distanceFrom(mid, money / size), last), money));
  }
  if (farthest !== undefined) out.push(...stored(farthest.distance, farthest.price * farthest.size));
  return Float64Array.from(out);
}

const stored = (distance: number, money: number): readonly [number, number] => [Math.fround(distance * INWARDS), Math.fround(money)];

/** The same as prices and sizes, for metrics over books. */
export const bookOf = ({ mid, bids, asks }: Ladder): Book => ({ bids: levelsOf(mid, bids, -1), asks: levelsOf(mid, asks, 1) });

/** One of the books that a store gave. */
export const bookAt = (columns: BookColumns, row: number): Book => bookOf(ladderAt(columns, row));

/** As it was recorded. */
export function ladderAt({ mid, bids, ends, levels }: BookColumns, row: number): Ladder {
  const start = row === 0 ? 0 : (ends[row - 1] ?? 0);
  const middle = start + 2 * (bids[row] ?? 0);
  return { mid: mid[row] ?? NaN, bids: levels.subarray(start, middle), asks: levels.subarray(middle, ends[row]) };
}

/** The last of the books that a store gave, and its time; null: there is none. */
export function newestLadder(books: BookColumns): Pick<ReadBook, 'ladder' | 'at'> | null {
  const at = books.at.at(-1);
  return at === undefined ? null : { ladder: ladderAt(books, books.at.length - 1), at };
}

/** More digits than 4-byte columns hold, and fewer than a division makes. */
const DIGITS = 12;

/** The same as a venue writes it. */
export function orderBookOf({ bids, asks }: Book): Pick<OrderBook, 'bids' | 'asks'> {
  const texts = (levels: Float64Array): BookLevel[] =>
    Array.from({ length: levels.length / 2 }, (_, i) => [text(levels[2 * i]), text(levels[2 * i + 1])]);
  return { bids: texts(bids), asks: texts(asks) };
}

const text = (value: number | undefined): string => String(Number((value ?? NaN).toPrecision(DIGITS)));

function levelsOf(mid: number, side: Float64Array, sign: 1 | -1): Float64Array {
  const levels = new Float64Array(side.length);
  for (let i = 0; i + 1 < side.length; i += 2) {
    const price = mid * (1 + sign * (side[i] ?? NaN));
    levels[i] = price;
    levels[i + 1] = (side[i + 1] ?? NaN) / price;
  }
  return levels;
}
