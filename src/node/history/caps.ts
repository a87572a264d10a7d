import type { Database, Statement } from 'better-sqlite3';
import type { Snapshot } from '#core/venue.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { FundingCap } from '#domain/metrics/frames/frames.ts';

/** Migration: what venues stated as the largest and least rate of an instrument, one row per change, kept for ever. */
export function addFundingCaps(db: Database): void {
  db.exec(`
    CREATE TABLE funding_caps (
      instrument INTEGER NOT NULL,
      from_t INTEGER NOT NULL CHECK (from_t >= 0),
      cap REAL CHECK (cap > 0),
      floor REAL CHECK (floor < 0),
      PRIMARY KEY (instrument, from_t)
    ) STRICT, WITHOUT ROWID;
  `);
}

export const readFundingCaps = (db: Database, instrument: InstrumentId): FundingCap[] =>
  db
    .prepare<[string], FundingCap>(
      `SELECT from_t AS "from", cap, floor FROM funding_caps
       WHERE instrument = (SELECT number FROM instruments WHERE id = ?) ORDER BY from_t`,
    )
    .all(instrument);

type Stated = Pick<FundingCap, 'cap' | 'floor'>;
const NOTHING: Stated = { cap: null, floor: null };
export type StagedCaps = Map<number, Stated>;

/** Writes changes of caps and floors. Holds what was stated last, so that a poll that changes nothing asks nothing. */
export class CapWriter {
  readonly #stated = new Map<number, Stated>();
  readonly #put: Statement;

  constructor(db: Database) {
    this.#put = db.prepare('INSERT OR REPLACE INTO funding_caps VALUES (?, ?, ?, ?)');
    const newest = 'SELECT instrument, max(from_t), cap, floor FROM funding_caps GROUP BY instrument';
    for (const { instrument, cap, floor } of db.prepare<[], Stated & { instrument: number }>(newest).all())
      this.#stated.set(instrument, { cap, floor });
  }

  /** Inside a transaction; `staged` takes the change, for `keep` once it is committed. */
  write(instrument: number, at: number, snapshot: Snapshot, staged: StagedCaps): void {
    const before = staged.get(instrument) ?? this.#stated.get(instrument) ?? NOTHING;
    // What could not be read this time takes nothing back.
    const { cap = before.cap, floor = before.floor } = snapshot;
    if (before.cap === cap && before.floor === floor) return;
    this.#put.run(instrument, at, cap, floor);
    staged.set(instrument, { cap, floor });
  }

  keep(staged: StagedCaps): void {
    for (const [instrument, stated] of staged) this.#stated.set(instrument, stated);
  }
}
