import type { Database } from 'better-sqlite3';
import type { Thinned } from '#core/ports.ts';

/** Says what is about to be deleted, before it is: killed in between, nothing is gone of which nothing tells. */
export const recordThinned = (db: Database, { what, from, to, at }: Thinned): void =>
  void db.prepare('INSERT INTO thinned (what, from_t, to_t, at) VALUES (?, ?, ?, ?)').run(what, from, to, at);

export const readThinned = (db: Database): Thinned[] =>
  db.prepare<[], Thinned>('SELECT what, from_t AS "from", to_t AS "to", at FROM thinned ORDER BY number').all();
