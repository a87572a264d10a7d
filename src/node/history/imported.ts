import type { Database, Statement } from 'better-sqlite3';
import type { ImportBatch, ImportCounts, ImportedFile } from '#core/ports/import.ts';
import type { AsOf } from '#core/ports/history.ts';
import type { InterestColumns } from '#domain/columns.ts';
import type { HourlyPrice, SettledRow } from '#core/venue.ts';
import type { Parts } from './parts.ts';
import { HistoryError } from './errors.ts';
import type { FileWords } from './settled.ts';
import { time } from './checks.ts';

/**
 * Migration: files of which rows were imported. A settlement names its import itself (one byte where there is none), a price and open interest
 * through the batch that they came with. What a file says otherwise than what is stored stands in `told_otherwise`; another rate of a
 * settlement in `conflicts`, as a venue's.
 */
export function addImports(db: Database): void {
  db.exec(`
    CREATE TABLE imports (
      number INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      bytes INTEGER NOT NULL CHECK (bytes >= 0),
      sha256 TEXT NOT NULL,
      begun_at INTEGER NOT NULL,
      read_as TEXT NOT NULL,
      UNIQUE (sha256, begun_at)
    ) STRICT;
    ALTER TABLE settled ADD COLUMN import INTEGER;
    ALTER TABLE settled_later ADD COLUMN import INTEGER;
    ALTER TABLE conflicts ADD COLUMN import INTEGER;
    ALTER TABLE batches ADD COLUMN import INTEGER;
    ALTER TABLE prices_later ADD COLUMN import INTEGER;

    -- Open interest of files, in units of the price, as of its moment; what polls observe stands with the hours.
    CREATE TABLE open_interest (
      instrument INTEGER NOT NULL,
      at INTEGER NOT NULL CHECK (at >= 0),
      value REAL NOT NULL CHECK (value >= 0),
      batch INTEGER NOT NULL,
      PRIMARY KEY (instrument, at)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE told_otherwise (
      instrument INTEGER NOT NULL,
      at INTEGER NOT NULL,
      field TEXT NOT NULL,
      value REAL NOT NULL,
      import INTEGER NOT NULL,
      learnt_at INTEGER NOT NULL,
      PRIMARY KEY (instrument, at, field, value)
    ) STRICT, WITHOUT ROWID;
  `);
}

/** Migration: a file's rate gives way to its venue's, which is a later word; null: the rate is the one that was told first. */
export const addVenueRates = (db: Database): void => void db.exec('ALTER TABLE settled_later ADD COLUMN rate REAL');

/** Thrown to take back what a dry run did. */
class Undo extends Error {
  readonly counts: ImportCounts;

  constructor(counts: ImportCounts) {
    super('a dry run is taken back');
    this.counts = counts;
  }
}

/** No instrument has this number. */
const NO_INSTRUMENT = 0;

/** Writes a batch of a file's rows in one transaction, or counts what it would write. */
export function importBatch(parts: Parts, batch: ImportBatch): ImportCounts {
  const { db, polls, changes } = parts;
  const { instrument, dry, learntAt } = batch;
  time(learntAt, `${instrument.id} learntAt`);
  const isKnown = polls.instruments().some(({ id }) => id === instrument.id);
  if (!isKnown && !dry) polls.keepInstruments([instrument], learntAt);
  const number = isKnown || !dry ? polls.numberOf(instrument.id) : NO_INSTRUMENT;
  try {
    return db
      .transaction(() => {
        const { source, isNew } = sourceOf(db, batch);
        const counts = write(parts, number, source, batch);
        // Of a file that tells nothing new nothing is kept, not even its name.
        if (dry || (isNew && counts.added + counts.completed + counts.conflicts === 0)) throw new Undo(counts);
        return counts;
      })
      .immediate();
  } catch (error) {
    if (error instanceof Undo) return error.counts;
    throw error;
  }

  function write(of: Parts, to: number, source: number, { kind, columns }: ImportBatch): ImportCounts {
    const otherwise = otherwiseWriter(db, to, source, learntAt);
    if (kind === 'settled') {
      const proof = { proven: null, open: [] };
      const told = new Set<number>();
      const range = { from: columns[0]?.[0] ?? 0, to: columns[0]?.at(-1) ?? 0 };
      const words: FileWords = {
        source,
        range,
        otherwise(key, field, value) {
          if (otherwise(key, field, value)) told.add(key);
        },
      };
      const { inserted, known, conflicts, completed } = of.settled.record(to, instrument.id, settlements(columns), learntAt, proof, words);
      return { added: inserted, known: known - told.size, completed, conflicts: conflicts + told.size };
    }
    const counts = { added: 0, known: 0, completed: 0, conflicts: 0 };
    if (kind === 'price') {
      const from = of.prices.write(to, instrument.id, closes(columns), learntAt, { source, counts, otherwise });
      changes.write(to, 'price', from);
      return counts;
    }
    const told = writeInterest(db, to, source, batch, otherwise);
    // Rows of hours rest on it as on prices.
    if (told.added > 0) changes.write(to, 'price', columns[0]?.[0] ?? Infinity);
    return told;
  }
}

