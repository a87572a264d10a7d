import type { Database } from 'better-sqlite3';
import type { StorageSurvey, StoredKind } from '#bridge/storage.ts';
import { connectReadonly } from './connection.ts';
import { readableAt } from './readable-copy.ts';

const DAY_MS = 86_400_000;
/** Growth is that of so many days. */
const COUNTED_DAYS = 7;
const YEAR_DAYS = 365;

interface Kind {
  readonly kind: StoredKind['kind'];
  /** Tables whose rows are counted, with the column of their time. */
  readonly rows: readonly (readonly [table: string, time: string])[];
  /** Tables that hang on them. */
  readonly beside: readonly string[];
  readonly keptDays: number | null;
}

/** As domain knowledge has it: settled rates, prices and hours for ever, polls 30 days, books 7. */
const KINDS: readonly Kind[] = [
  { kind: 'settled', rows: [['settled', 'key']], beside: ['settled_later', 'settled_seen', 'conflicts'], keptDays: null },
  { kind: 'prices', rows: [['prices', 'close']], beside: ['prices_later', 'batches'], keptDays: null },
  {
    kind: 'hours',
    rows: [
      ['hour_cold', 'close'],
      ['hour_hot', 'close'],
    ],
    beside: ['terms', 'terms_of_instrument'],
    keptDays: null,
  },
  {
    kind: 'polls',
    rows: [
      ['snapshot_cold', 'ts'],
      ['snapshot_hot', 'ts'],
    ],
    beside: [],
    keptDays: 30,
  },
  { kind: 'books', rows: [['book_raw', 'ts']], beside: ['book_hour'], keptDays: 7 },
];

export type HistorySurvey = Pick<StorageSurvey, 'kinds' | 'venues' | 'countedDays' | 'bytesInYear' | 'givesBack'>;

/** What lies in a history, by kind and venue, how it grows and how large it will be. Reads all of it: meant for a worker of its own. */
export function surveyOf(file: string): HistorySurvey {
  const readable = readableAt(file);
  try {
    const db = connectReadonly(readable.path);
    try {
      return survey(db);
    } finally {
      db.close();
    }
  } finally {
    readable.release();
  }
}

interface Counted {
  readonly number: number;
  readonly rows: number;
  readonly recent: number;
  readonly oldest: number;
  readonly newest: number;
}

export function survey(db: Database): HistorySurvey {
  const bytesOf = new Map(
    db.prepare<[], [string, number]>('SELECT name, sum(pgsize) FROM dbstat WHERE aggregate = TRUE GROUP BY name').raw().all(),
  );
  const venueOf = new Map(db.prepare<[], [number, string]>('SELECT number, venue FROM instruments').raw().all());
  // Of what is recorded, not of this machine's clock: the demo's runs faster, and a copy is looked at later.
  const newest = Math.max(
    0,
    ...['hour_hot', 'hour_cold'].map((table) => Number(db.prepare(`SELECT max(close) FROM ${table}`).pluck().get() ?? 0)),
    Number(db.prepare('SELECT max(ts) FROM snapshot_hot').pluck().get() ?? 0),
  );
  const since = newest - COUNTED_DAYS * DAY_MS;
  const counted = KINDS.map((kind) => ({ ...kind, counts: kind.rows.flatMap(([table, time]) => count(db, table, time, since)) }));
  const firstRecorded = Math.min(
    newest,
    ...counted.filter(({ kind }) => kind === 'hours').flatMap(({ counts }) => counts.map(({ oldest }) => oldest)),
  );
  const countedDays = Math.min(COUNTED_DAYS, Math.max(0, (newest - firstRecorded) / DAY_MS));

  const kinds: StoredKind[] = [];
  const venues = new Map<string, { rows: number; bytes: number }>();
  for (const { kind, rows: tables, beside, keptDays, counts } of counted) {
    const bytes = [...tables.map(([table]) => table), ...beside].reduce((sum, table) => sum + (bytesOf.get(table) ?? 0), 0);
    const rows = counts.reduce((sum, one) => sum + one.rows, 0);
    const recent = counts.reduce((sum, one) => sum + one.recent, 0);
    const oldest = counts.reduce((least, one) => Math.min(least, one.oldest), Infinity);
    kinds.push({ kind, bytes, rows, rowsPerDay: countedDays > 0 ? recent / countedDays : 0, keptDays, oldest: rows === 0 ? null : oldest });
    for (const one of counts) {
      const venue = venueOf.get(one.number) ?? '';
      const before = venues.get(venue) ?? { rows: 0, bytes: 0 };
      venues.set(venue, { rows: before.rows + one.rows, bytes: before.bytes + (rows === 0 ? 0 : (bytes * one.rows) / rows) });
    }
  }
  const known = kinds.reduce((sum, one) => sum + one.bytes, 0);
  const all = [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0);
  kinds.push({ kind: 'other', bytes: all - known, rows: 0, rowsPerDay: 0, keptDays: null, oldest: null });
  return {
    kinds,
    venues: [...venues].map(([venue, one]) => ({ venue, ...one })).sort((a, b) => b.bytes - a.bytes),
    countedDays,
    bytesInYear: countedDays < 1 ? null : kinds.reduce((sum, one) => sum + inYear(one), 0),
    givesBack: Number(db.pragma('auto_vacuum', { simple: true })) !== 0,
  };
}

/** One row an instrument. A table whose key begins with the instrument is read in that order, a seek for what is recent. */
const count = (db: Database, table: string, time: string, since: number): Counted[] =>
  db
    .prepare<[number], Counted>(
      `SELECT instrument AS number, count(*) AS "rows", sum(${time} > ?) AS recent, min(${time}) AS oldest, max(${time}) AS newest
       FROM ${table} GROUP BY instrument`,
    )
    .all(since);

/** What is kept for ever goes on growing; what is kept for days reaches what so many days take, and stays there. */
function inYear({ bytes, rows, rowsPerDay, keptDays }: StoredKind): number {
  if (rows === 0) return bytes;
  const each = bytes / rows;
  return keptDays === null ? bytes + rowsPerDay * YEAR_DAYS * each : Math.max(bytes, rowsPerDay * keptDays * each);
}
