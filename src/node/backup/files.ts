import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { connectReadonly } from '../history/connection.ts';
import { codeOf } from '../history/errors.ts';

/** On disk when this returns. */
export function flushFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The names in a folder are on disk when this returns. Windows opens no folder, and keeps its names by itself. */
export function flushFolder(path: string): void {
  let handle: number | null = null;
  try {
    handle = openSync(path, 'r');
    fsyncSync(handle);
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(codeOf(error))) throw error;
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

/** A finished file takes its name: whole or not at all. */
export function adopt(unfinished: string, path: string): void {
  flushFile(unfinished);
  renameSync(unfinished, path);
  flushFolder(dirname(path));
}

/** Beside the history in a data folder: what is the person's, and goes along with it. Passwords of proxies and spent limits stay where they are. */
export const PERSON_FILE = 'person.sqlite';
export const TEXT_FILES = ['settings.json', 'workspaces.json'] as const;

/** What of a data folder is no history, as it stands on disk now, also while a Perpscope runs. */
export function personParts(dir: string): ReadonlyMap<string, Buffer> {
  const parts = new Map<string, Buffer>();
  const person = join(dir, PERSON_FILE);
  if (existsSync(person)) parts.set(PERSON_FILE, bytesOfDatabase(person));
  for (const name of TEXT_FILES) if (existsSync(join(dir, name))) parts.set(name, readFileSync(join(dir, name)));
  return parts;
}

/** With what its -wal holds, as one file that needs none. */
function bytesOfDatabase(path: string): Buffer {
  const db = connectReadonly(path);
  try {
    const bytes = db.serialize();
    // Read and write version of the header: 1 says "no WAL".
    bytes[18] = bytes[19] = 1;
    return bytes;
  } finally {
    db.close();
  }
}

export const BACKUPS = 'backups';
const EXTENSION = '.perpscope';
export const backupsOf = (dir: string): string => join(dir, BACKUPS);

/** 'regular' ones are rotated; those of before a restore, and those that were handed over, stay until a person deletes them. */
export type BackupReason = 'regular' | 'before-restore' | 'given';

export const backupName = (at: number, reason: BackupReason): string =>
  `${reason === 'regular' ? 'backup' : reason}-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '')}Z${EXTENSION}`;

/** When a rotated backup was made, by its name (ms); null: it is none of those. */
export function regularAt(path: string): number | null {
  const [, day, h, m, s] = /^backup-(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)Z\.perpscope$/u.exec(basename(path)) ?? [];
  const at = Date.parse(`${day ?? ''}T${h ?? ''}:${m ?? ''}:${s ?? ''}Z`);
  return Number.isNaN(at) ? null : at;
}

export const isBackupName = (name: string): boolean => name.endsWith(EXTENSION);

export const RESTORE_READY = 'restore.ready';
/** A restore that was begun and has to be ended before anything of the folder is opened. */
export const hasUnfinishedRestore = (dir: string): boolean => existsSync(join(dir, RESTORE_READY));
