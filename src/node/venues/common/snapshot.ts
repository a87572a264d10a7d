import type { Snapshot } from '#core/venue.ts';
import type { ContractTerms } from '#domain/amounts.ts';
import { type StatedSize, takeSize } from './amounts.ts';

/** A row as a venue states it, every field told: undefined where a snapshot leaves it out. */
export interface StatedRow
  extends Pick<Snapshot, 'symbol' | 'rate' | 'intervalH' | 'nextFundingAt' | 'mark' | 'index' | 'interestPer8h'>, StatedSize {
  readonly terms: ContractTerms;
  /** The interval is not stated for it. */
  readonly intervalIsGuess: boolean;
  /** The interest could not be read this time. */
  readonly interestUnread: boolean;
  readonly premium: number | null | undefined;
  /** As `readCap` gives them. */
  readonly cap: number | null | undefined;
  readonly floor: number | null | undefined;
}

/** The snapshot that it makes. Field by field: a poll has hundreds, and put together of parts they take longer than all that is read of them. */
export function snapshotOf(row: StatedRow): Snapshot {
  const { symbol, rate, intervalH, nextFundingAt, mark, index, interestPer8h } = row;
  const snapshot: { -readonly [field in keyof Snapshot]: Snapshot[field] } = {
    symbol,
    rate,
    intervalH,
    nextFundingAt,
    mark,
    index,
    openInterest: null,
    volume24h: null,
    interestPer8h,
  };
  takeSize(snapshot, row.terms, mark, row);
  if (row.intervalIsGuess) snapshot.intervalIsGuess = true;
  if (row.interestUnread) snapshot.interestUnread = true;
  if (row.premium !== undefined) snapshot.premium = row.premium;
  if (row.cap !== undefined) snapshot.cap = row.cap;
  if (row.floor !== undefined) snapshot.floor = row.floor;
  return snapshot;
}
