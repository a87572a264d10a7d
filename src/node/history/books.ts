import type { Database } from 'better-sqlite3';
import type { BookColumns, BookRecord, NewestBooks } from '#core/ports/history-facts.ts';
import type { AsOf, Kept } from '#core/ports/history.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS, hourClose } from '#domain/time.ts';
import { bound, positive, time } from './checks.ts';
import { HistoryError } from './errors.ts';
import { inPieces, leastOf, type Pieces } from './pieces.ts';
import { recordThinned, thinnedReader } from './thinned.ts';

const DAY_MS = 86_400_000;
/** How long every recorded book is kept; of the hours before, the last one stays for ever. */
const RAW_DAYS = 7;
/** Of one instrument, in one step of the upkeep. */
const HOURS_AT_ONCE = 6;

const BOOK = `
  instrument INTEGER NOT NULL,
  ts INTEGER NOT NULL CHECK (ts >= 0),
  mid REAL NOT NULL CHECK (mid > 0),
  bids INTEGER NOT NULL CHECK (bids > 0),
  levels BLOB NOT NULL CHECK (length(levels) % 8 = 0),
  PRIMARY KEY (instrument, ts)`;

/** Levels are 4-byte floats: distance from mid and quote money alternating, the bids (so many levels) before the asks. */
export const addBooks = (db: Database): void => {
  db.exec(`
    CREATE TABLE book_raw (${BOOK}) STRICT, WITHOUT ROWID;
    CREATE TABLE book_hour (${BOOK}) STRICT, WITHOUT ROWID;
  `);
};

interface BookRow {
  readonly ts: number;
  readonly mid: number;
  readonly bids: number;
  readonly levels: Uint8Array;
}

/** One transaction; a book of a time that has one stays as it is. */
export function writeBooks(db: Database, numberOf: (id: InstrumentId) => number, books: readonly BookRecord[]): void {
  const put = db.prepare('INSERT INTO book_raw (instrument, ts, mid, bids, levels) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  db.transaction(() => {
    for (const { instrument, at, mid, bids, asks } of books) {
      const levels = Float32Array.from([...bids, ...asks]);
      if (!levels.every((value) => Number.isFinite(value) && value >= 0))
        throw new HistoryError(
          'invalid',
          'An order book that cannot be stored was refused. The log has the details.',
          `${instrument}: book of ${at}`,
        );
      const blob = Buffer.from(levels.buffer);
      put.run(numberOf(instrument), time(at, `${instrument} book`), positive(mid, `${instrument} mid`), bids.length / 2, blob);
    }
  }).immediate();
}

/** A book is known from its own time on. */
export function readBooks(db: Database, instrument: InstrumentId, from: number, to: number, asOf: AsOf = null): Kept<BookColumns> {
  const range = 'SELECT b.ts, b.mid, b.bids, b.levels FROM instruments i CROSS JOIN';
  const where = 'ON b.instrument = i.number WHERE i.id = @instrument AND b.ts > @from AND b.ts <= @to';
  const rows = db
    .prepare<[{ instrument: string; from: number; to: number }], BookRow>(
      `${range} book_hour b ${where} UNION ALL ${range} book_raw b ${where} ORDER BY 1`,
    )
    .all({ instrument, from: bound(from, 'from'), to: bound(Math.min(to, asOf ?? Infinity), 'to') });
  const number = db.prepare<[string], number>('SELECT number FROM instruments WHERE id = ?').pluck().get(instrument);
  const thinned = number === undefined ? [] : thinnedReader(db)('books', number, from, Math.min(to, asOf ?? Infinity));
  return { ...columnsOf(rows), thinned };
}

/** Reads the last book up to `at` of each of these that has one: one statement for each table, since one by one takes ten times as long. */
export function newestBooksReader(db: Database): (ids: readonly InstrumentId[], at: number) => NewestBooks {
  const newest = (table: string) =>
    db.prepare<[{ ids: string; at: number }], BookRow & { readonly id: InstrumentId }>(
      `SELECT i.id, b.ts, b.mid, b.bids, b.levels FROM json_each(@ids) j CROSS JOIN instruments i ON i.id = j.value CROSS JOIN ${table} b
       ON b.instrument = i.number AND b.ts = (SELECT max(ts) FROM ${table} WHERE instrument = i.number AND ts <= @at)`,
    );
  const tables = [newest('book_raw'), newest('book_hour')];
  return (ids, at) => {
    const wanted = { ids: JSON.stringify(ids), at: bound(at, 'at') };
    const found = new Map<InstrumentId, BookRow>();
    for (const table of tables)
      for (const { id, ...row } of table.all(wanted)) if (!((found.get(id)?.ts ?? -1) >= row.ts)) found.set(id, row);
    return { ids: [...found.keys()], books: columnsOf([...found.values()]) };
  };
}

function columnsOf(rows: readonly BookRow[]): BookColumns {
  const columns = {
    at: new Float64Array(rows.length),
    mid: new Float64Array(rows.length),
    bids: new Float64Array(rows.length),
    ends: new Float64Array(rows.length),
    levels: new Float64Array(rows.reduce((sum, { levels }) => sum + levels.length / 4, 0)),
  };
  let end = 0;
  for (const [i, { ts, mid, bids, levels }] of rows.entries()) {
    const floats = new DataView(levels.buffer, levels.byteOffset, levels.byteLength);
    columns.at[i] = ts;
    columns.mid[i] = mid;
    columns.bids[i] = bids;
    for (let byte = 0; byte < levels.length; byte += 4) columns.levels[end++] = floats.getFloat32(byte, true);
    columns.ends[i] = end;
  }
  return columns;
}

/** Books past their days become the last one of each hour (close - 1 h, close]; a whole day at a time, so that most calls find nothing. */
export function* thinBooks(db: Database, now: number): Pieces {
  const before = (Math.floor(now / DAY_MS) - RAW_DAYS) * DAY_MS;
  // The last one of each hour.
  const keep = db.prepare(
    `INSERT INTO book_hour SELECT instrument, ts, mid, bids, levels FROM book_raw WHERE instrument = @number AND ts IN (
       SELECT max(ts) FROM book_raw WHERE instrument = @number AND ts <= @to GROUP BY ts + 3599999 - (ts + 3599999) % 3600000)
     ON CONFLICT DO NOTHING`,
  );
  const drop = db.prepare('DELETE FROM book_raw WHERE instrument = @number AND ts <= @to');
  const oldest = db.prepare<[number], number | null>('SELECT min(ts) FROM book_raw WHERE instrument = ?').pluck();
  const instruments = db.prepare<[], number>('SELECT number FROM instruments').pluck().all();
  const from = yield* leastOf(db, instruments, (number) => oldest.get(number));
  if (from > before) return;
  recordThinned(db, { what: 'books', from, to: before, at: now });
  let next = 0;
  yield* inPieces(db, () => {
    const number = instruments[next] ?? 0;
    const t = oldest.get(number) ?? Infinity;
    if (t <= before) {
      const to = Math.min(before, hourClose(t) + HOURS_AT_ONCE * HOUR_MS);
      keep.run({ number, to });
      drop.run({ number, to });
    } else next++;
    return next < instruments.length;
  });
}
