import type { Database } from 'better-sqlite3';
import type { HistoryExcess } from '#core/ports/history-facts.ts';
import type { HistoryLimits } from '#core/settings.ts';
import { partOfTime } from './maintain.ts';
import { inPieces, type Pieces } from './pieces.ts';
import { recordThinned } from './thinned.ts';

const HOUR_MS = 3_600_000;
/** Hours of one instrument, in one step of the upkeep. */
const DROPPED_AT_ONCE = 500;
const DAY_MS = 24 * HOUR_MS;
const MEGABYTE = 1024 * 1024;
/** What the screen first shows is never given up for room. */
const LEAST_DAYS = 35;

const TABLES = ['hour_hot', 'hour_cold'] as const;
const NOTHING: HistoryExcess = { rows: 0, from: null, to: null, bytes: 0 };

const one = (db: Database, sql: string, ...input: number[]): number =>
  Number(
    db
      .prepare(sql)
      .pluck()
      .get(...input) ?? 0,
  );

/** Bytes of the file that hold nothing: what was deleted is used again before the file grows. */
export const reusableBytes = (db: Database): number => one(db, 'PRAGMA page_size') * one(db, 'PRAGMA freelist_count');

/** What rows take, as a database measures it. */
export interface Sizes {
  inUse(db: Database): number;
  /** Of the hours, in all their tables. */
  ofHours(db: Database): number;
}

const bytesInUse = (db: Database): number => one(db, 'PRAGMA page_size') * one(db, 'PRAGMA page_count') - reusableBytes(db);

const IN_A_FILE: Sizes = {
  inUse: bytesInUse,
  ofHours: (db) => one(db, `SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND name IN ('${TABLES.join("', '")}')`),
};

function bytesPerHour(db: Database, sizes: Sizes): number {
  const rows = TABLES.reduce((sum, table) => sum + one(db, `SELECT count(*) FROM ${table}`), 0);
  return rows === 0 ? 0 : sizes.ofHours(db) / rows;
}

/** The newest close that has to go for so many rows to be gone, or 0. */
function closeAfter(db: Database, rows: number): number {
  const counts = db
    .prepare<[], { close: number; n: number }>(
      `SELECT close, sum(n) AS n FROM (${TABLES.map((table) => `SELECT close, count(*) AS n FROM ${table} GROUP BY close`).join(' UNION ALL ')}) AS either
       GROUP BY close ORDER BY close`,
    )
    .all();
  let gone = 0;
  let to = 0;
  for (const { close, n } of counts) {
    if (gone >= rows) break;
    gone += n;
    to = close;
  }
  return to;
}

/** Closes up to here are beyond the limits; 0: none. */
function cutOf(db: Database, { ageDays, megabytes }: HistoryLimits, now: number, sizes: Sizes): number {
  const byAge = ageDays === null ? 0 : now - ageDays * DAY_MS;
  const over = megabytes === null ? 0 : sizes.inUse(db) - megabytes * MEGABYTE;
  const perHour = over > 0 ? bytesPerHour(db, sizes) : 0;
  const bySize = perHour > 0 ? closeAfter(db, Math.ceil(over / perHour)) : 0;
  return Math.floor(Math.min(Math.max(byAge, bySize), now - LEAST_DAYS * DAY_MS));
}

/** Hour closes that the limits leave out at `now` (ms). Nothing is changed. */
export function excessOf(db: Database, limits: HistoryLimits, now: number, sizes = IN_A_FILE): HistoryExcess {
  if (limits.ageDays === null && limits.megabytes === null) return NOTHING;
  return beyond(db, cutOf(db, limits, now, sizes), sizes);
}

function beyond(db: Database, cut: number, sizes: Sizes): HistoryExcess {
  let excess = NOTHING;
  for (const table of TABLES) {
    const found = db
      .prepare<[number], { rows: number; from: number | null; to: number | null }>(
        // By instrument, in the order of the cold table's key: where nothing is beyond, a seek each.
        `SELECT count(*) AS "rows", min(close) AS "from", max(close) AS "to"
         FROM ${table === 'hour_cold' ? 'instruments CROSS JOIN hour_cold ON instrument = number' : table} WHERE close <= ?`,
      )
      .get(cut);
    if (!found || found.rows === 0) continue;
    const [from, to] = [found.from ?? 0, found.to ?? 0];
    excess = {
      rows: excess.rows + found.rows,
      from: Math.min(excess.from ?? from, from),
      to: Math.max(excess.to ?? to, to),
      bytes: 0,
    };
  }
  return excess.rows === 0 ? NOTHING : { ...excess, bytes: Math.round(excess.rows * bytesPerHour(db, sizes)) };
}

/** Deletes what was found, in pieces; killed in between, the rest goes with the next hour. */
export function* dropExcess(db: Database, { from, to }: HistoryExcess, now: number): Pieces {
  if (from === null || to === null) return;
  recordThinned(db, { what: 'hours', from, to, at: now });
  yield;
  const oldestHot = db.prepare<[], number | null>('SELECT min(close) FROM hour_hot').pluck();
  const dropHot = partOfTime(db, 'hour_hot', 'close');
  yield* inPieces(db, () => {
    const close = oldestHot.get() ?? Infinity;
    if (close <= to) dropHot(close);
    return close <= to;
  });
  const oldest = db.prepare<[number], number | null>('SELECT min(close) FROM hour_cold WHERE instrument = ?').pluck();
  const drop = db.prepare<[number, number]>('DELETE FROM hour_cold WHERE instrument = ? AND close <= ?');
  const instruments = db.prepare<[], number>('SELECT number FROM instruments').pluck().all();
  let next = 0;
  yield* inPieces(db, () => {
    const number = instruments[next] ?? 0;
    const close = oldest.get(number) ?? Infinity;
    if (close <= to) drop.run(number, Math.min(to, close + DROPPED_AT_ONCE * HOUR_MS));
    else next++;
    return next < instruments.length;
  });
}
