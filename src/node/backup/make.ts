import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '../data-dir.ts';
import { connectReadonly } from '../history/connection.ts';
import { asHistoryError, HistoryError } from '../history/errors.ts';
import { readableAt } from '../history/readable-copy.ts';
import { roomAt } from '../history/room.ts';
import type { DatabaseKind } from '../history/schema.ts';
import { type BackupFacts, inspect, seal } from './backup-file.ts';
import { backupName, backupsOf, isBackupName, personParts } from './files.ts';

/** Room that a backup leaves on the disk: recording goes on needing it. */
const LEAVES_BYTES = 256 * 1024 * 1024;
const PAGES_AT_ONCE = 2_000;
const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024).toLocaleString('en')} MB`;

export interface MakeOptions {
  /** The data folder, and which of its files is the history. */
  readonly dir: string;
  readonly database: string;
  readonly kind: DatabaseKind;
  readonly version: string;
  readonly now: number;
  /** A path; or a BackupReason: among the backups of the folder. */
  readonly to: string;
  /** Share done so far. Throwing ends it, and nothing is left of it. */
  readonly progress?: (done: number) => void;
}

/**
 * One file with everything of a data folder: history, person's file, settings, workspaces. Reads beside a running Perpscope, whose
 * polls do not wait for it: the history is copied from one moment of it. HistoryError in words where that cannot be.
 */
export async function makeBackup({ dir, database, kind, version, now, to, progress }: MakeOptions): Promise<BackupFacts> {
  if (!existsSync(database)) throw new HistoryError('failed', `There is no history in ${dir} to back up. Name another data folder.`);
  const path = to === 'regular' || to === 'before-restore' ? join(backupsOf(dir), backupName(now, to)) : resolve(to);
  const unfinished = `${path}.new`;
  try {
    makeFolder(dirname(path));
    assertRoom(path, statSync(database).size);
    rmSync(unfinished, { force: true });
    await copyHistory(database, unfinished, progress);
    seal(unfinished, path, { kind, madeAt: now, version, parts: personParts(dir) });
    return inspect(path, false);
  } catch (error) {
    for (const left of [unfinished, `${unfinished}-journal`]) rmSync(left, { force: true });
    // The caller that ends it from its progress says why.
    if (error instanceof Error && error.name === 'CancelledError') throw error;
    throw asHistoryError(error, path);
  }
}

/** HistoryError 'full' where the disk has no room for so many bytes more. */
export function assertRoom(path: string, bytes: number): void {
  const free = roomAt(path)?.freeBytes ?? Infinity;
  if (free < bytes + LEAVES_BYTES)
    throw new HistoryError(
      'full',
      `A backup needs about ${megabytes(bytes + LEAVES_BYTES)} at ${dirname(path)}, where ${megabytes(free)} are free. Free some space, or write it to another disk with perpscope backup --to FILE.`,
    );
}

/** The history as it is at one moment: an open read transaction keeps that moment, so that a busy writer cannot make the copy begin anew. */
export async function copyHistory(file: string, target: string, progress?: (done: number) => void): Promise<void> {
  const readable = readableAt(file);
  try {
    const db = connectReadonly(readable.path);
    try {
      db.exec('BEGIN');
      db.prepare('SELECT count(*) FROM sqlite_schema').get();
      await db.backup(target, {
        progress({ totalPages, remainingPages }) {
          progress?.(totalPages === 0 ? 0 : 1 - remainingPages / totalPages);
          return PAGES_AT_ONCE;
        },
      });
    } finally {
      db.close();
    }
  } finally {
    readable.release();
  }
}

/** A backup of the folder, or what is wrong with a file that stands among them. */
export type ListedBackup = BackupFacts | { readonly path: string; readonly bytes: number; readonly wrong: string };

/** Newest first. */
export function listBackups(dir: string): ListedBackup[] {
  const folder = backupsOf(dir);
  if (!existsSync(folder)) return [];
  const listed = readdirSync(folder)
    .filter(isBackupName)
    .map((name): ListedBackup => {
      const path = join(folder, name);
      try {
        return inspect(path, false);
      } catch (error) {
        return { path, bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0, wrong: asHistoryError(error, path).user };
      }
    });
  const at = (one: ListedBackup): number => ('madeAt' in one ? one.madeAt : 0);
  return listed.sort((a, b) => at(b) - at(a));
}
