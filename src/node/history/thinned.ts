import type { Database } from 'better-sqlite3';
import type { Thinned } from '#core/ports/history-facts.ts';
import { mergeSpans } from '#core/spans.ts';
import type { Span } from '#domain/time.ts';

/** Says what is about to be deleted, before it is: killed in between, nothing is gone of which nothing tells. */
export const recordThinned = (db: Database, { what, from, to, at }: Thinned): void =>
  void db.prepare('INSERT INTO thinned (what, from_t, to_t, at) VALUES (?, ?, ?, ?)').run(what, from, to, at);

export const readThinned = (db: Database): Thinned[] =>
  db.prepare<[], Thinned>('SELECT what, from_t AS "from", to_t AS "to", at FROM thinned ORDER BY number').all();

/**
 * Reads the stretches of (from, to] of which rows of an instrument that was known by then may have been deleted, ascending and merged.
 * As of whatever moment: what is deleted can be read as of none.
 */
export function thinnedReader(db: Database): (what: Thinned['what'], instrument: number, from: number, to: number) => Span[] {
  const read = db.prepare<[string, number, number, number], Span>(
    `SELECT from_t - 1 AS "from", to_t AS "to" FROM thinned
     WHERE what = ? AND to_t >= (SELECT learnt_at FROM instruments WHERE number = ?) AND to_t > ? AND from_t <= ?`,
  );
  return (what, instrument, from, to) =>
    mergeSpans(read.all(what, instrument, from, to).map((one) => ({ from: Math.max(one.from, from), to: Math.min(one.to, to) })));
}
