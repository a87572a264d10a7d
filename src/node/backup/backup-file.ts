import { copyFileSync, constants, existsSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { connectReadonly } from '../history/connection.ts';
import { asHistoryError, HistoryError, isDamage } from '../history/errors.ts';
import { APPLICATION_ID, type DatabaseKind, MIGRATIONS, versionOf } from '../history/schema.ts';
import { MIGRATIONS as PERSON_MIGRATIONS } from '../person/schema.ts';
import { adopt, flushFile } from './files.ts';

/** In the header of a backup: a history with everything else of its folder in tables of its own, and no Perpscope takes it for a history. */
const BACKUP_ID = { live: 0x50525041, demo: 0x50525040 } as const;

export interface BackupFacts {
  readonly path: string;
  readonly kind: DatabaseKind;
  /** When it was begun, ms. */
  readonly madeAt: number;
  /** Of the program that made it. */
  readonly version: string;
  readonly bytes: number;
  /** What it holds beside the history. */
  readonly parts: readonly string[];
}

export interface Sealing {
  readonly kind: DatabaseKind;
  readonly madeAt: number;
  readonly version: string;
  readonly parts: ReadonlyMap<string, Buffer>;
}

/**
 * Makes a backup of a copy of a history: puts the parts in, checks all of it and gives it its name. The copy is gone where that
 * fails. HistoryError 'damaged' where the check finds that the copy is no whole history.
 */
export function seal(copy: string, path: string, { kind, madeAt, version, parts }: Sealing): void {
  try {
    const db = new Database(copy, { fileMustExist: true });
    try {
      db.pragma('journal_mode = DELETE');
      db.transaction(() => {
        db.exec(`
          CREATE TABLE backup_about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
          CREATE TABLE backup_parts (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;`);
        const about = db.prepare('INSERT INTO backup_about VALUES (?, ?)');
        about.run('made_at', String(madeAt));
        about.run('version', version);
        const part = db.prepare('INSERT INTO backup_parts VALUES (?, ?)');
        for (const [name, body] of parts) part.run(name, body);
        db.pragma(`application_id = ${BACKUP_ID[kind]}`);
      }).immediate();
      const found = String(db.pragma('quick_check(1)', { simple: true }));
      if (found !== 'ok')
        throw new HistoryError('damaged', `The copy for ${path} is damaged: the history itself has to be looked at.`, found);
    } finally {
      db.close();
    }
    adopt(copy, path);
  } catch (error) {
    for (const left of [copy, `${copy}-wal`, `${copy}-shm`, `${copy}-journal`]) rmSync(left, { force: true });
    throw asHistoryError(error, path);
  }
}

/** By its header. Throws where it cannot be read. */
export function isBackup(path: string): boolean {
  let db: Database.Database | null = null;
  try {
    db = connectReadonly(path);
    const id = Number(db.pragma('application_id', { simple: true }));
    return id === BACKUP_ID.live || id === BACKUP_ID.demo;
  } catch (error) {
    throw isDamage(error) ? damaged(path, String(error)) : asHistoryError(error, path);
  } finally {
    db?.close();
  }
}

/** What a backup is of. HistoryError where it is none, of a newer Perpscope, or damaged; `whole`: all of it is checked. */
export function inspect(path: string, whole: boolean): BackupFacts {
  if (!existsSync(path))
    throw new HistoryError('failed', `There is no file ${path}. Name a backup, as perpscope backup --list shows them.`);
  let db: Database.Database | null = null;
  try {
    db = connectReadonly(path);
    const id = Number(db.pragma('application_id', { simple: true }));
    const kind = id === BACKUP_ID.live ? 'live' : id === BACKUP_ID.demo ? 'demo' : null;
    if (kind === null) throw new HistoryError('failed', `${path} is no backup of Perpscope. ${whatElse(id)}`);
    if (versionOf(db) > MIGRATIONS.length)
      throw new HistoryError('newer', `${path} was made by a newer Perpscope, and this one cannot read it. Install the newer version.`);
    if (whole) {
      const found = String(db.pragma('quick_check(1)', { simple: true }));
      if (found !== 'ok') throw damaged(path, found);
    }
    const about = new Map(db.prepare<[], [string, string]>('SELECT name, value FROM backup_about').raw().all());
    const parts = db.prepare<[], string>('SELECT name FROM backup_parts ORDER BY name').pluck().all();
    return { path, kind, madeAt: Number(about.get('made_at')), version: about.get('version') ?? '', bytes: statSync(path).size, parts };
  } catch (error) {
    throw isDamage(error) ? damaged(path, String(error)) : asHistoryError(error, path);
  } finally {
    db?.close();
  }
}

const damaged = (path: string, why: string): HistoryError =>
  new HistoryError('damaged', `${path} is damaged and was not used. Take another backup; nothing was changed.`, why);

const whatElse = (id: number): string =>
  id === APPLICATION_ID.live || id === APPLICATION_ID.demo
    ? 'It is a history by itself: perpscope merge takes its rows into the one of your folder.'
    : 'Name a file that perpscope backup wrote (.perpscope).';

/** Bytes of a part; null where the backup has none of that name. */
export function partOf(path: string, name: string): Buffer | null {
  const db = connectReadonly(path);
  try {
    return db.prepare<[string], Buffer>('SELECT body FROM backup_parts WHERE name = ?').pluck().get(name) ?? null;
  } finally {
    db.close();
  }
}

/** Writes the history of a backup to `target`, on disk when this returns. */
export function extractHistory(path: string, kind: DatabaseKind, target: string): void {
  for (const left of [target, `${target}-journal`, `${target}-wal`, `${target}-shm`]) rmSync(left, { force: true });
  copyFileSync(path, target, constants.COPYFILE_FICLONE);
  const db = new Database(target, { fileMustExist: true });
  try {
    db.transaction(() => {
      db.exec('DROP TABLE backup_parts; DROP TABLE backup_about;');
      db.pragma(`application_id = ${APPLICATION_ID[kind]}`);
    }).immediate();
  } finally {
    db.close();
  }
  flushFile(target);
}

/** HistoryError 'newer' where the person's file of a backup is of a layout that this version does not know. */
export function assertPersonKnown(path: string, file: string): void {
  const db = connectReadonly(file);
  try {
    if (versionOf(db) > PERSON_MIGRATIONS.length)
      throw new HistoryError(
        'newer',
        `${path} holds lists and alerts of a newer Perpscope, which this one cannot read. Install the newer version.`,
      );
  } finally {
    db.close();
  }
}
