import { type Contract, servedFrom } from './contracts.ts';
import { type Settlement, settlements } from './funding.ts';
import type { Model } from './wire.ts';

const DAY = 86_400_000;
/** Pieces in which the past is walked, so that a page costs no more than what is in it. */
const PIECE = 8 * DAY;

export interface PageAsked {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** The newest settlements of [from, to] that are posted by `now`, newest first. */
export function newestSettlements({ process }: Model, contract: Contract, { from, to, limit }: PageAsked, now: number): Settlement[] {
  const oldest = Math.max(from, servedFrom(now));
  const rows: Settlement[] = [];
  for (let until = Math.min(to, now); until >= oldest && rows.length < limit; until -= PIECE)
    rows.push(...[...settlements(process, contract, Math.max(until - PIECE + 1, oldest), until, now)].reverse());
  return rows.slice(0, limit);
}

/** The oldest ones, oldest first. */
export function firstSettlements({ process }: Model, contract: Contract, { from, to, limit }: PageAsked, now: number): Settlement[] {
  const end = Math.min(to, now);
  const rows: Settlement[] = [];
  for (let since = Math.max(from, servedFrom(now)); since <= end && rows.length < limit; since += PIECE)
    rows.push(...settlements(process, contract, since, Math.min(since + PIECE - 1, end), now));
  return rows.slice(0, limit);
}
