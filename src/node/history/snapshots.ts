import type { Database, Statement } from 'better-sqlite3';
import type { Snapshot } from '#core/venue.ts';
import { codeOf } from './errors.ts';
import type { Moved } from './maintain.ts';
import { besidePoll } from './polled-premium.ts';

const COLUMNS = 11;
/** Rows of one statement: binding and running it costs more than what it does with a row. */
const AT_ONCE = 25;

/** Migration: the venue's own premium of each poll, so that a row of then can be made again; of polls of before it is not known. */
export const addPolledPremium = (db: Database): void => {
  for (const temperature of ['hot', 'cold']) db.exec(`ALTER TABLE snapshot_${temperature} ADD COLUMN own_premium REAL`);
};

export const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

/** Puts a row where those of its time have moved, or are moving, unless it is among them. Instrument and time come first. */
export const besideHot = (table: string, time: string, columns: number): string =>
  `WITH given(${Array.from({ length: columns }, (_, i) => `c${i}`).join(', ')}) AS (VALUES (${marks(columns)}))
   INSERT OR IGNORE INTO ${table}_cold SELECT * FROM given WHERE NOT EXISTS (SELECT 1 FROM ${table}_hot WHERE ${time} = c1 AND instrument = c0)`;

/** A row of a poll that is kept as it is. */
export interface KeptSnapshot {
  readonly number: number;
  /** The row's own time, and that of the answer. */
  readonly own: number;
  readonly at: number;
  readonly snapshot: Snapshot;
}

/** Writes the rows of a poll; one of a time that is there changes nothing. */
export class SnapshotWriter {
  readonly #moved: Moved;
  readonly #putMany: Statement;
  readonly #putOne: Statement;
  readonly #putMoved: Statement;

  /** `table`: where rows of now go. */
  constructor(db: Database, moved: Moved, table: string) {
    this.#moved = moved;
    const put = (rows: number): Statement =>
      db.prepare(
        `INSERT INTO ${table} VALUES ${Array.from({ length: rows }, () => `(${marks(COLUMNS)})`).join(', ')} ON CONFLICT DO NOTHING`,
      );
    this.#putMany = put(AT_ONCE);
    this.#putOne = put(1);
    this.#putMoved = db.prepare(besideHot('snapshot', 'ts', COLUMNS));
  }

  /** Inside the caller's transaction; `onRefused` is told of a row that the file does not take, the others are written. */
  write(rows: readonly KeptSnapshot[], onRefused: (row: KeptSnapshot, error: unknown) => void): void {
    const one = (row: KeptSnapshot): void => {
      try {
        (row.own <= this.#moved.snapshots ? this.#putMoved : this.#putOne).run(valuesOf([row]));
      } catch (error) {
        onRefused(row, error);
      }
    };
    for (let i = 0; i < rows.length; i += AT_ONCE) {
      const some = rows.slice(i, i + AT_ONCE);
      if (some.length < AT_ONCE || some.some(({ own }) => own <= this.#moved.snapshots) || !this.#all(some)) some.forEach(one);
    }
  }

  /** False where the file does not take them together: a statement that fails leaves nothing behind. */
  #all(rows: readonly KeptSnapshot[]): boolean {
    try {
      this.#putMany.run(valuesOf(rows));
      return true;
    } catch (error) {
      if (codeOf(error).startsWith('SQLITE_CONSTRAINT')) return false;
      throw error;
    }
  }
}

const valuesOf = (rows: readonly KeptSnapshot[]): (number | null)[] => {
  const values: (number | null)[] = [];
  for (const { number, own, at, snapshot: s } of rows)
    values.push(
      number,
      own,
      s.rate,
      s.intervalH,
      s.mark,
      s.index,
      s.openInterest,
      s.volume24h,
      s.nextFundingAt,
      at - own,
      besidePoll(s, own),
    );
  return values;
};
