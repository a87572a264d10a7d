import type { Database } from 'better-sqlite3';
import { inPieces, leastOf, type Pieces } from './pieces.ts';
import { recordThinned } from './thinned.ts';

const DAY_MS = 86_400_000;
/** How long every snapshot of a watched instrument is kept; its hours stay for ever. */
const SNAPSHOT_DAYS = 30;

/** Polls (of all venues) and hours that gather in the hot tables before they move: fewer moves write fewer pages. */
const HOT_POLLS = 180;
const HOT_HOURS = 48;
/** Instruments of one step of a move, a millisecond or two of work; of a time, rows that one step deletes once they have moved. */
const MOVED_AT_ONCE = 4;
const DELETED_AT_ONCE = 500;
/** What one step deletes of one instrument: as many snapshots as a few milliseconds allow. */
const DROPPED_AT_ONCE_MS = DAY_MS / 4;

/** Rows up to these times have moved, or are moving: a late one of that time goes where they are. */
export interface Moved {
  snapshots: number;
  hours: number;
}

interface TablePair {
  readonly what: keyof Moved;
  readonly hot: string;
  readonly cold: string;
  readonly time: string;
  readonly batch: number;
}

const TABLE_PAIRS: readonly TablePair[] = [
  { what: 'snapshots', hot: 'snapshot_hot', cold: 'snapshot_cold', time: 'ts', batch: HOT_POLLS },
  { what: 'hours', hot: 'hour_hot', cold: 'hour_cold', time: 'close', batch: HOT_HOURS },
];

/** Distinct times in a hot table, counted up to the batch: one seek each. */
function timesIn(db: Database, { hot, time, batch }: TablePair): number {
  const count = db
    .prepare<[number], number>(
      `WITH RECURSIVE times(t) AS (
         SELECT (SELECT min(${time}) FROM ${hot})
         UNION ALL
         SELECT (SELECT min(${time}) FROM ${hot} WHERE ${time} > t) FROM times WHERE t IS NOT NULL
         LIMIT ?
       ) SELECT count(t) FROM times`,
    )
    .pluck();
  return count.get(batch) ?? 0;
}

/**
 * Copies the hot rows in ranges of instruments, which writes each cold page once, then deletes them time by time. Killed in
 * between, some rows are in both: readers count a key once, and the next move leaves them as they are.
 */
function* move(db: Database, { what, hot, cold, time }: TablePair, moved: Moved): Pieces {
  const cut = Number(db.prepare(`SELECT max(${time}) FROM ${hot}`).pluck().get());
  moved[what] = Math.max(moved[what], cut);
  const last = Number(db.prepare('SELECT max(number) FROM instruments').pluck().get());
  const copy = db.prepare<[number, number, number]>(
    `WITH RECURSIVE times(t) AS (
       SELECT (SELECT min(${time}) FROM ${hot})
       UNION ALL
       SELECT (SELECT min(${time}) FROM ${hot} WHERE ${time} > t) FROM times WHERE t < ?
     )
     INSERT OR IGNORE INTO ${cold} SELECT h.* FROM times CROSS JOIN ${hot} h ON h.${time} = t WHERE h.instrument >= ? AND h.instrument < ?
     ORDER BY h.instrument, h.${time}`,
  );
  let from = 1;
  yield* inPieces(db, () => {
    copy.run(cut, from, from + MOVED_AT_ONCE);
    from += MOVED_AT_ONCE;
    return from <= last;
  });
  const oldest = db.prepare<[], number | null>(`SELECT min(${time}) FROM ${hot}`).pluck();
  const drop = partOfTime(db, hot, time);
  yield* inPieces(db, () => {
    const t = oldest.get() ?? Infinity;
    if (t > cut) return false;
    drop(t);
    return true;
  });
}

/** Deletes rows of a time from a hot table, the first ones of those that are there; killed in between, the rest goes another time. */
export function partOfTime(db: Database, hot: string, time: string): (t: number) => void {
  const end = db
    .prepare<[number, number], number>(`SELECT instrument FROM ${hot} WHERE ${time} = ? ORDER BY instrument LIMIT 1 OFFSET ?`)
    .pluck();
  const drop = db.prepare<[number, number]>(`DELETE FROM ${hot} WHERE ${time} = ? AND instrument < ?`);
  return (t) => void drop.run(t, end.get(t, DELETED_AT_ONCE) ?? Number.MAX_SAFE_INTEGER);
}

/** Moves full hot tables to the cold ones. */
export function* moveHotToCold(db: Database, moved: Moved): Pieces {
  for (const pair of TABLE_PAIRS) if (timesIn(db, pair) >= pair.batch) yield* move(db, pair, moved);
}

/** Snapshots past their days, a whole day at a time so that most calls find nothing to do. Their hours were closed as they passed. */
export function* dropOldSnapshots(db: Database, now: number): Pieces {
  const before = (Math.floor(now / DAY_MS) - SNAPSHOT_DAYS) * DAY_MS;
  const oldestHot = db.prepare<[], number | null>('SELECT min(ts) FROM snapshot_hot').pluck();
  const dropHot = partOfTime(db, 'snapshot_hot', 'ts');
  const oldestCold = db.prepare<[number], number | null>('SELECT min(ts) FROM snapshot_cold WHERE instrument = ?').pluck();
  const dropCold = db.prepare<[number, number]>('DELETE FROM snapshot_cold WHERE instrument = ? AND ts < ?');
  const instruments = db.prepare<[], number>('SELECT number FROM instruments').pluck().all();
  const oldest = Math.min(oldestHot.get() ?? Infinity, yield* leastOf(db, instruments, (number) => oldestCold.get(number)));
  if (oldest >= before) return;
  recordThinned(db, { what: 'snapshots', from: oldest, to: before - 1, at: now });
  yield* inPieces(db, () => {
    const t = oldestHot.get() ?? Infinity;
    if (t < before) dropHot(t);
    return t < before;
  });
  let next = 0;
  yield* inPieces(db, () => {
    const number = instruments[next] ?? 0;
    const t = oldestCold.get(number) ?? Infinity;
    if (t < before) dropCold.run(number, Math.min(before, t + DROPPED_AT_ONCE_MS));
    else next++;
    return next < instruments.length;
  });
}

/**
 * Migration: the counts of rows that SQLite's planner took go. Every statement that reads more than one table says in which order it does, and
 * counting the cold polls anew kept the writer for 22 ms and more.
 */
export const dropStatistics = (db: Database): void => {
  for (const table of ['sqlite_stat1', 'sqlite_stat4']) db.exec(`DROP TABLE IF EXISTS ${table}`);
};
