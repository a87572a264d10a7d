import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makeFolder } from './data-dir.ts';
import { isStill, markOf } from './file-mark.ts';
import { keepPrivate } from './private-files.ts';

/** One process at a time writes a file of a data folder. */
export interface DataLock {
  /** False where the folder cannot be written at all: then no program can write it, and there is nothing to guard. */
  readonly held: boolean;
  /**
   * Looks whether the lock's file is still the one that is locked, and locks what is there now where it was deleted or
   * replaced. False: another process was quicker, and the folder is its.
   */
  keep(): boolean;
  /** What happened to the lock while it was held, in words for the person. */
  readonly notices: readonly string[];
  /** Safe to call twice. */
  release(): void;
}

export interface LockHolder {
  readonly pid: number;
  readonly shell: string;
  readonly version: string;
  /** ISO, UTC. */
  readonly startedAt: string;
}

/** The shell of a collector: a terminal follows a folder whose history such a one writes. */
export const COLLECTOR = 'collector';

/** Another process has the folder; `message` says who and what to do. */
export class LockedError extends Error {
  readonly holder: LockHolder | null;

  constructor(dataDir: string, holder: LockHolder | null) {
    const who = holder
      ? `Perpscope ${holder.version} (${holder.shell}, process ${holder.pid}, since ${holder.startedAt.slice(0, 16).replace('T', ' ')} UTC)`
      : 'Another Perpscope';
    super(`${who} is using ${dataDir}. Close it first, or start with another folder: --data-dir <folder>.`);
    this.name = 'LockedError';
    this.holder = holder;
  }
}

/**
 * What is locked: the market's history, which a terminal or a collector writes; what is the person's (their file, settings and
 * workspaces), which a terminal writes; or the telling of what enters, which one of both does.
 */
export type Locked = 'market' | 'person' | 'teller';

const LOCK_FILE = { market: 'lock.sqlite', person: 'person-lock.sqlite', teller: 'teller-lock.sqlite' } as const;
const HOLDER_FILE = { market: 'lock.json', person: 'person-lock.json', teller: 'teller-lock.json' } as const;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Who holds the folder's lock, or last held it; null where that is not said. Says nothing about whether it is still held. */
export function readHolder(dataDir: string, locked: Locked = 'market'): LockHolder | null {
  try {
    const read: unknown = JSON.parse(readFileSync(join(dataDir, HOLDER_FILE[locked]), 'utf8'));
    if (typeof read !== 'object' || read === null) return null;
    const { pid, shell, version, startedAt } = read as Partial<Record<keyof LockHolder, unknown>>;
    if (typeof pid !== 'number' || typeof shell !== 'string' || typeof version !== 'string' || typeof startedAt !== 'string') return null;
    return { pid, shell, version, startedAt };
  } catch (error) {
    // Missing, half a file or not JSON: the lock itself decides, this is only its label.
    if (error instanceof SyntaxError || codeOf(error) !== '') return null;
    throw error;
  }
}

/**
 * Takes the folder's lock or throws LockedError at once. The lock is an open exclusive transaction: the system frees it
 * when the process dies, even at kill -9, where a pid file would stay behind. (On POSIX, opening and closing lock.sqlite by
 * other means inside this process would free it too: nothing here reads that file.)
 */
export function acquireLock(
  dataDir: string,
  { shell, version }: Pick<LockHolder, 'shell' | 'version'>,
  locked: Locked = 'market',
): DataLock {
  // Whatever writes in a folder takes a lock of it first.
  keepPrivate(dataDir);
  let db = open(dataDir, locked);
  if (!db) return { held: false, keep: () => true, notices: [], release: () => undefined };
  const file = join(dataDir, LOCK_FILE[locked]);
  const holder: LockHolder = { pid: process.pid, shell, version, startedAt: new Date().toISOString() };
  let described = describe(join(dataDir, HOLDER_FILE[locked]), holder);
  let mark = markOf(file);
  const notices = new Set<string>();
  return {
    held: true,
    get notices() {
      return [...notices];
    },
    keep() {
      if (db !== null && isStill(file, mark)) return true;
      // Where another process had it meanwhile, the history tells that.
      const isOurs = db !== null && described;
      try {
        const again = open(dataDir, locked);
        db?.close();
        db = again;
      } catch (error) {
        if (!(error instanceof LockedError)) throw error;
        described = false;
        return false;
      }
      described = db !== null && describe(join(dataDir, HOLDER_FILE[locked]), holder);
      mark = markOf(file);
      if (isOurs)
        notices.add(
          `${file}, which keeps other programs from this folder, was deleted or replaced while Perpscope ran. It is made again, and no other has taken the folder.`,
        );
      return true;
    },
    release() {
      if (!db?.open) return;
      if (described) rmSync(join(dataDir, HOLDER_FILE[locked]), { force: true });
      db.close();
    },
  };
}

function open(dataDir: string, locked: Locked): Database.Database | null {
  let db: Database.Database | null = null;
  try {
    makeFolder(dataDir);
    db = new Database(join(dataDir, LOCK_FILE[locked]), { timeout: 0 });
    // No journal beside it: the lock is had on a full disk too.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    const code = codeOf(error);
    if (code.startsWith('SQLITE_BUSY')) throw new LockedError(dataDir, readHolder(dataDir, locked));
    if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
      // The lock file was written over. SQLite got past its lock to see that, so it is not held.
      renameSync(join(dataDir, LOCK_FILE[locked]), join(dataDir, `${LOCK_FILE[locked]}.damaged`));
      return open(dataDir, locked);
    }
    if (/^(SQLITE_(READONLY|CANTOPEN|PERM)|EACCES|EPERM|EROFS|EEXIST|ENOENT|ENOTDIR)/u.test(code)) return null;
    throw error;
  }
}

/** Written whole or not at all; a full disk or a folder that may only be read costs only the label. */
function describe(file: string, holder: LockHolder): boolean {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(holder));
    renameSync(`${file}.new`, file);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) return false;
    if (!['ENOSPC', 'EDQUOT'].includes(codeOf(error))) throw error;
    rmSync(`${file}.new`, { force: true });
    return false;
  }
}
