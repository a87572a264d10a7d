import type { Database } from 'better-sqlite3';
import type { Span } from '#domain/time.ts';
import { checkSpan } from './checks.ts';

/**
 * Migration: in which stretches (from_t, to_t] something collected into this file, merged. Where nothing did, nothing can be there: a
 * hole of that time is no venue's.
 */
export function addRuns(db: Database): void {
  db.exec(`
    CREATE TABLE runs (
      from_t INTEGER PRIMARY KEY,
      to_t INTEGER NOT NULL CHECK (to_t > from_t)
    ) STRICT;
  `);
}

export const readRuns = (db: Database): Span[] =>
  db.prepare<[], Span>('SELECT from_t AS "from", to_t AS "to" FROM runs ORDER BY from_t').all();

/** Writes them; its statements are kept, for one comes every few seconds. */
export class RunWriter {
  /** Merges with those that it meets. */
  readonly write: (span: Span) => void;

  constructor(db: Database) {
    const met = db.prepare<[number, number], Span>('SELECT from_t AS "from", to_t AS "to" FROM runs WHERE from_t <= ? AND to_t >= ?');
    const drop = db.prepare<[number, number]>('DELETE FROM runs WHERE from_t <= ? AND to_t >= ?');
    const add = db.prepare<[number, number]>('INSERT INTO runs VALUES (?, ?)');
    const merge = db.transaction(({ from, to }: Span) => {
      const others = met.all(to, from);
      drop.run(to, from);
      add.run(Math.min(from, ...others.map((one) => one.from)), Math.max(to, ...others.map((one) => one.to)));
    });
    this.write = (span) => {
      checkSpan(span, 'a stretch of collecting');
      if (span.to > span.from) merge(span);
    };
  }
}
