import type { Database } from 'better-sqlite3';

const DAY_MS = 86_400_000;
/** How long every snapshot of a watched instrument is kept; its hours stay for ever. */
const SNAPSHOT_DAYS = 30;

/** Polls (of all venues) and hours that gather in the hot tables before they move: fewer moves write fewer pages. */
const HOT_POLLS = 180;
const HOT_HOURS = 48;

interface Pair {
  readonly hot: string;
  readonly cold: string;
  readonly time: string;
  readonly batch: number;
}

const PAIRS: readonly Pair[] = [
  { hot: 'snapshot_hot', cold: 'snapshot_cold', time: 'ts', batch: HOT_POLLS },
  { hot: 'hour_hot', cold: 'hour_cold', time: 'close', batch: HOT_HOURS },
];

/** Rows of one transaction, so that the -wal stays small. */
const MOVED_ROWS = 200_000;

/** Distinct times in a hot table, counted up to the batch: one seek each. */
function timesIn(db: Database, { hot, time, batch }: Pair): number {
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
 * Copies the hot rows in ranges of instruments, which writes each cold page once, and empties the hot table at the end. Killed
 * in between, some rows are in both: readers count a key once, and the next move writes the same rows again.
 */
function move(db: Database, { hot, cold, time }: Pair): void {
  const rows = Number(db.prepare(`SELECT count(*) FROM ${hot}`).pluck().get());
  const last = Number(db.prepare('SELECT max(number) FROM instruments').pluck().get());
  const range = Math.ceil(last / Math.ceil(rows / MOVED_ROWS));
  const copy = db.prepare(
    `INSERT OR REPLACE INTO ${cold} SELECT * FROM ${hot} WHERE instrument >= ? AND instrument < ? ORDER BY instrument, ${time}`,
  );
  for (let from = 1; from <= last; from += range) copy.run(from, from + range);
  db.exec(`DELETE FROM ${hot}`);
}

/** Moves full hot tables to the cold ones. True when something moved. */
export function moveHotToCold(db: Database): boolean {
  const full = PAIRS.filter((pair) => timesIn(db, pair) >= pair.batch);
  for (const pair of full) move(db, pair);
  return full.length > 0;
}

/** Snapshots past their days, a whole day at a time so that most calls find nothing to do. Their hours were closed as they passed. */
export function dropOldSnapshots(db: Database, now: number): number {
  const before = (Math.floor(now / DAY_MS) - SNAPSHOT_DAYS) * DAY_MS;
  const instruments = db.prepare<[], number>('SELECT number FROM instruments').pluck().all();
  const drop = db.prepare('DELETE FROM snapshot_cold WHERE instrument = ? AND ts < ?');
  return db
    .transaction(() => {
      let dropped = db.prepare('DELETE FROM snapshot_hot WHERE ts < ?').run(before).changes;
      for (const number of instruments) dropped += drop.run(number, before).changes;
      return dropped;
    })
    .immediate();
}
