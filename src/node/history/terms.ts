import type { Database, Statement } from 'better-sqlite3';
import type { FundingTerms } from '#core/ports/history-facts.ts';
import type { AsOf } from '#core/ports/history.ts';
import type { Snapshot } from '#core/venue.ts';
import type { InstrumentId } from '#domain/instrument.ts';

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

/**
 * Migration: the interest joins cap and floor, and every hour says under which of these terms it was observed, when it settles next
 * and how long after its close it was learnt. Until now a value of the past was made with the newest interest. Hours of before know
 * their terms by their time; what their interest was is not known.
 */
export function addTerms(db: Database): void {
  db.exec(`
    CREATE TABLE terms (
      number INTEGER PRIMARY KEY,
      instrument INTEGER NOT NULL,
      from_t INTEGER NOT NULL CHECK (from_t >= 0),
      learnt_at INTEGER NOT NULL,
      cap REAL CHECK (cap > 0),
      floor REAL CHECK (floor < 0),
      interest_per_8h REAL
    ) STRICT;
    CREATE INDEX terms_of_instrument ON terms (instrument);
    INSERT INTO terms (instrument, from_t, learnt_at, cap, floor) SELECT instrument, from_t, from_t, cap, floor FROM funding_caps ORDER BY from_t, instrument;
    DROP TABLE funding_caps;
    ALTER TABLE latest ADD COLUMN learnt_at INTEGER;
  `);
  for (const temperature of ['hot', 'cold'])
    db.exec(`
      ALTER TABLE hour_${temperature} ADD COLUMN next_in_ms INTEGER;
      ALTER TABLE hour_${temperature} ADD COLUMN terms INTEGER;
      ALTER TABLE hour_${temperature} ADD COLUMN late_ms INTEGER NOT NULL DEFAULT 0 CHECK (late_ms >= 0);
      ALTER TABLE snapshot_${temperature} ADD COLUMN late_ms INTEGER NOT NULL DEFAULT 0 CHECK (late_ms >= 0);
    `);
}

/** With the number by which hours name them. */
export interface NumberedTerms extends FundingTerms {
  readonly number: number;
}

/** Changes of an instrument's terms, in the order in which they were learnt. */
export const numberedTerms = (db: Database): ((instrument: number, asOf: AsOf) => NumberedTerms[]) => {
  const read = db.prepare<[number, number], NumberedTerms>(
    `SELECT number, from_t AS "from", cap, floor, interest_per_8h AS interestPer8h FROM terms
     WHERE instrument = ? AND learnt_at <= ? ORDER BY learnt_at, number`,
  );
  return (instrument, asOf) => read.all(instrument, asOf ?? Infinity);
};

/** The same of many, whose numbers are a list in JSON. */
export const termsOfMany = (db: Database): ((numbers: string, asOf: number) => Map<number, NumberedTerms[]>) => {
  const read = db.prepare<[{ numbers: string; asOf: number }], NumberedTerms & { readonly instrument: number }>(
    `SELECT instrument, number, from_t AS "from", cap, floor, interest_per_8h AS interestPer8h FROM json_each(@numbers) CROSS JOIN terms ON instrument = value
     WHERE learnt_at <= @asOf ORDER BY learnt_at, number`,
  );
  return (numbers, asOf) => {
    const found = new Map<number, NumberedTerms[]>();
    for (const row of read.all({ numbers, asOf })) {
      const before = found.get(row.instrument);
      if (before === undefined) found.set(row.instrument, [row]);
      else before.push(row);
    }
    return found;
  };
};

/** Of each instrument the terms that were learnt last by a moment: of a merged history they need not have the greatest number. */
const NEWEST = `FROM instruments i JOIN terms t ON t.number =
  (SELECT number FROM terms WHERE instrument = i.number AND learnt_at <= ? ORDER BY learnt_at DESC, number DESC LIMIT 1)`;

/** What was stated last of each instrument's largest and least rate, by its number. */
export const newestTerms = (db: Database): ((asOf: AsOf) => Map<number, Pick<FundingTerms, 'cap' | 'floor'>>) => {
  const read = db.prepare<[number], FundingTerms & { instrument: number }>(`SELECT t.instrument, t.cap, t.floor ${NEWEST}`);
  return (asOf) => new Map(read.all(asOf ?? Infinity).map(({ instrument, cap, floor }) => [instrument, { cap, floor }]));
};

/** The same by the time from which each held. */
export function termsReader(db: Database): (instrument: InstrumentId, asOf: AsOf) => FundingTerms[] {
  const read = db.prepare<[string, number], FundingTerms>(
    `SELECT from_t AS "from", cap, floor, interest_per_8h AS interestPer8h FROM terms
     WHERE instrument = (SELECT number FROM instruments WHERE id = ?) AND learnt_at <= ? ORDER BY from_t, number`,
  );
  return (instrument, asOf) => read.all(instrument, asOf ?? Infinity);
}

type Stated = Pick<NumberedTerms, 'number' | 'cap' | 'floor' | 'interestPer8h'>;
const NOTHING: Stated = { number: 0, cap: null, floor: null, interestPer8h: null };
export type StagedTerms = Map<number, Stated>;

/** Writes changes of terms. Holds what was stated last, so that a poll that changes nothing asks nothing. */
export class TermsWriter {
  readonly #db: Database;
  #stated = new Map<number, Stated>();
  readonly #put: Statement;

  constructor(db: Database) {
    this.#db = db;
    this.#put = db.prepare('INSERT INTO terms (instrument, from_t, learnt_at, cap, floor, interest_per_8h) VALUES (?, ?, ?, ?, ?, ?)');
    this.load();
  }

  /** What the database holds: anew when something else has written there. */
  load(): void {
    const newest = `SELECT t.instrument, t.number, t.cap, t.floor, t.interest_per_8h AS interestPer8h ${NEWEST}`;
    const rows = this.#db.prepare<[number], Stated & { instrument: number }>(newest).all(Infinity);
    this.#stated = new Map(rows.map(({ instrument, ...stated }) => [instrument, stated]));
  }

  /** The number of what was stated last, null where nothing was. */
  inForce(instrument: number, staged: StagedTerms): number | null {
    return (staged.get(instrument) ?? this.#stated.get(instrument))?.number ?? null;
  }

  /** Inside a transaction; `staged` takes the change, for `keep` once it is committed. */
  write(instrument: number, at: number, learntAt: number, snapshot: Snapshot, staged: StagedTerms): void {
    const before = staged.get(instrument) ?? this.#stated.get(instrument) ?? NOTHING;
    // What could not be read this time takes nothing back.
    const interestPer8h = snapshot.interestUnread ? before.interestPer8h : snapshot.interestPer8h;
    const { cap = before.cap, floor = before.floor } = snapshot;
    if (before.cap === cap && before.floor === floor && before.interestPer8h === interestPer8h) return;
    const { lastInsertRowid } = this.#put.run(instrument, at, learntAt, cap, floor, interestPer8h);
    staged.set(instrument, { number: Number(lastInsertRowid), cap, floor, interestPer8h });
  }

  keep(staged: StagedTerms): void {
    for (const [instrument, stated] of staged) this.#stated.set(instrument, stated);
  }
}
