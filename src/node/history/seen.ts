import type { Database, Statement } from 'better-sqlite3';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import type { RawRow } from './rows.ts';

/** A running rate older than this at the moment asked about is not what the venue said then (domain 3.6). */
const MAX_AGE_MS = 5 * MINUTE_MS;
/** Polls so long before a settlement are looked at. */
const LOOK_BACK_MS = HOUR_MS + MAX_AGE_MS;

/**
 * Migration: the running rate as polls saw it 60, 15 and 5 minutes before each settlement, and the last one before it, with the
 * interval that they were quoted for. Polls are kept for days, these for ever.
 */
export function addSeen(db: Database): void {
  db.exec(`
    CREATE TABLE settled_seen (
      instrument INTEGER NOT NULL,
      key INTEGER NOT NULL,
      interval_h REAL NOT NULL,
      seen60 REAL,
      seen15 REAL,
      seen5 REAL,
      last REAL NOT NULL,
      last_at INTEGER NOT NULL,
      PRIMARY KEY (instrument, key)
    ) STRICT, WITHOUT ROWID;
  `);
  const oldest = db.prepare<[number], number | null>('SELECT min(ts) FROM snapshot_cold WHERE instrument = ?').pluck();
  const oldestHot = db.prepare<[], number | null>('SELECT min(ts) FROM snapshot_hot').pluck().get() ?? Infinity;
  const keys = db.prepare<[number, number], number>('SELECT key FROM settled WHERE instrument = ? AND key >= ?').pluck();
  const writer = new SeenWriter(db);
  for (const number of db.prepare<[], number>('SELECT number FROM instruments').pluck().all()) {
    const from = Math.min(oldest.get(number) ?? Infinity, oldestHot);
    if (from < Infinity) for (const key of keys.all(number, from)) writer.write(number, key);
  }
}

/** Rate and interval of a poll, behind its time. */
type Poll = [ts: number, rate: number, intervalH: number | null];

/** Keeps what polls saw before a settlement. */
export class SeenWriter {
  readonly #cold: Statement<[number, number, number], Poll>;
  readonly #hot: Statement<[{ number: number; from: number; to: number }], Poll>;
  readonly #put: Statement;
  readonly #oldest: Statement<[number], number | null>;

  constructor(db: Database) {
    this.#oldest = db
      .prepare<[number], number | null>(
        'SELECT min(t) FROM (SELECT min(ts) AS t FROM snapshot_cold WHERE instrument = ? UNION ALL SELECT min(ts) FROM snapshot_hot) AS either',
      )
      .pluck();
    this.#cold = db
      .prepare<[number, number, number], Poll>(
        'SELECT ts, rate, interval_h FROM snapshot_cold WHERE instrument = ? AND ts > ? AND ts <= ? ORDER BY ts',
      )
      .raw();
    // One seek per poll time: the table is in the order of time.
    this.#hot = db
      .prepare<[{ number: number; from: number; to: number }], Poll>(
        `WITH RECURSIVE times(t) AS (
           SELECT (SELECT min(ts) FROM snapshot_hot WHERE ts > @from)
           UNION ALL
           SELECT (SELECT min(ts) FROM snapshot_hot WHERE ts > t) FROM times WHERE t <= @to
         )
         SELECT ts, rate, interval_h FROM times CROSS JOIN snapshot_hot ON ts = t WHERE instrument = @number AND t <= @to`,
      )
      .raw();
    this.#put = db.prepare('INSERT INTO settled_seen VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  }

  /** No poll of the instrument is kept that is older, ms; Infinity: none is. */
  oldest(number: number): number {
    return this.#oldest.get(number) ?? Infinity;
  }

  /** Inside the caller's transaction. Nothing is written where no poll of the hour before is kept. */
  write(number: number, key: number): void {
    const [from, to] = [key - LOOK_BACK_MS, key];
    const polls = [...this.#cold.all(number, from, to), ...this.#hot.all({ number, from, to })].sort(([a], [b]) => a - b);
    const last = polls.at(-1);
    if (!last || last[2] === null) return;
    const seen = (minutes: number): number | null => {
      const moment = key - minutes * MINUTE_MS;
      const poll = polls.findLast(([ts]) => ts <= moment);
      // A rate of another interval is not comparable with the last one.
      return poll && poll[0] >= moment - MAX_AGE_MS && poll[2] === last[2] ? poll[1] : null;
    };
    this.#put.run(number, key, last[2], seen(60), seen(15), seen(5), last[1], last[0]);
  }
}

const AT = { key: 0, intervalH: 1, seen60: 2, seen15: 3, seen5: 4, last: 5, lastAt: 6 } as const;

export const SEEN_COLUMNS = 'key, interval_h, seen60, seen15, seen5, last, last_at';

/** Reads them as columns beside settlements. */
export function seenReader(db: Database) {
  const read = db
    .prepare<[number, number, number], RawRow>(
      `SELECT ${SEEN_COLUMNS} FROM settled_seen WHERE instrument = ? AND key > ? AND key <= ? ORDER BY key`,
    )
    .raw();
  return (number: number | undefined, key: Float64Array, intervalH: Float64Array) =>
    seenBeside(number === undefined || key.length === 0 ? [] : read.all(number, (key[0] ?? 0) - 1, key.at(-1) ?? 0), key, intervalH);
}

/** As columns beside settlements. A rate quoted for another interval than the settlement's, or seen before it began, is none of it. */
export function seenBeside(rows: readonly RawRow[], key: Float64Array, intervalH: Float64Array) {
  const unknown = (): Float64Array => new Float64Array(key.length).fill(NaN);
  const columns = { seen60: unknown(), seen15: unknown(), seen5: unknown(), seenLast: unknown(), seenLastAt: unknown() };
  let i = 0;
  for (const row of rows) {
    const at = row[AT.key] ?? NaN;
    while ((key[i] ?? Infinity) < at) i++;
    if (key[i] !== at || row[AT.intervalH] !== intervalH[i]) continue;
    const began = at - (intervalH[i] ?? NaN) * HOUR_MS;
    if (at - 60 * MINUTE_MS > began) columns.seen60[i] = row[AT.seen60] ?? NaN;
    if (at - 15 * MINUTE_MS > began) columns.seen15[i] = row[AT.seen15] ?? NaN;
    if (at - 5 * MINUTE_MS > began) columns.seen5[i] = row[AT.seen5] ?? NaN;
    const lastAt = row[AT.lastAt] ?? NaN;
    if (!(lastAt > began)) continue;
    columns.seenLast[i] = row[AT.last] ?? NaN;
    columns.seenLastAt[i] = lastAt;
  }
  return columns;
}
