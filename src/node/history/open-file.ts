import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { extractHistory, inspect } from '../backup/backup-file.ts';
import { listBackups } from '../backup/make.ts';
import { makeFolder } from '../data-dir.ts';
import { connect, connectMemory, connectReadonly } from './connection.ts';
import { asHistoryError, damageWords, HistoryError, isDamage } from './errors.ts';
import { hasForeignWal, nameFile } from './foreign-wal.ts';
import { givesBack, keepMapOfPages, rewrite } from './give-back.ts';
import { APPLICATION_ID, type DatabaseKind, migrate, MIGRATIONS, type Migration, schemaOf, versionOf } from './schema.ts';
import { copyReadable } from './save-readable.ts';
import { metaOf } from './versions.ts';

export interface OpenedFile {
  readonly db: Database.Database;
  /** What went wrong with the files, in words for the person. */
  readonly notices: readonly string[];
  /** The file could not be used: what is recorded is in memory. */
  readonly memory: boolean;
  /** The system's own words for that: for the log. */
  readonly detail: string | null;
  /** Why so, where it may pass: the file is tried again. */
  readonly trouble: Passing | null;
}

/** What may end while Perpscope runs: a full disk, another program's hold on the file, a folder that may not be written. */
export type Passing = 'full' | 'busy' | 'unwritable';
const passing = ({ kind }: HistoryError): Passing | null => (kind === 'full' || kind === 'busy' || kind === 'unwritable' ? kind : null);

/** What a program makes of the files: its migrations, and the moment at which it runs them. */
export interface Layout {
  readonly migrations: readonly Migration[];
  readonly now: number;
}
export const layoutAt = (now: number = Date.now(), migrations: readonly Migration[] = MIGRATIONS): Layout => ({ migrations, now });

/** Up to this size a file is checked before it is used (about 0.1 s); a larger one soon after, beside it. */
export const CHECKED_AT_OPEN_BYTES = 64 * 1024 * 1024;

/** A file that cannot be written is shown from a copy in memory up to this size. */
const COPIED_TO_MEMORY_BYTES = 256 * 1024 * 1024;

/** The only backup of earlier versions, a history by itself. */
export const formerBackupOf = (file: string): string => `${file}.backup`;
export const companions = (file: string): string[] => [`${file}-wal`, `${file}-shm`];

/**
 * What is wrong with the file's content, or null. Reads only, at `path`; throws where the file cannot be read at all. One that a
 * newer version wrote is 'newer' for who writes, and for who reads unless it says that this version can still read it.
 */
export function damageIn(
  file: string,
  kind: DatabaseKind,
  fullCheck: boolean,
  migrations: readonly Migration[] = MIGRATIONS,
  path: string = file,
  purpose: 'write' | 'read' = 'write',
): string | null {
  if (statSync(file).size === 0) return 'it is empty (0 bytes)';
  let db: Database.Database | null = null;
  try {
    db = connectReadonly(path);
    const access = accessOf(db, file, kind, migrations);
    if (access === null) return 'it is not a Perpscope history';
    const version = versionOf(db);
    if (access === 'read' && purpose === 'write') throw newer(file, version, migrations.length, true);
    if (version < 1) return 'it holds no history';
    if (fullCheck) {
      const found = String(db.pragma('quick_check(1)', { simple: true }));
      if (found !== 'ok') return 'the check found a fault';
    }
    if (version === migrations.length && schemaOf(db) !== freshSchema(migrations)) return 'its tables are not those of its version';
    return null;
  } catch (error) {
    if (isDamage(error)) return damageWords(error);
    throw error;
  } finally {
    db?.close();
  }
}

/** What this program may do with a history; null: it is none. HistoryError 'newer' or 'other-kind' where it must not be touched. */
function accessOf(db: Database.Database, file: string, kind: DatabaseKind, migrations: readonly Migration[]): 'write' | 'read' | null {
  const id = Number(db.pragma('application_id', { simple: true }));
  if (id === APPLICATION_ID[kind === 'live' ? 'demo' : 'live']) throw otherKind(file, kind);
  if (id !== APPLICATION_ID[kind]) return null;
  const version = versionOf(db);
  if (version <= migrations.length) return 'write';
  if ((metaOf(db, 'least_reader') ?? Infinity) <= migrations.length) return 'read';
  throw newer(file, version, migrations.length, false);
}

/**
 * 'read': a newer version wrote the file, and this one may show it but not record into it. HistoryError 'newer' or 'other-kind' where
 * it must not even be opened. Whatever else is the matter with it, opening it for writing tells and puts right.
 */
export function accessTo(file: string, kind: DatabaseKind): 'write' | 'read' {
  let db: Database.Database | null = null;
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return 'write';
    db = connectReadonly(file);
    return accessOf(db, file, kind, MIGRATIONS) ?? 'write';
  } catch (error) {
    if (error instanceof HistoryError && (error.kind === 'newer' || error.kind === 'other-kind')) throw error;
    return 'write';
  } finally {
    db?.close();
  }
}

function freshSchema(migrations: readonly Migration[]): string {
  const db = connectMemory(null);
  migrate(db, migrations);
  const schema = schemaOf(db);
  db.close();
  return schema;
}

