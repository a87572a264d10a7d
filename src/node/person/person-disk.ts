import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { makeFolder } from '../data-dir.ts';
import { connect, connectMemory, connectReadonly } from '../history/connection.ts';
import { asHistoryError, damageWords, HistoryError, isDamage } from '../history/errors.ts';
import { companions, setAside, type Passing } from '../history/open-file.ts';
import type { DatabaseKind } from '../history/schema.ts';
import { extentOf } from './facts.ts';
import { APPLICATION_ID, metaOf, migrate, MIGRATIONS, versionOf } from './schema.ts';

const GOOD_COPIES = 3;
const goodPath = (file: string, index: number): string => file.replace(/\.sqlite$/u, `.good-${index}.sqlite`);

export interface OpenedPerson {
  readonly db: Database;
  readonly notices: readonly string[];
  /** In memory: why; null where it is on disk. 'newer': for as long as this program runs. */
  readonly trouble: Passing | 'newer' | null;
  /** Everything that the file holds is in `db`. */
  readonly whole: boolean;
}

const otherKind = (file: string): HistoryError =>
  new HistoryError('other-kind', `${file} is of the demo, or of a real folder beside the demo. Nothing was changed: move it away.`);

interface Inspection {
  /** What is wrong with its content; null: nothing. */
  readonly damage: string | null;
  readonly newer: boolean;
}

/** Reads only. HistoryError where the file must not be touched; throws where it cannot be read at all. */
function inspect(file: string, kind: DatabaseKind): Inspection {
  if (statSync(file).size === 0) return { damage: 'it is empty (0 bytes)', newer: false };
  let db: Database | null = null;
  try {
    db = connectReadonly(file);
    const id = Number(db.pragma('application_id', { simple: true }));
    if (id === APPLICATION_ID[kind === 'live' ? 'demo' : 'live']) throw otherKind(file);
    if (id !== APPLICATION_ID[kind]) return { damage: 'it is not a file of Perpscope', newer: false };
    const version = versionOf(db);
    if (version > MIGRATIONS.length) {
      if ((metaOf(db, 'least_version') ?? version) <= MIGRATIONS.length) return { damage: null, newer: true };
      throw new HistoryError(
        'newer',
        `${file} was written by a newer Perpscope (its layout is ${version}, this version knows up to ${MIGRATIONS.length}). ` +
          'Nothing was changed: install the newer version again, or choose another data folder.',
      );
    }
    const found = String(db.pragma('quick_check(1)', { simple: true }));
    return { damage: found === 'ok' ? (version < 1 ? 'it holds nothing' : null) : 'the check found a fault', newer: false };
  } catch (error) {
    if (isDamage(error)) return { damage: damageWords(error), newer: false };
    throw error;
  } finally {
    db?.close();
  }
}

/** HistoryError 'newer' or 'other-kind' where the file must not be touched. Whatever else is the matter with it, opening it tells. */
export function assertOurs(file: string, kind: DatabaseKind): void {
  try {
    if (existsSync(file)) inspect(file, kind);
  } catch (error) {
    const why = asHistoryError(error, file);
    if (why.kind === 'newer' || why.kind === 'other-kind') throw why;
  }
}

/** Opens the person's file for writing, or where that cannot be, what it holds (else nothing) in memory. */
export function openPersonFile(file: string, kind: DatabaseKind): OpenedPerson {
  try {
    const notices: string[] = [];
    const db = openOnDisk(file, kind, notices);
    if (db !== null) return { db, notices, trouble: null, whole: true };
    const sorry = `${file} was written by a newer Perpscope. What it holds is shown; what you change here is not kept: install the newer version again.`;
    return { db: copyInMemory(file), notices: [sorry], trouble: 'newer', whole: true };
  } catch (error) {
    return inMemory(file, kind, asHistoryError(error, file));
  }
}

function inMemory(file: string, kind: DatabaseKind, why: HistoryError): OpenedPerson {
  if (why.kind !== 'full' && why.kind !== 'busy' && why.kind !== 'unwritable') throw why;
  const sorry = `${why.user} Until then your lists, thresholds, alerts and scenarios are kept in memory only.`;
  try {
    const db = copyInMemory(file);
    migrate(db);
    return { db, notices: [sorry], trouble: why.kind, whole: true };
  } catch {
    // It cannot be read either, or there is none yet: the notice says what is wrong.
    const db = emptyInMemory(kind);
    return { db, notices: [sorry], trouble: why.kind, whole: !existsSync(file) };
  }
}

