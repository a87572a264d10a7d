import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { InstrumentId } from '#domain/instrument.ts';
import { copyHistory } from '../backup/make.ts';
import { mergeFile } from '../backup/merge-file.ts';
import { connectReadonly } from '../history/connection.ts';
import { HistoryError } from '../history/errors.ts';
import { mergeHistory } from '../history/merge.ts';
import { companions, openOnDisk } from '../history/open-file.ts';
import type { DatabaseKind } from '../history/schema.ts';
import { metaOf } from '../history/versions.ts';
import { BlockingConnection } from './blocking.ts';
import { channelOf } from './channel.ts';
import { Connection } from './connection.ts';
import { PostgresDatabase } from './database.ts';
import { asHistoryError } from './errors.ts';
import { assertReadable, migrate } from './migrate.ts';
import { numbersOf } from './numbers.ts';
import { asDatabase } from './postgres-history.ts';
import { startWire } from './start-wire.ts';
import { type Synced, syncHistory } from './sync.ts';
import { placeOf } from './target.ts';
import type { Target } from './wire.ts';

/** What sends thousands of rows is given so long. */
const STATEMENT_MS = 600_000;
const LISTED_CONFLICTS = 1_000;

export interface Conflict {
  readonly instrument: InstrumentId;
  /** The settlement. */
  readonly at: number;
  readonly kept: number;
  readonly other: number;
}

export interface Moved {
  readonly instruments: number;
  readonly rows: number;
  /** Rows that lie there otherwise than they should; null: two histories were merged into a folder, and none is as it was. */
  readonly differing: number | null;
  /** Settlements of which the two histories state different rates: the one that was there stays. */
  readonly conflicts: readonly Conflict[];
}

export interface HistoryFolder {
  readonly dir: string;
  readonly database: string;
  readonly kind: DatabaseKind;
}

type Progress = (step: string, done: number) => void;

/** A folder's history into a desk's, also while the folder's is recorded; what lies there already is merged with it. Nothing may record there. */
export async function moveIn({ dir, database, kind }: HistoryFolder, target: Target, progress: Progress): Promise<Moved> {
  if (!existsSync(database)) throw new HistoryError('failed', `There is no history in ${dir}. Name another folder.`);
  const copy = join(dir, 'moving.sqlite');
  const merged = join(dir, 'moving-merged.sqlite');
  const clean = (): void => [copy, merged].forEach(removed);
  clean();
  try {
    return await onServer(target, async (db) => {
      await copyHistory(database, copy, (done) => progress('Copying', done));
      const source = openCold(copy, kind);
      const isEmpty = db.prepare<[], number>('SELECT count(*) FROM instruments').pluck().get() === 0;
      if (isEmpty) db.prepare("UPDATE meta SET value = ? WHERE name = 'taken_over_at'").run(metaOf(source, 'taken_over_at') ?? 0);
      const from = isEmpty ? source : mergedInto(merged, kind, db, source, progress);
      try {
        const options = { file: from, numberFor: numbersOf(db) };
        const written = syncHistory(from, db, { ...options, progress: (done) => progress('Writing', done) });
        for (const table of ['terms', 'batches', 'events', 'thinned', 'imports'])
          db.prepare(`SELECT setval('${table}_number', (SELECT coalesce(max(number), 0) + 1 FROM ${table})::bigint, false)`).get();
        const checked = syncHistory(from, db, { ...options, dry: true, progress: (done) => progress('Checking', done) });
        return { ...resultOf(written, checked), conflicts: isEmpty ? [] : conflictsOf(db) };
      } finally {
        from.close();
        source.close();
      }
    });
  } finally {
    clean();
  }
}