const otherKind = (file: string, kind: DatabaseKind): HistoryError =>
  new HistoryError(
    'other-kind',
    kind === 'live'
      ? `${file} holds the demo market's history, not a real one. Nothing was changed: move it away, or choose another data folder.`
      : `${file} holds real history, and the demo never writes there. Nothing was changed: choose another data folder for the demo.`,
  );

const newer = (file: string, version: number, known: number, isReadable: boolean): HistoryError =>
  new HistoryError(
    'newer',
    `${file} was written by a newer Perpscope (its layout is ${version}, this version knows up to ${known}). ` +
      `Nothing was changed: install the newer version again, or choose another data folder.${isReadable ? ' This version can read it, but not record into it.' : ''}`,
  );

/** Builds a new database under another name and renames it into place: an unfinished one is never seen. */
function create(file: string, kind: DatabaseKind, { migrations, now }: Layout): void {
  const unfinished = `${file}.new`;
  for (const leftover of [unfinished, `${unfinished}-journal`]) rmSync(leftover, { force: true });
  try {
    const db = new Database(unfinished);
    try {
      keepMapOfPages(db);
      db.pragma(`application_id = ${APPLICATION_ID[kind]}`);
      migrate(db, migrations, now);
    } finally {
      db.close();
    }
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Renames the file, its -wal and its -shm aside (never deletes) and says under what name. */
export function setAside(file: string, what: 'damaged' | 'foreign' = 'damaged'): string {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/gu, '');
  const [stem, extension] = [basename(file).replace(/\.sqlite$/u, ''), '.sqlite'];
  let aside = join(dirname(file), `${stem}.${what}-${stamp}${extension}`);
  for (let i = 2; existsSync(aside); i++) aside = join(dirname(file), `${stem}.${what}-${stamp}-${i}${extension}`);
  for (const [from, to] of [[file, aside], ...companions(file).map((path, i) => [path, companions(aside)[i] ?? path] as const)] as const)
    if (existsSync(from)) renameSync(from, to);
  return aside;
}

function setWalAside(file: string): string {
  const aside = `${file}-wal.foreign-${new Date().toISOString().replace(/[-:]|\.\d+/gu, '')}`;
  renameSync(`${file}-wal`, aside);
  rmSync(`${file}-shm`, { force: true });
  return aside;
}

/** What can still be read of a damaged file as a history of its own, and the words for it; '' where that is nothing. */
function saveReadable(aside: string, kind: DatabaseKind, layout: Layout): string {
  const path = aside.replace('.damaged-', '.readable-');
  const made = companions(aside).filter((one) => !existsSync(one));
  let rows: number;
  try {
    create(path, kind, layout);
    const db = new Database(path);
    try {
      rows = copyReadable(aside, db);
    } finally {
      db.close();
    }
  } catch (error) {
    // A full disk, or a folder that may not be written: that is told where the new file is begun.
    if (asHistoryError(error, path).kind === 'failed') throw error;
    rows = 0;
  } finally {
    // Reading made them, and they hold nothing.
    for (const one of made) rmSync(one, { force: true });
  }
  if (rows > 0) return `, what can still be read of it (${rows.toLocaleString('en')} rows) as ${path} (perpscope merge takes it in)`;
  rmSync(path, { force: true });
  return '';
}

/** Sets a damaged file aside and puts the backup, or an empty database, in its place. Returns the notice. */
function replaceDamaged(file: string, kind: DatabaseKind, why: string, layout: Layout): string {
  const aside = setAside(file);
  const kept = `The history file was damaged (${why}). It was kept as ${aside}${saveReadable(aside, kind, layout)}`;
  const from = restoreNewest(file, kind, layout.migrations);
  if (from !== null) {
    const when = new Date(from).toISOString().slice(0, 16).replace('T', ' ');
    return `${kept}, and the backup of ${when} UTC took its place. What came after is fetched from the exchanges again where they serve it.`;
  }
  create(file, kind, layout);
  return `${kept}, and a new one was begun. Settled rates and prices are fetched from the exchanges again; recorded polls are in the old file.`;
}

/** The history of the newest sound backup takes the file's place. When that was made (ms); null: there is none. */
function restoreNewest(file: string, kind: DatabaseKind, migrations: readonly Migration[]): number | null {
  for (const one of listBackups(dirname(file))) {
    if ('wrong' in one || one.kind !== kind || !isSound(one.path)) continue;
    extractHistory(one.path, kind, `${file}.new`);
    renameSync(`${file}.new`, file);
    return one.madeAt;
  }
  const former = formerBackupOf(file);
  if (!existsSync(former) || !restorable(former, kind, migrations)) return null;
  copyFileSync(former, `${file}.new`);
  renameSync(`${file}.new`, file);
  return statSync(former).mtimeMs;
}

function isSound(backup: string): boolean {
  try {
    inspect(backup, true);
    return true;
  } catch (error) {
    if (error instanceof HistoryError) return false;
    throw error;
  }
}

function restorable(backup: string, kind: DatabaseKind, migrations: readonly Migration[]): boolean {
  try {
    const sound = damageIn(backup, kind, true, migrations) === null;
    for (const left of companions(backup)) rmSync(left, { force: true });
    return sound;
  } catch (error) {
    // A backup of the other kind or of a newer version is no backup of this file.
    if (error instanceof HistoryError) return false;
    throw error;
  }
}

/**
 * Opens the history for writing, whatever state its files are in: a damaged one is set aside for the backup or a new one,
 * and where nothing can be written the session runs in memory on a copy. Only a file of a newer version or of the other
 * kind is refused (HistoryError 'newer', 'other-kind'), and left as it is.
 */
export function openFile(file: string, kind: DatabaseKind, layout: Layout = layoutAt()): OpenedFile {
  const notices: string[] = [];
  try {
    return { db: openOnDisk(file, kind, notices, layout), notices, memory: false, detail: null, trouble: null };
  } catch (error) {
    const why = asHistoryError(error, file);
    if (why.kind === 'newer' || why.kind === 'other-kind') throw why;
    return inMemory(file, kind, why, notices, layout);
  }
}

/** The same without the memory: throws where the file cannot be written. What went wrong with the files is added to `notices`. */
export function openOnDisk(file: string, kind: DatabaseKind, notices: string[], layout: Layout = layoutAt()): Database.Database {
  makeFolder(dirname(file));
  if (!existsSync(file)) {
    if (companions(file).some((path) => existsSync(path) && statSync(path).size > 0))
      notices.push(
        `${file} was gone but had left unfinished changes behind. They were kept as ${setAside(file)}-wal, and a new history was begun.`,
      );
    create(file, kind, layout);
  } else {
    if (hasForeignWal(file))
      notices.push(
        `Beside ${file} lay unfinished changes of another history. They were kept as ${setWalAside(file)}; the history is as it was last written down.`,
      );
    const damage = damageIn(file, kind, statSync(file).size <= CHECKED_AT_OPEN_BYTES, layout.migrations);
    if (damage !== null) notices.push(replaceDamaged(file, kind, damage, layout));
  }
  return writable(file, layout);
}

function writable(file: string, { migrations, now }: Layout): Database.Database {
  const db = connect(file);
  try {
    migrate(db, migrations, now);
    nameFile(db);
    // One of an older version: a large one is rewritten when the person says so.
    if (!givesBack(db) && statSync(file).size <= CHECKED_AT_OPEN_BYTES) rewrite(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Sets aside a file whose damage showed while it was in use (its connection is closed by now) and opens what takes its place. */
export function reopenDamaged(file: string, kind: DatabaseKind, why: string, layout: Layout = layoutAt()): OpenedFile {
  try {
    const notice = replaceDamaged(file, kind, why, layout);
    return { db: writable(file, layout), notices: [notice], memory: false, detail: null, trouble: null };
  } catch (error) {
    return inMemory(file, kind, asHistoryError(error, file), [], layout);
  }
}

function inMemory(file: string, kind: DatabaseKind, why: HistoryError, notices: readonly string[], layout: Layout): OpenedFile {
  const trouble = passing(why);
  const sorry = `${why.user} ${meanwhile(trouble)}`;
  const copy = copyInMemory(file, kind, layout);
  if (copy)
    return { db: copy, notices: [...notices, `${sorry}; what was stored before is shown.`], memory: true, detail: why.message, trouble };
  const db = connectMemory(null);
  migrate(db, layout.migrations, layout.now);
  return { db, notices: [...notices, `${sorry}.`], memory: true, detail: why.message, trouble };
}

function meanwhile(trouble: Passing | null): string {
  if (trouble === 'busy') return 'Recording to it begins when it is free; until then what comes is in memory only';
  const until = { full: 'Until then', unwritable: 'Until that is put right', none: 'Until Perpscope is started again' }[trouble ?? 'none'];
  return `${until}, nothing new is kept`;
}

/** The stored history as a database in memory, or null where it cannot be read, is too large or not sound. */
function copyInMemory(file: string, kind: DatabaseKind, { migrations, now }: Layout): Database.Database | null {
  let copy: Database.Database | null = null;
  try {
    if (statSync(file).size > COPIED_TO_MEMORY_BYTES) return null;
    const bytes = bytesOf(file);
    // Read and write version of the header: 1 says "no WAL", which a database in memory cannot have.
    bytes[18] = bytes[19] = 1;
    copy = connectMemory(bytes);
    if (Number(copy.pragma('application_id', { simple: true })) !== APPLICATION_ID[kind]) throw new HistoryError('other-kind', file);
    if (copy.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new HistoryError('damaged', file);
    migrate(copy, migrations, now);
    return copy;
  } catch {
    // The notice that the caller writes says that nothing can be kept; here only "shown or not" is left to decide.
    copy?.close();
    return null;
  }
}

/** With what the -wal holds, where SQLite can open it: a read-only folder lacks the place for its shared memory. */
function bytesOf(file: string): Buffer {
  try {
    const db = connectReadonly(file);
    try {
      return db.serialize();
    } finally {
      db.close();
    }
  } catch (error) {
    if (isDamage(error)) throw error;
    return readFileSync(file);
  }
}
