import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type FileMark, isSameFile, isStill, markOf } from '../file-mark.ts';
import { codeOf } from './errors.ts';

/** Which files stood at the paths of a history when it was opened. */
export interface Identity {
  readonly file: FileMark | null;
  readonly wal: FileMark | null;
  readonly shm: FileMark | null;
}

/** 'companions': the -wal or the -shm beside it was deleted or replaced; 'emptied': the same file, cut to nothing. */
export type FileChange = 'same' | 'gone' | 'other' | 'emptied' | 'companions';

export const identityOf = (file: string): Identity => ({
  file: markOf(file),
  wal: markOf(`${file}-wal`),
  shm: markOf(`${file}-shm`),
});

/**
 * How the path differs from the open file. POSIX lets an open file be deleted or another be renamed over it: writes then go to
 * a file without a name, and are acknowledged and lost. (Windows refuses both while SQLite has the file open.)
 */
export function changeOf(file: string, then: Identity): FileChange {
  const now = markOf(file);
  if (now === null) return 'gone';
  if (then.file !== null && !isSameFile(now, then.file)) return 'other';
  if (statSync(file, { throwIfNoEntry: false })?.size === 0) return 'emptied';
  const lost = (path: string, mark: FileMark | null): boolean => mark !== null && !isStill(path, mark);
  return lost(`${file}-wal`, then.wal) || lost(`${file}-shm`, then.shm) ? 'companions' : 'same';
}

/** Another program keeps the file to itself now. Does not wait for it. */
export function isHeld(file: string): boolean {
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: 0 });
    db.pragma('user_version');
    return false;
  } catch (error) {
    // Whatever else is wrong with it, opening it says.
    return codeOf(error).startsWith('SQLITE_BUSY');
  } finally {
    db?.close();
  }
}
