import type { Database, Statement } from 'better-sqlite3';
import type { LearntSince, SeriesKind } from '#core/ports/history-facts.ts';
import { KIND, KINDS } from './spans.ts';

/** So many of the newest are kept: a reader that asks later has to take everything for changed. */
export const KEPT_CHANGES = 20_000;

/**
 * Migration: what writes changed of the past, in their order, so that who reads beside the writer need not look everything through.
 * No facts: these lie in the tables of their kind for ever, and of this list only the end is kept.
 */
export function addChanges(db: Database): void {
  db.exec(`
    CREATE TABLE changes (
      number INTEGER PRIMARY KEY,
      instrument INTEGER NOT NULL,
      kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
      from_t INTEGER NOT NULL
    ) STRICT;
  `);
}

export class ChangeWriter {
  readonly #put: Statement;
  readonly #drop: Statement;

  constructor(db: Database) {
    this.#put = db.prepare('INSERT INTO changes (instrument, kind, from_t) VALUES (?, ?, ?)');
    this.#drop = db.prepare('DELETE FROM changes WHERE number <= ?');
  }

  /** Inside the transaction that changes it; `from` is the least time of what changed, Infinity where nothing did. */
  write(instrument: number, kind: SeriesKind, from: number): void {
    if (from === Infinity) return;
    const { lastInsertRowid } = this.#put.run(instrument, KIND[kind], from);
    this.#drop.run(Number(lastInsertRowid) - KEPT_CHANGES);
  }
}

export const CHANGES_AFTER = `SELECT i.id AS instrument, c.kind, min(c.from_t) AS "from"
  FROM changes c CROSS JOIN instruments i ON i.number = c.instrument WHERE c.number > ? GROUP BY c.instrument, c.kind, i.id
  ORDER BY c.instrument, c.kind`;

/** Reads what changed after a mark: a seek, and the rows behind it. */
export function changesReader(db: Database): (mark: number | null) => LearntSince {
  const ends = db.prepare<[], { oldest: number | null; newest: number | null }>(
    'SELECT (SELECT min(number) FROM changes) AS oldest, (SELECT max(number) FROM changes) AS newest',
  );
  const after = db.prepare<[number], { instrument: string; kind: number; from: number }>(CHANGES_AFTER);
  return (mark) => {
    const { oldest, newest } = ends.get() ?? { oldest: null, newest: null };
    const upTo = newest ?? 0;
    if (mark === null || mark > upTo || mark < (oldest ?? 1) - 1) return { upTo, changes: null };
    const changes = after.all(mark).map(({ instrument, kind, from }) => ({ instrument, kind: KINDS[kind] ?? 'settled', from }));
    return { upTo, changes };
  };
}
