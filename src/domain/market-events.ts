/** What happens to an instrument or a venue, rather than to a rate: told by its own switch, judged by no level. */
export const MARKET_EVENTS = ['interval', 'cap', 'listing', 'delisting', 'venue-down', 'frozen-index'] as const;
export type MarketEvent = (typeof MARKET_EVENTS)[number];

/** An index that has not moved for so long (ms) is looked at beside the others. */
export const FROZEN_MS = 15 * 60_000;
/** It is frozen where the others of its asset moved by so much meanwhile (median, share of the price). */
export const FROZEN_MOVE = 0.002;
const LEAST_OTHERS = 2;

/** Whether an index stands still while others move: `others` then and now, of the same instruments on other venues. */
export function isFrozen(stoodMs: number, others: readonly { readonly before: number; readonly now: number }[]): boolean {
  if (stoodMs < FROZEN_MS || others.length < LEAST_OTHERS) return false;
  const moves = others.map(({ before, now }) => Math.abs(now / before - 1)).sort((a, b) => a - b);
  const middle = moves.length / 2;
  const median = moves.length % 2 === 1 ? moves[Math.floor(middle)]! : (moves[middle - 1]! + moves[middle]!) / 2;
  return median >= FROZEN_MOVE;
}
