import type { Database } from 'better-sqlite3';
import type { Thinned } from '#core/ports/history-facts.ts';
import { mergeSpans } from '#core/spans.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import { metaOf } from './versions.ts';

const DAY_MS = 24 * HOUR_MS;
/** How long versions of before the migration kept polls and books. */
const KEPT_DAYS = { snapshots: 30, books: 7 } as const;

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

/**
 * Migration: versions of before `thinned` deleted old polls and books and left no word of it. What their limits had reached by the
 * taking over counts as deleted then: polls as far back as hours go, books as far back as the last ones of hours. A file that was
 * begun later holds nothing so old.
 */
export function tellThinnedBefore(db: Database): void {
  const at = metaOf(db, 'taken_over_at');
  if (at === null) return;
  const least = (table: string, time: string): number | null =>
    db
      .prepare<[], number | null>(`SELECT min((SELECT min(${time}) FROM ${table} WHERE instrument = number)) FROM instruments`)
      .pluck()
      .get() ?? null;
  const leastHot = (table: string, time: string): number | null =>
    db.prepare<[], number | null>(`SELECT min(${time}) FROM ${table}`).pluck().get() ?? null;
  const tell = (what: keyof typeof KEPT_DAYS, first: number, kept: number): void => {
    const from = Math.ceil(first / HOUR_MS) * HOUR_MS - HOUR_MS + 1;
    const to = Math.min((Math.floor(at / DAY_MS) - KEPT_DAYS[what]) * DAY_MS, kept) - 1;
    if (from <= to) recordThinned(db, { what, from, to, at });
  };
  const first = Math.min(least('hour_cold', 'close') ?? Infinity, leastHot('hour_hot', 'close') ?? Infinity);
  const oldest = Math.min(least('snapshot_cold', 'ts') ?? Infinity, leastHot('snapshot_hot', 'ts') ?? Infinity);
  if (first < Infinity) tell('snapshots', first, oldest);
  const book = least('book_hour', 'ts');
  if (book !== null) tell('books', book, Infinity);
}
