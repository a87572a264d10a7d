import type { Database } from 'better-sqlite3';
import type { Snapshot } from '#core/venue.ts';

/** Venues state premiums with 10 decimals (Hyperliquid) or 16 (OKX) at most. */
const SHORT = 1e10;
const LONG = 1e16;

/** Migration: from here on `own_premium` of polls holds `packedPremium`, which a program of before would misread. Its rows stay as they are. */
export const packPremiums = (db: Database): void =>
  void db.prepare("UPDATE meta SET value = ? WHERE name = 'least_reader'").run(Number(db.pragma('user_version', { simple: true })) + 1);

/**
 * A premium as polls keep it. SQLite keeps whole numbers short, so one of up to 10 decimals is kept in multiples of 1e-10 (whole numbers up to
 * 1e10: 3 or 4 bytes), one of up to 16 in multiples of 1e-16 (whole numbers beyond 1e10: 6 bytes below 1.4 %), anything else as it is (8 bytes).
 * -1, 0 and 1 are always as they are: so premiums within bounds that were written before any was packed read the same.
 */
export function packedPremium(premium: number): number {
  const short = Math.round(premium * SHORT);
  if (Math.abs(short) > 1 && Math.abs(short) <= SHORT && short / SHORT === premium) return short;
  const long = Math.round(premium * LONG);
  return Math.abs(long) > SHORT && long / LONG === premium ? long : premium;
}

/** The very number that was packed. */
export function unpackedPremium(kept: number): number {
  if (!Number.isInteger(kept) || Math.abs(kept) <= 1) return kept;
  return kept / (Math.abs(kept) <= SHORT ? SHORT : LONG);
}

/**
 * What `own_premium` of a poll holds: of a venue that states its own premium that, packed; of any other, which has no use for the column, how
 * much older than the row (of time `own`) its open interest is, ms. Where a venue has both, the age is not kept. A venue that begins to state
 * its own premium needs a migration, for its polls of before hold ages.
 */
export function besidePoll({ premium, openInterest, openInterestAt }: Snapshot, own: number): number | null {
  if (premium !== undefined) return premium === null ? null : packedPremium(premium);
  return openInterest === null || openInterestAt === undefined ? null : own - openInterestAt;
}

/** The same again; `states`: the venue states its own premium. */
export function fromBeside(kept: number | null, states: boolean, own: number): Pick<Snapshot, 'premium' | 'openInterestAt'> {
  if (states) return { premium: kept === null ? null : unpackedPremium(kept) };
  return kept === null ? {} : { openInterestAt: own - kept };
}
