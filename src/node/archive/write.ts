import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { HistoryError } from '../history/errors.ts';
import { metaOf } from '../history/versions.ts';
import { BlockingConnection } from '../postgres/blocking.ts';
import { channelOf } from '../postgres/channel.ts';
import { PostgresDatabase } from '../postgres/database.ts';
import { asHistoryError } from '../postgres/errors.ts';
import { assertReadable } from '../postgres/migrate.ts';
import { asDatabase } from '../postgres/postgres-history.ts';
import { BY_MONTH } from '../postgres/rows.ts';
import { startWire } from '../postgres/start-wire.ts';
import { placeOf } from '../postgres/target.ts';
import type { Target } from '../postgres/wire.ts';
import { addFile, type ArchivedFile, readManifest } from './manifest.ts';
import { columnNames, type OfInstrument, openParquet, parquetOf, readParquet, type Row, type Value } from './parquet.ts';
import type { ArchivePlace } from './place.ts';
import { ARCHIVED, type ArchivedTable, LEAST_DAYS, type Month, monthOf } from './tables.ts';

const DAY_MS = 86_400_000;
/** What reads or deletes a month is given so long. */
const STATEMENT_MS = 600_000;

export interface ArchiveOptions {
  readonly target: Target;
  readonly place: ArchivePlace;
  /** First moment (ms) of the month that is not archived any more. */
  readonly before: number;
  /** Months that are archived and compared are deleted from the database. */
  readonly drop: boolean;
  readonly now: number;
  readonly progress?: (step: string, done: number) => void;
}

export interface ArchivedMonth {
  readonly month: string;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  /** Of the files, those that were written now; the others were there and are as they were. */
  readonly written: number;
  /** Rows that were deleted from the database. */
  readonly dropped: number;
}

/**
 * Writes whole months into an archive, the oldest first, and compares each file with the database once it is there. Ended or killed at any
 * moment, the same call goes on; a row is deleted only where its file was read back and has it.
 */
export async function archiveMonths(options: ArchiveOptions): Promise<ArchivedMonth[]> {
  const { target, place, before, drop, now, progress } = options;
  if (before > now - LEAST_DAYS * DAY_MS)
    throw new HistoryError('invalid', `A month is archived once it has been over for ${LEAST_DAYS} days: name an earlier one.`);
  const name = placeOf(target);
  const connection = new BlockingConnection(await startWire({ ...target, readOnly: !drop, statementMs: STATEMENT_MS }));
  try {
    const postgres = new PostgresDatabase(connection, !drop);
    postgres.ending = { text: 'SELECT pg_notify($1, $2)', values: [channelOf(target.schema), ''], raw: true };
    const live = liveOf(asDatabase(postgres), name);
    const done: ArchivedMonth[] = [];
    const months = monthsBetween(live.oldest(), before);
    for (const [i, month] of months.entries()) {
      progress?.(month.name, i / months.length);
      const archived = await archiveMonth(live, place, month, drop ? now : null);
      if (archived !== null) done.push(archived);
    }
    return done;
  } catch (error) {
    throw asHistoryError(error, name);
  } finally {
    connection.close();
  }
}

/** `dropAt`: when its rows are deleted; null: they stay. Null: there is nothing of the month. */
async function archiveMonth(live: Live, place: ArchivePlace, month: Month, dropAt: number | null): Promise<ArchivedMonth | null> {
  const part = live.droppedPart(month) + 1;
  let manifest = await readManifest(place, month.name, live.number());
  const sums = { files: 0, rows: 0, bytes: 0, written: 0 };
  const expected = new Map<string, number>();
  for (const table of ARCHIVED)
    for (const [venue, rows] of live.counts(table, month)) {
      const path = `${month.name}/${venue}/${table.name}${part === 1 ? '' : `-${part}`}.parquet`;
      const known = manifest.files.find((file) => file.path === path);
      let file = known?.rows === rows && (await holds(place, known)) ? known : null;
      // What an earlier call wrote is compared once more before its rows go.
      if (file !== null && dropAt !== null && (await difference(place, file, table, live.rows(table, month, venue))) !== null) file = null;
      if (file === null) {
        file = await writeFile(place, { table, venue, part, path, each: live.rows(table, month, venue) });
        const differs = await difference(place, file, table, live.rows(table, month, venue));
        if (differs !== null)
          throw new HistoryError('failed', `${path} of the archive at ${place.name} ${differs}. Nothing of ${month.name} was deleted.`);
        manifest = await addFile(place, manifest, file);
        sums.written++;
      }
      sums.files++;
      sums.rows += file.rows;
      sums.bytes += file.bytes;
      expected.set(table.table, (expected.get(table.table) ?? 0) + file.rows);
    }
  if (sums.files === 0) return null;
  if (dropAt !== null) live.drop(month, { part, at: dropAt, place: place.name, expected });
  return { month: month.name, ...sums, dropped: dropAt === null ? 0 : sums.rows };
}

interface NewFile extends Pick<ArchivedFile, 'path' | 'venue' | 'part'> {
  readonly table: ArchivedTable;
  readonly each: Iterable<OfInstrument>;
}

