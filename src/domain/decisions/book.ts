import { Exact, ONE, ZERO, type Amount } from './exact.ts';
import { POSITIVE, type Reader } from './reader.ts';
import type { Contract } from './side.ts';

/** One price level: price, quantity (base coin; quote for inverse contracts). */
export type Level = readonly [price: Amount, quantity: Amount];

/** Best level first on both sides. */
export interface Book {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

interface ReadLevel {
  readonly price: Exact;
  readonly quantity: Exact;
}

export interface ReadBook {
  readonly bids: readonly ReadLevel[];
  readonly asks: readonly ReadLevel[];
  readonly mid: Exact;
}

/** Null (and a problem) for an empty, crossed or unsorted book: nothing can be walked there. */
export function readBook(reader: Reader, field: string, book: Book): ReadBook | null {
  const before = reader.problems.length;
  const side = (name: 'bids' | 'asks'): ReadLevel[] =>
    book[name].map(([price, quantity], i) => ({
      price: reader.number(`${field}.${name}.${i}.0`, price, POSITIVE),
      quantity: reader.number(`${field}.${name}.${i}.1`, quantity, POSITIVE),
    }));
  const bids = side('bids');
  const asks = side('asks');
  if (reader.problems.length > before) return null;
  const bid = bids[0];
  const ask = asks[0];
  const sorted =
    bids.every((level, i) => i === 0 || level.price.lt(bids[i - 1]!.price)) &&
    asks.every((level, i) => i === 0 || level.price.gt(asks[i - 1]!.price));
  if (bid === undefined || ask === undefined || !ask.price.gt(bid.price) || !sorted) {
    reader.refuse(
      field,
      'The order book is empty on a side, crossed, or not ordered from the best price.',
      'Give both sides, best price first, every bid below every ask.',
    );
    return null;
  }
  return { bids, asks, mid: bid.price.plus(ask.price).div(2) };
}

/**
 * Mean price of a fill of `quantity`, level by level; null: the book ends before it. Inverse: quantities are quote money and
 * coins are what is paid, so the mean is the harmonic one.
 */
export function meanFill(levels: readonly ReadLevel[], quantity: Exact, contract: Contract): Exact | null {
  let open = quantity;
  let other: Exact = ZERO;
  for (const level of levels) {
    const part = Exact.min(open, level.quantity);
    other = other.plus(contract === 'linear' ? part.times(level.price) : part.div(level.price));
    open = open.minus(part);
    if (!open.isZero()) continue;
    if (quantity.isZero()) return null;
    return contract === 'linear' ? other.div(quantity) : quantity.div(other);
  }
  return null;
}

/** What a side holds in all. */
export const heldIn = (levels: readonly ReadLevel[]): Exact => levels.reduce<Exact>((sum, level) => sum.plus(level.quantity), ZERO);

const SLIP_DIGITS = 20;

/**
 * Slippage per fill as a share of mid, the worse of buying and selling `quantity`, never rounded down; null: the book is too
 * thin. It holds half the spread, because it is measured from mid.
 */
export function slippageOf(book: ReadBook, quantity: Exact, contract: Contract): Exact | null {
  const buy = meanFill(book.asks, quantity, contract);
  const sell = meanFill(book.bids, quantity, contract);
  if (buy === null || sell === null) return null;
  return Exact.max(buy.div(book.mid).minus(1), ONE.minus(sell.div(book.mid))).toSignificantDigits(SLIP_DIGITS, Exact.ROUND_UP);
}