const orNull = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

function* settlements([stamp, rate, interval, mark, premium]: ImportBatch['columns']): Generator<SettledRow> {
  for (let i = 0; i < (stamp?.length ?? 0); i++)
    yield {
      stamp: stamp?.[i] ?? NaN,
      rate: rate?.[i] ?? NaN,
      intervalH: orNull(interval?.[i]),
      mark: orNull(mark?.[i]),
      premium: orNull(premium?.[i]),
    };
}

function* closes([close, mark, index, last]: ImportBatch['columns']): Generator<HourlyPrice> {
  for (let i = 0; i < (close?.length ?? 0); i++)
    yield { close: close?.[i] ?? NaN, mark: orNull(mark?.[i]), index: orNull(index?.[i]), last: orNull(last?.[i]) };
}

/** The number of the import, which begins with its first row. */
function sourceOf(db: Database, { file, begunAt, readAs }: ImportBatch): { readonly source: number; readonly isNew: boolean } {
  const found = db
    .prepare<[string, number], number>('SELECT number FROM imports WHERE sha256 = ? AND begun_at = ?')
    .pluck()
    .get(file.sha256, begunAt);
  if (found !== undefined) return { source: found, isNew: false };
  const put = db.prepare('INSERT INTO imports (name, bytes, sha256, begun_at, read_as) VALUES (?, ?, ?, ?, ?)');
  const { lastInsertRowid } = put.run(file.name, file.bytes, file.sha256, time(begunAt, 'the beginning of an import'), readAs);
  return { source: Number(lastInsertRowid), isNew: true };
}

/** Puts down another word than the one that is stored; false where it stands there already. */
function otherwiseWriter(
  db: Database,
  number: number,
  source: number,
  learntAt: number,
): (at: number, field: string, value: number) => boolean {
  const put = db.prepare(
    'INSERT INTO told_otherwise (instrument, at, field, value, import, learnt_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  return (at, field, value) => put.run(number, at, field, value, source, learntAt).changes > 0;
}

function writeInterest(
  db: Database,
  number: number,
  source: number,
  { columns: [at, value], learntAt, instrument }: ImportBatch,
  otherwise: (at: number, field: string, value: number) => boolean,
): ImportCounts {
  const counts = { added: 0, known: 0, completed: 0, conflicts: 0 };
  const put = db.prepare('INSERT INTO open_interest (instrument, at, value, batch) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const stored: Statement<[number, number], number> = db
    .prepare<[number, number], number>('SELECT value FROM open_interest WHERE instrument = ? AND at = ?')
    .pluck();
  let batch: number | null = null;
  for (let i = 0; i < (at?.length ?? 0); i++) {
    const [moment, amount] = [time(at?.[i] ?? NaN, `${instrument.id} open interest`), value?.[i] ?? NaN];
    if (!(amount >= 0)) throw new HistoryError('invalid', `${instrument.id} open interest is ${amount}, which cannot be stored.`);
    batch ??= Number(db.prepare('INSERT INTO batches (learnt_at, import) VALUES (?, ?)').run(learntAt, source).lastInsertRowid);
    if (put.run(number, moment, amount, batch).changes > 0) counts.added++;
    else if (stored.get(number, moment) === amount) counts.known++;
    else counts[otherwise(moment, 'open_interest', amount) ? 'conflicts' : 'known']++;
  }
  return counts;
}

/** Files of which rows are stored, the newest first. */
export function readImports(db: Database, asOf: AsOf): ImportedFile[] {
  return db
    .prepare<[number], ImportedFile>(
      'SELECT name, bytes, sha256, begun_at AS begunAt, read_as AS readAs FROM imports WHERE begun_at <= ? ORDER BY number DESC',
    )
    .all(asOf ?? Infinity);
}

/** Reads open interest that files told, (from, to], ascending. */
export function readInterest(db: Database, instrument: string, from: number, to: number, asOf: AsOf): InterestColumns {
  const rows = db
    .prepare<[string, number, number, number], [number, number, number]>(
      `SELECT o.at, o.value, b.learnt_at FROM open_interest o JOIN batches b ON b.number = o.batch
       WHERE o.instrument = (SELECT number FROM instruments WHERE id = ?) AND o.at > ? AND o.at <= ? AND b.learnt_at <= ? ORDER BY o.at`,
    )
    .raw()
    .all(instrument, from, to, asOf ?? Infinity);
  const column = (place: 0 | 1 | 2): Float64Array => Float64Array.from(rows, (row) => row[place]);
  return { at: column(0), value: column(1), learntAt: column(2) };
}