/** Null: a newer program wrote it, and this one may only read it. Throws where it cannot be written. */
export function openOnDisk(file: string, kind: DatabaseKind, notices: string[]): Database | null {
  makeFolder(dirname(file));
  // What writes that were killed left behind.
  for (const unfinished of [`${file}.new`, `${goodPath(file, 1)}.new`]) rmSync(unfinished, { force: true });
  if (!existsSync(file)) restoreOrCreate(file, kind, `${file} was missing.`, notices);
  else {
    const { damage, newer } = inspect(file, kind);
    if (newer) return null;
    if (damage !== null) restoreOrCreate(file, kind, `${file} was damaged (${damage}); it was kept as ${setAside(file)}.`, notices);
  }
  const db = connect(file);
  try {
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The newest good copy takes the file's place, else a new one. A first start has no copies and says nothing. */
function restoreOrCreate(file: string, kind: DatabaseKind, what: string, notices: string[]): void {
  const good = newestGood(file, kind);
  if (good !== null) {
    const saved = statSync(good).mtime.toISOString().slice(0, 16).replace('T', ' ');
    putInPlace(file, bytesOf(good));
    notices.push(
      `${what} The newest good copy, of ${saved} UTC, took its place: lists, thresholds, alerts and scenarios are as they were then.`,
    );
    return;
  }
  const db = emptyInMemory(kind);
  putInPlace(file, db.serialize());
  db.close();
  if (what.includes('damaged')) notices.push(`${what} There is no good copy of it.`);
}

function newestGood(file: string, kind: DatabaseKind): string | null {
  for (let index = 1; index <= GOOD_COPIES; index++) {
    const path = goodPath(file, index);
    try {
      if (existsSync(path) && inspect(path, kind).damage === null) return path;
    } catch (error) {
      // A copy that is not for this program, or cannot be read, is no copy.
      if (!(error instanceof HistoryError) && !(error instanceof Error && 'code' in error)) throw error;
    }
  }
  return null;
}

/** A rotating good copy of what is open, where it says something that the newest copy does not. */
export function keepGood(file: string, db: Database): void {
  const newest = goodPath(file, 1);
  if (existsSync(newest)) {
    const copy = connectReadonly(newest);
    try {
      if (extentOf(copy) === extentOf(db)) return;
    } catch (error) {
      if (!isDamage(error)) throw error;
    } finally {
      copy.close();
    }
  }
  const unfinished = `${newest}.new`;
  rmSync(unfinished, { force: true });
  db.prepare('VACUUM INTO ?').run(unfinished);
  flush(unfinished);
  for (let index = GOOD_COPIES; index > 1; index--)
    if (existsSync(goodPath(file, index - 1))) renameSync(goodPath(file, index - 1), goodPath(file, index));
  renameSync(unfinished, newest);
}

function emptyInMemory(kind: DatabaseKind): Database {
  const db = connectMemory(null);
  db.pragma(`application_id = ${APPLICATION_ID[kind]}`);
  migrate(db);
  return db;
}

const copyInMemory = (file: string): Database => connectMemory(bytesOf(file));

/** A whole database as bytes that can be opened in memory too: its header says "no WAL". */
export function withoutWal(bytes: Buffer): Buffer {
  bytes[18] = bytes[19] = 1;
  return bytes;
}

function bytesOf(file: string): Buffer {
  const db = connectReadonly(file);
  try {
    return withoutWal(db.serialize());
  } finally {
    db.close();
  }
}

/** Written whole under another name and renamed: an unfinished one is never seen. */
export function putInPlace(file: string, bytes: Buffer): void {
  makeFolder(dirname(file));
  const unfinished = `${file}.new`;
  writeFileSync(unfinished, bytes, { flush: true });
  for (const path of companions(file)) rmSync(path, { force: true });
  renameSync(unfinished, file);
}

function flush(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
