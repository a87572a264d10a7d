import { randomInt } from 'node:crypto';
import { linkSync, rmSync, statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { connectReadonly } from './connection.ts';
import { isDamage } from './errors.ts';
import { metaOf } from './versions.ts';

const NAME = 'file_id';

/** A file of an older version has no place for a name. */
const isNameable = (db: Database.Database): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'").get() !== undefined;

/** Tells a history from every other, also from one of the same layout: said once, when it is first opened for writing. */
export function nameFile(db: Database.Database): void {
  if (!isNameable(db) || metaOf(db, NAME) !== null) return;
  db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run(NAME, randomInt(1, 2 ** 47));
  // In the file itself, where no -wal that comes later can say it.
  db.pragma('wal_checkpoint(TRUNCATE)');
}

/**
 * The -wal beside the file is of another history: whole as it is, SQLite would take it over page by page, and what the file held would
 * be gone. False where that cannot be told: no -wal, or a file that an older version wrote.
 */
export function hasForeignWal(file: string): boolean {
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0) return false;
  // Under another name the file has no -wal.
  const bare = `${file}.bare`;
  try {
    removeAll(bare);
    linkSync(file, bare);
    const [own, told] = [idOf(bare), idOf(file)];
    return own !== null && told !== null && own !== told;
  } catch (error) {
    // A disk that knows no links, or may only be read: the check of the content is left.
    if (error instanceof Error && 'syscall' in error) return false;
    throw error;
  } finally {
    removeAll(bare);
  }
}

function removeAll(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
}

function idOf(file: string): number | null {
  let db: Database.Database | null = null;
  try {
    db = connectReadonly(file);
    return isNameable(db) ? metaOf(db, NAME) : null;
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  } finally {
    db?.close();
  }
}
