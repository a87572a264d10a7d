import { VenueError } from '#core/venue-error.ts';
import { splitMultiplier } from '#domain/multiplier.ts';

/** What one contract is, where its name holds a multiplier: quantities and prices are in this unit. */
export function unitNotes(base: string, kPrefix = false): string[] {
  const { asset, multiplier } = splitMultiplier(base, { kPrefix });
  return multiplier === 1 ? [] : [`One contract is ${multiplier} ${asset}; quantities and prices are in this unit.`];
}

const GROUPED = new Intl.NumberFormat('en', { maximumFractionDigits: 20 });
/** A decimal text with its thousands apart, nothing of it rounded. */
export const grouped = (amount: string): string => GROUPED.format(amount as Intl.StringNumericLiteral);

/** The most of one market order, in contracts of `base`; nothing where the venue does not say. */
export function marketOrderNotes(most: string | null, base: string): string[] {
  if (most === null) return [];
  const unit = splitMultiplier(base).multiplier === 1 ? base : 'contracts';
  return [`A market order holds at most ${grouped(most)} ${unit}.`];
}

export const unlisted = (venue: string, symbol: string): VenueError =>
  new VenueError('malformed', `${venue} does not list ${symbol} now.`, `${venue}: no rules of ${symbol}`);
