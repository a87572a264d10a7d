import type { Database } from 'better-sqlite3';
import type { Owed } from '#core/ports/person.ts';

/**
 * Migration: what is kept and not told yet, in one transaction with what it tells of. No word of the person, so a row goes once it is
 * told: where the process is killed in between, the next one tells it.
 */
export const addOwed = (db: Database): void => {
  db.exec(`CREATE TABLE owed (
    name TEXT PRIMARY KEY,
    since INTEGER NOT NULL CHECK (since >= 0),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    instrument TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`);
};

/** `keep`, and what is owed where it adds something, in one transaction. Gives what `keep` gives. */
export const owing = (db: Database, owed: Owed | null, since: number, keep: () => boolean): boolean =>
  db
    .transaction(() => {
      const added = keep();
      if (added && owed !== null) {
        const { title, body, instrument } = owed.text;
        db.prepare('INSERT OR REPLACE INTO owed VALUES (?, ?, ?, ?, ?)').run(owed.name, since, title, body, instrument);
      }
      return added;
    })
    .immediate();

/** Oldest first, each with the time (ms) since when it is owed. */
export const readOwed = (db: Database): (Owed & { readonly since: number })[] =>
  db
    .prepare<[], { name: string; since: number; title: string; body: string; instrument: string }>(
      'SELECT name, since, title, body, instrument FROM owed ORDER BY since, name',
    )
    .all()
    .map(({ name, since, ...text }) => ({ name, since, text }));

export function paid(db: Database, names: readonly string[]): void {
  db.prepare('DELETE FROM owed WHERE name IN (SELECT value FROM json_each(?))').run(JSON.stringify(names));
}
