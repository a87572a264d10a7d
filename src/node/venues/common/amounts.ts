import type { Snapshot } from '#core/venue.ts';
import { type ContractTerms, type Counted, inBase, inQuote, levelInBase, needsPrice } from '#domain/amounts.ts';
import { malformed } from './read.ts';
import type { Draft } from './snapshot.ts';

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

type SnapshotSize = Pick<Snapshot, 'openInterest' | 'volume24h' | 'unconverted' | 'convertedByMark'>;

/** The amounts of a snapshot, in its units; those that cannot be told so are null, with the reason. `mark`: of the same row. */
export function sizeOf(terms: ContractTerms, mark: number | null, stated: StatedSize): SnapshotSize {
  const size = { openInterest: null, volume24h: null };
  const { openInterest, volume24h } = stated;
  takeSize(size, terms, mark, openInterest.amount, openInterest.counted, volume24h.amount, volume24h.counted);
  return size;
}

/** The same, written into a snapshot that is being put together. */
export function takeSize(
  size: Pick<Draft, keyof SnapshotSize>,
  terms: ContractTerms,
  mark: number | null,
  openInterest: number | null,
  openInterestIn: Counted,
  volume24h: number | null,
  volumeIn: Counted,
): void {
  const base = openInterest === null ? NOTHING : inBase(openInterest, openInterestIn, terms, mark);
  const quote = volume24h === null ? NOTHING : inQuote(volume24h, volumeIn, terms, mark);
  size.openInterest = base.value;
  size.volume24h = quote.value;
  const isBaseByMark = base.value !== null && needsPrice('base', openInterestIn, terms);
  const isQuoteByMark = quote.value !== null && needsPrice('quote', volumeIn, terms);
  if (isBaseByMark || isQuoteByMark) size.convertedByMark = isBaseByMark ? (isQuoteByMark ? BOTH : OPEN_INTEREST) : VOLUME;
  if (base.refusal !== null || quote.refusal !== null)
    size.unconverted = {
      ...(base.refusal !== null && { openInterest: base.refusal }),
      ...(quote.refusal !== null && { volume24h: quote.refusal }),
    };
}
const NOTHING = { value: null, refusal: null } as const;
const OPEN_INTEREST = ['openInterest'] as const;
const VOLUME = ['volume24h'] as const;
const BOTH = ['openInterest', 'volume24h'] as const;
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