async function writeFile(place: ArchivePlace, { table, each, ...named }: NewFile): Promise<ArchivedFile> {
  const { bytes, rows } = await parquetOf(table, each);
  await place.put(named.path, bytes);
  return {
    ...named,
    table: table.table,
    rows,
    bytes: bytes.length,
    sha256: sha256(bytes),
    columns: columnNames(table),
  };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function holds(place: ArchivePlace, file: ArchivedFile): Promise<boolean> {
  const bytes = await place.get(file.path);
  return bytes?.length === file.bytes && sha256(bytes) === file.sha256;
}

/** Reads the file back and compares it with the rows, value by value: what differs, in words that follow its name; null: nothing. */
async function difference(
  place: ArchivePlace,
  file: ArchivedFile,
  table: ArchivedTable,
  each: Iterable<OfInstrument>,
): Promise<string | null> {
  const bytes = await place.get(file.path);
  if (bytes === null || sha256(bytes) !== file.sha256) return 'is not what was written';
  const opened = await openParquet({ byteLength: bytes.length, slice: (from, to) => new Uint8Array(bytes.slice(from, to)).buffer });
  const ids = new Set(opened.places.keys());
  for (const { id, rows } of each) {
    ids.delete(id);
    const there = await readParquet(opened, table, id);
    if (there.length !== rows.length || !rows.every((row, i) => sameRow(row, there[i], table.columns.length)))
      return `holds other rows of ${id} than the database`;
  }
  return ids.size === 0 ? null : 'holds other instruments than the database';
}

function sameRow(row: Row, there: Row | undefined, width: number): boolean {
  for (let at = 0; at < width; at++) if (!sameValue(row[at] ?? null, there?.[at] ?? null)) return false;
  return true;
}
const sameValue = (a: Value, b: Value): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : Object.is(a, b);

function monthsBetween(oldest: number, before: number): Month[] {
  const months: Month[] = [];
  for (let at = oldest; at < before; at = monthOf(at).to) months.push(monthOf(at));
  return months;
}

interface Dropping {
  readonly part: number;
  readonly at: number;
  readonly place: string;
  /** Rows of each table that the archive has. */
  readonly expected: ReadonlyMap<string, number>;
}

/** The database as it is archived. */
interface Live {
  /** By which an archive knows whose it is. */
  number(): number;
  /** Time (ms) of the oldest row; Infinity: there is none. */
  oldest(): number;
  /** The newest part of the month whose rows were deleted; 0: none. */
  droppedPart(month: Month): number;
  /** Rows of the month, by venue. */
  counts(table: ArchivedTable, month: Month): ReadonlyMap<string, number>;
  /** By instrument, in the order of their ids. */
  rows(table: ArchivedTable, month: Month, venue: string): Iterable<OfInstrument>;
  drop(month: Month, dropping: Dropping): void;
}

function liveOf(db: Database, place: string): Live {
  const within = ({ time }: ArchivedTable): string => `${time} >= ? AND ${time} < ?`;
  db.transaction(() => assertReadable(db, place))();
  return {
    number: () => metaOf(db, 'archive_of') ?? 0,
    oldest: () =>
      Math.min(
        ...ARCHIVED.map(
          ({ table, time }) =>
            // A seek for each instrument.
            db
              .prepare<[], number | null>(`SELECT min((SELECT min(${time}) FROM ${table} WHERE instrument = number)) FROM instruments`)
              .pluck()
              .get() ?? Infinity,
        ),
      ),
    droppedPart: ({ from }) => db.prepare<[number], number>('SELECT part FROM archived WHERE from_t = ?').pluck().get(from) ?? 0,
    counts: (table, { from, to }) =>
      new Map(
        db
          .prepare<[number, number], [string, number]>(
            `SELECT venue, count(*) FROM ${table.table} JOIN instruments ON number = instrument WHERE ${within(table)} GROUP BY venue ORDER BY venue`,
          )
          .raw()
          .all(from, to),
      ),
    *rows(table, { from, to }, venue) {
      const columns = [...table.columns.map(([name]) => `"${name}"`), ...(table.beside ?? []).map(([, , sql]) => sql)];
      const order = table.then === undefined ? table.time : `${table.time}, ${table.then}`;
      const read = db
        .prepare<[number, number, number], Row>(
          `SELECT ${columns.join(', ')} FROM ${table.table} WHERE instrument = ? AND ${within(table)} ORDER BY ${order}`,
        )
        .raw();
      const instruments = db
        .prepare<[string], { id: string; number: number }>('SELECT id, number FROM instruments WHERE venue = ? ORDER BY id')
        .all(venue);
      for (const { id, number } of instruments) {
        const rows = read.all(number, from, to);
        if (rows.length > 0) yield { id, rows };
      }
    },
    drop: ({ name, from, to }, { part, at, place: archive, expected }) => {
      db.transaction(() => {
        for (const table of ARCHIVED) {
          // Deleted, not dropped or truncated with the partition: what is being answered meanwhile goes on seeing the rows.
          const { changes } = db.prepare(`DELETE FROM ${table.table} WHERE ${within(table)}`).run(from, to);
          if (changes !== (expected.get(table.table) ?? 0))
            throw new HistoryError(
              'busy',
              `Rows of ${name} came while it was archived. Nothing of it was deleted: run the same command again.`,
            );
        }
        const rows = expected.get('settled') ?? 0;
        db.prepare(
          `INSERT INTO archived (from_t, to_t, at, place, part, settled_rows) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (from_t) DO UPDATE SET at = excluded.at, place = excluded.place, part = excluded.part,
             settled_rows = archived.settled_rows + excluded.settled_rows`,
        ).run(from, to, at, archive, part, rows);
      })();
      // Gives the room back.
      for (const table of Object.keys(BY_MONTH)) if (expected.has(table)) db.exec(`VACUUM "${table}_${name.replace('-', '_')}"`);
    },
  };
}