/** A desk's history into a folder, whose locks the caller has, also while the desk's is recorded; what lies there already is merged with it. */
export async function moveOut(target: Target, { dir, database, kind }: HistoryFolder, progress: Progress): Promise<Moved> {
  const place = placeOf(target);
  // What was read before it was ended half-way is only looked at again.
  const file = join(dir, 'moving.sqlite');
  const connection = new BlockingConnection(await startWire({ ...target, readOnly: true, statementMs: STATEMENT_MS }));
  const to = openOnDisk(file, kind, []);
  let moved: Omit<Moved, 'conflicts'>;
  try {
    const db = asDatabase(new PostgresDatabase(connection, true));
    // All of it as of one moment.
    moved = db.transaction(() => {
      // It stands still while the file's disk writes, and holds nothing that others wait for.
      db.exec('SET LOCAL idle_in_transaction_session_timeout = 0');
      assertReadable(db, place);
      to.prepare("INSERT OR REPLACE INTO meta VALUES ('taken_over_at', ?)").run(metaOf(db, 'taken_over_at') ?? 0);
      const options = { file: to, numberFor: inOrder(to) };
      const written = syncHistory(db, to, { ...options, progress: (done) => progress('Reading', done) });
      return resultOf(written, syncHistory(db, to, { ...options, dry: true, progress: (done) => progress('Checking', done) }));
    })();
  } catch (error) {
    throw asHistoryError(error, place);
  } finally {
    to.close();
    connection.close();
  }
  if (!existsSync(database)) {
    renameSync(file, database);
    return { ...moved, conflicts: [] };
  }
  await mergeFile({ dir, database, kind }, file, (done) => progress('Merging', done));
  removed(file);
  const here = connectReadonly(database);
  try {
    return { ...moved, differing: null, conflicts: conflictsOf(here) };
  } finally {
    here.close();
  }
}

/** The desk's history and the other one's rows, in a file. */
function mergedInto(path: string, kind: DatabaseKind, db: Database, source: Database, progress: Progress): Database {
  const file = openOnDisk(path, kind, []);
  syncHistory(db, file, { file, numberFor: inOrder(file), progress: (done) => progress('Reading', done) });
  mergeHistory(file, source.name, source, (done) => progress('Merging', done));
  return file;
}

/** As the tables of a server are: nothing lies in those of now. */
function openCold(path: string, kind: DatabaseKind): Database {
  const file = openOnDisk(path, kind, []);
  file.transaction(() => {
    for (const table of ['snapshot', 'hour'])
      file.exec(`INSERT OR IGNORE INTO ${table}_cold SELECT * FROM ${table}_hot; DELETE FROM ${table}_hot;`);
  })();
  return file;
}

function inOrder(file: Database): () => number {
  let last = file.prepare<[], number>('SELECT coalesce(max(number), 0) FROM instruments').pluck().get() ?? 0;
  return () => ++last;
}

const resultOf = (written: Synced, checked: Synced): Omit<Moved, 'conflicts'> => ({
  instruments: checked.instruments,
  rows: written.written + written.same,
  differing: checked.written + checked.removed,
});

const conflictsOf = (db: Database): Conflict[] =>
  db
    .prepare<[], Conflict>(
      `SELECT i.id AS instrument, c.key AS at, c.kept_rate AS kept, c.other_rate AS other FROM conflicts c JOIN instruments i ON i.number = c.instrument
       ORDER BY i.id, c.key LIMIT ${LISTED_CONFLICTS}`,
    )
    .all();

function removed(path: string): void {
  for (const left of [path, `${path}-journal`, ...companions(path)]) rmSync(left, { force: true });
}

/** Its database to write, while no collector can: each waits for the table of leases. */
async function onServer<T>(target: Target, work: (db: Database) => Promise<T>): Promise<T> {
  const place = placeOf(target);
  const connection = new BlockingConnection(await startWire({ ...target, statementMs: STATEMENT_MS }));
  let lock: Connection | null = null;
  try {
    const db = new PostgresDatabase(connection, false);
    migrate(asDatabase(db), target.schema, place);
    lock = await Connection.open({ ...target, name: `${target.name} lock` });
    await assertAlone(lock, place);
    db.ending = { text: 'SELECT pg_notify($1, $2)', values: [channelOf(target.schema), ''], raw: true };
    return await work(asDatabase(db));
  } catch (error) {
    throw asHistoryError(error, place);
  } finally {
    await lock?.close();
    connection.close();
  }
}

async function assertAlone(lock: Connection, place: string): Promise<void> {
  const texts = [
    'BEGIN',
    'SET LOCAL idle_in_transaction_session_timeout = 0',
    'LOCK TABLE leases IN EXCLUSIVE MODE',
    'SELECT what, holder FROM leases WHERE expires_at > clock_timestamp() ORDER BY what',
  ];
  const answers = await lock.run(texts.map((text) => ({ text, values: [], raw: true })));
  const held = (answers.at(-1)?.rows ?? []) as readonly (readonly [string, string])[];
  if (held.length > 0)
    throw new HistoryError(
      'busy',
      `Collectors record into ${place}: end them first (${held.map(([what, holder]) => `${what} by ${holder}`).join(', ')}).`,
    );
}
