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

/** Merges with those that it meets. */
export function writeRun(db: Database, span: Span): void {
  checkSpan(span, 'a stretch of collecting');
  if (span.to === span.from) return;
  db.transaction(({ from, to }: Span) => {
    const met = db
      .prepare<[number, number], Span>('SELECT from_t AS "from", to_t AS "to" FROM runs WHERE from_t <= ? AND to_t >= ?')
      .all(to, from);
    db.prepare('DELETE FROM runs WHERE from_t <= ? AND to_t >= ?').run(to, from);
    db.prepare('INSERT INTO runs VALUES (?, ?)').run(
      Math.min(from, ...met.map((one) => one.from)),
      Math.max(to, ...met.map((one) => one.to)),
    );
  })(span);
}
