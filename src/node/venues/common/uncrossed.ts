import type { BookLevel } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';

/**
 * Sides without the orders that stand across each other: of two levels that cross, the smaller is taken off the larger, as if they had
 * been filled. For venues whose books are gathered from messages that may come late, and whose documentation says to do so.
 */
export function uncrossed(
  bids: readonly BookLevel[],
  asks: readonly BookLevel[],
): { readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] } {
  let [b, a] = [0, 0];
  let [bid, ask] = [bids[0], asks[0]];
  while (bid !== undefined && ask !== undefined && Number(bid[0]) >= Number(ask[0])) {
    const left = exact(bid[1]).minus(ask[1]);
    bid = left.gt(0) ? [bid[0], left.toFixed()] : bids[++b];
    ask = left.lt(0) ? [ask[0], left.neg().toFixed()] : asks[++a];
  }
  return {
    bids: bid === undefined ? [] : [bid, ...bids.slice(b + 1)],
    asks: ask === undefined ? [] : [ask, ...asks.slice(a + 1)],
  };
}
