import type { Snapshot } from '#core/venue.ts';
import {
  type AmountRefusal,
  type ContractTerms,
  type Converted,
  type Counted,
  inBase,
  inQuote,
  levelInBase,
  needsPrice,
} from '#domain/amounts.ts';
import { malformed } from './read.ts';

/** An amount as a venue states it, and what it counts it in; null: it does not say one. */
export interface StatedAmount {
  readonly amount: number | null;
  readonly counted: Counted;
}

/** What a row says of its size. */
export interface StatedSize {
  readonly openInterest: StatedAmount;
  readonly volume24h: StatedAmount;
}

/** The amounts of a snapshot, in its units; those that cannot be told so are null, with the reason. `mark`: of the same row. */
export function sizeOf(terms: ContractTerms, mark: number | null, { openInterest, volume24h }: StatedSize): SnapshotSize {
  const unconverted: { openInterest?: AmountRefusal; volume24h?: AmountRefusal } = {};
  const convertedByMark: (keyof StatedSize)[] = [];
  const take = (field: keyof StatedSize, convert: typeof inBase, { amount, counted }: StatedAmount): number | null => {
    if (amount === null) return null;
    const converted: Converted = convert(amount, counted, terms, mark);
    if (converted.refusal !== null) unconverted[field] = converted.refusal;
    else if (needsPrice(convert, counted, terms)) convertedByMark.push(field);
    return converted.value;
  };
  const size = { openInterest: take('openInterest', inBase, openInterest), volume24h: take('volume24h', inQuote, volume24h) };
  return {
    ...size,
    ...(Object.keys(unconverted).length > 0 && { unconverted }),
    ...(convertedByMark.length > 0 && { convertedByMark }),
  };
}
type SnapshotSize = Pick<Snapshot, 'openInterest' | 'volume24h' | 'unconverted' | 'convertedByMark'>;

/** Levels in units of the price. Throws VenueError where the venue counts them in contracts and does not say what one is. */
export const levelsInBase = (
  venue: string,
  symbol: string,
  levels: readonly (readonly [price: string, quantity: string])[],
  counted: Counted,
  terms: ContractTerms,
): (readonly [price: string, quantity: string])[] =>
  levels.map(([price, quantity]) => {
    const inUnits = levelInBase(price, quantity, counted, terms);
    if (inUnits === null) throw malformed(venue, `the book of ${symbol} is in contracts, and what one contract is is not known`);
    return [price, inUnits] as const;
  });
