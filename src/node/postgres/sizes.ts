import type { Database } from 'better-sqlite3';
import type { StoreStatus } from '#core/ports/history-facts.ts';
import type { Sizes } from '../history/limits.ts';

const bytesOf = (db: Database, tables: string): number =>
  db
    .prepare<[], number>(
      `SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::float8 FROM pg_class
       WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname LIKE '${tables}'`,
    )
    .pluck()
    .get() ?? 0;

/** Of a server's disk nothing is given up for room: deleted rows do not make its files smaller at once, so every hour would delete more. */
export const IN_A_SERVER: Sizes = { inUse: () => 0, ofHours: (db) => bytesOf(db, 'hour\\_%') };

/** Counting the rows of a large table would read all of it: the server's own estimate, once it has one. */
const SETTLED_ROWS =
  "SELECT CASE WHEN reltuples > 100000 THEN reltuples::float8 ELSE (SELECT count(*) FROM settled) END FROM pg_class WHERE oid = 'settled'::regclass";

export const statusOf = (db: Database, notices: readonly string[]): StoreStatus => ({
  bytes: bytesOf(db, '%'),
  reusableBytes: 0,
  walBytes: 0,
  settledRows: db.prepare<[], number>(SETTLED_ROWS).pluck().get() ?? 0,
  notices,
});
