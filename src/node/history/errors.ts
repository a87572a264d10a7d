import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Why the store could not do what it was asked; `user` is one sentence or two for the person, with what to do. */
export type HistoryFailure =
  'older' | 'full' | 'unwritable' | 'superseded' | 'newer' | 'other-kind' | 'damaged' | 'busy' | 'invalid' | 'closed' | 'failed';

export class HistoryError extends Error {
  readonly kind: HistoryFailure;
  readonly user: string;

  constructor(kind: HistoryFailure, user: string, message: string = user) {
    super(message);
    this.name = 'HistoryError';
    this.kind = kind;
    this.user = user;
  }
}

export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The file's bytes are not what SQLite wrote. */
export const isDamage = (error: unknown): boolean => /^SQLITE_(CORRUPT|NOTADB)/u.test(codeOf(error));

/** What is the matter with a damaged file, for a person: SQLite's own words are for the log. */
export const damageWords = (error: unknown): string =>
  codeOf(error) === 'SQLITE_NOTADB' ? 'it is no database' : 'parts of it cannot be read';

const unwritable = /^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|EACCES|EPERM|EROFS|EEXIST|ENOTDIR|EISDIR)/u;

/** Less than this left counts as full: SQLite's shared memory and a -wal do not fit. */
const NO_SPACE_BYTES = 1024 * 1024;

function noSpaceAt(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < NO_SPACE_BYTES;
  } catch (error) {
    // The folder is gone or closed to us; that is what the first error says.
    if (codeOf(error) === '') throw error;
    return false;
  }
}

/** SQLite's and the file system's codes in our words. */
export function asHistoryError(error: unknown, file: string): HistoryError {
  if (error instanceof HistoryError) return error;
  const code = codeOf(error);
  const told = `${code} ${messageOf(error)} (${file})`.trim();
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT' || (/^SQLITE_(IOERR|CANTOPEN)/u.test(code) && noSpaceAt(file)))
    return new HistoryError('full', `The disk that holds ${file} is full. Free some space: recording goes on by itself.`, told);
  if (unwritable.test(code)) return new HistoryError('unwritable', `${file} cannot be written. Check the folder's permissions.`, told);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new HistoryError('busy', `Another program is using ${file}. Close it; Perpscope tries again with the next poll.`, told);
  if (isDamage(error)) return new HistoryError('damaged', `${file} is damaged.`, told);
  const why = code.startsWith('SQLITE_') ? '. The log has the details' : `: ${messageOf(error)}`;
  return new HistoryError('failed', `${file} could not be read or written${why}.`, told);
}
