import { HistoryError } from './errors.ts';
import { rewrite } from './give-back.ts';
import { openOnDisk } from './open-file.ts';
import type { DatabaseKind } from './schema.ts';

/** Rewrites a history that is open nowhere. HistoryError 'busy' where another program reads it all the same. */
export function rewriteHistory(file: string, kind: DatabaseKind): void {
  const db = openOnDisk(file, kind, []);
  try {
    if (!rewrite(db)) throw new HistoryError('busy', `Another program reads ${file}. Close it, and try again.`);
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}
