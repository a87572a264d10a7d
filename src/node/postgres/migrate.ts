import type { Database } from 'better-sqlite3';
import { HistoryError } from '../history/errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** As `versionOf` of a file; 0: there is no history. */
function versionIn(db: Database): number {
  const isThere = db.prepare<[], boolean>("SELECT to_regclass('schema_version') IS NOT NULL").pluck().get() === true;
  return isThere ? (db.prepare<[], number>('SELECT version FROM schema_version').pluck().get() ?? 0) : 0;
}

export function assertReadable(db: Database, place: string): void {
  const version = versionIn(db);
  if (version === 0)
    throw new HistoryError('failed', `There is no history at ${place} yet. A collector makes it: perpscope collect --store.`);
  if (version > MIGRATIONS.length) throw newer(place);
  if (version < MIGRATIONS.length)
    throw new HistoryError(
      'older',
      `The history at ${place} was written by an older Perpscope. A collector of this version brings it up to date.`,
    );
}

const newer = (place: string): HistoryError =>
  new HistoryError('newer', `The history at ${place} was written by a newer Perpscope. Install that version to go on.`);

/** Brings the history to the newest version, one transaction per step; of two that begin at once one waits for the other. */
export function migrate(db: Database, schema: string, place: string): void {
  if (versionIn(db) > MIGRATIONS.length) throw newer(place);
  if (versionIn(db) === MIGRATIONS.length) return;
  for (const [i, step] of MIGRATIONS.entries())
    db.transaction(() => {
      db.exec("SELECT pg_advisory_xact_lock(hashtext('perpscope migrations'))");
      const version = versionIn(db);
      if (version > i) return;
      if (version === 0) {
        // One that the administrator made is the writer's, who may make no other.
        if (db.prepare<[string], boolean>('SELECT to_regnamespace(?) IS NULL').pluck().get(schema) === true)
          db.exec(`CREATE SCHEMA "${schema}"`);
        db.exec('CREATE TABLE IF NOT EXISTS schema_version (version int NOT NULL)');
        db.exec('INSERT INTO schema_version SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)');
      }
      db.exec(step);
      db.prepare('UPDATE schema_version SET version = ?').run(i + 1);
    })();
}
