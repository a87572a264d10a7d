import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { codeOf, HistoryError } from './errors.ts';

/** Where a history can be read, and what to do when it was read. */
export interface Readable {
  readonly path: string;
  /** Safe to call twice. */
  release(): void;
}

/**
 * The file itself, or a copy of it in the folder for temporary files: SQLite reads a file with a write-ahead log only where its
 * shared memory lies beside it or can be made there, which a folder that may only be read forbids. The copy shares its blocks
 * with the original where the file system can. HistoryError where there is no room for it.
 */
export function readableAt(file: string): Readable {
  if (existsSync(`${file}-shm`) || isWritable(dirname(file))) return { path: file, release: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'perpscope-reading-'));
  const release = (): void => rmSync(folder, { recursive: true, force: true });
  const path = join(folder, basename(file));
  try {
    copyFileSync(file, path, constants.COPYFILE_FICLONE);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${path}-wal`);
    return { path, release };
  } catch (error) {
    const { bavail, bsize } = statfsSync(folder);
    release();
    if (!['ENOSPC', 'EDQUOT'].includes(codeOf(error))) throw error;
    const room = `${tmpdir()} has ${Math.floor((bavail * bsize) / 1024 / 1024)} MB free, which is too little`;
    throw new HistoryError(
      'failed',
      `${file} lies in a folder that may only be read, so a copy of it is read; ${room}. Set TMPDIR to a folder with room for it.`,
    );
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) return false;
    throw error;
  }
}
