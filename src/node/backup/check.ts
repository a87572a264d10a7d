import { existsSync, statSync } from 'node:fs';
import type { DataPaths } from '../data-dir.ts';
import { connectReadonly } from '../history/connection.ts';
import { asHistoryError, isDamage } from '../history/errors.ts';
import { damageIn } from '../history/open-file.ts';
import { readableAt } from '../history/readable-copy.ts';
import type { DatabaseKind } from '../history/schema.ts';

export interface CheckedFile {
  readonly file: string;
  readonly bytes: number;
  /** In words; null: it is whole. */
  readonly damage: string | null;
}

/** Reads only. HistoryError where a file must not be touched or cannot be read at all. */
export function checkFolder(
  { database, person }: Pick<DataPaths, 'database' | 'person'>,
  kind: DatabaseKind,
  full: boolean,
): CheckedFile[] {
  return [database, person]
    .filter((file) => existsSync(file))
    .map((file) => ({
      file,
      bytes: statSync(file).size,
      damage: file === database ? damageOfHistory(file, kind, full) : damageOf(file, full),
    }));
}

function damageOfHistory(file: string, kind: DatabaseKind, full: boolean): string | null {
  const readable = readableAt(file);
  try {
    const found = damageIn(file, kind, false, undefined, readable.path, 'read');
    return found?.startsWith('SQLITE_') ? 'it is damaged: it cannot be read as a whole' : (found ?? damageOf(readable.path, full));
  } catch (error) {
    throw asHistoryError(error, file);
  } finally {
    readable.release();
  }
}

/** The words of SQLite's check are for the log: a person reads which file it is and how many faults it has. */
export function damageOf(path: string, full: boolean): string | null {
  let found: string[];
  try {
    const db = connectReadonly(path);
    try {
      found = db
        .prepare<[], string>(full ? 'PRAGMA integrity_check(100)' : 'PRAGMA quick_check(100)')
        .pluck()
        .all();
    } finally {
      db.close();
    }
  } catch (error) {
    if (isDamage(error)) return 'it is damaged: it cannot be read as a whole';
    throw asHistoryError(error, path);
  }
  if (found.length === 1 && found[0] === 'ok') return null;
  return `it is damaged: the check found ${found.length === 1 ? 'a fault' : `${found.length >= 100 ? 'at least 100' : found.length} faults`}`;
}
