import type { Database } from 'better-sqlite3';
import { codeOf } from './errors.ts';
import { inPieces, type Pieces } from './pieces.ts';

/** So much stays empty in the file: what moves and is deleted every hour fills it again, and giving it back would only move pages about. */
const SLACK_BYTES = 16 * 1024 * 1024;
const SLACK_SHARE = 0.1;
/** Pages of one step: each is moved, with what points at it. */
const AT_ONCE = 16;

const one = (db: Database, pragma: string): number => Number(db.pragma(pragma, { simple: true }));

/** A database in which pages can be given back one by one; set before its first table. */
export const keepMapOfPages = (db: Database): void => void db.pragma('auto_vacuum = INCREMENTAL');

export const givesBack = (db: Database): boolean => one(db, 'auto_vacuum') !== 0;

/**
 * Gives what deleted rows left back to the disk, in pieces, down to `leave` bytes: the file ends earlier once its -wal is folded in.
 * Nothing to do in a file of an older version, which has to be rewritten once (see rewrite).
 */
export function* giveBack(db: Database, leave?: number): Pieces {
  if (!givesBack(db)) return;
  const page = one(db, 'page_size');
  const slack = Math.max(SLACK_BYTES, SLACK_SHARE * page * one(db, 'page_count'));
  const isWorth = leave !== undefined || page * one(db, 'freelist_count') > slack;
  if (!isWorth) return;
  const kept = Math.ceil((leave ?? slack / 2) / page);
  yield* inPieces(db, () => {
    const free = one(db, 'freelist_count');
    if (free <= kept) return false;
    db.pragma(`incremental_vacuum(${Math.min(AT_ONCE, free - kept)})`);
    return one(db, 'freelist_count') < free;
  });
}

/** Rewrites the whole file once, so that it gives back from then on. False: another program reads it, and it stays as it is. */
export function rewrite(db: Database): boolean {
  try {
    keepMapOfPages(db);
    db.exec('VACUUM');
    return true;
  } catch (error) {
    if (/^SQLITE_(BUSY|LOCKED|FULL)/u.test(codeOf(error))) return false;
    throw error;
  }
}
