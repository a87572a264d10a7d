import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { SEVERITIES, type Severity } from '#domain/telling.ts';
import type { Notification } from '#core/ports/notifier.ts';
import type { Owed, Posts } from '#core/ports/person.ts';

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

/**
 * Migration: how grave what is owed is, and what was told and is to be posted to the webhook. It waits from the transaction on in which
 * it is owed no longer, so that a kill loses neither.
 */
export const addPosts = (db: Database): void => {
  db.exec(`
    ALTER TABLE owed ADD COLUMN severity TEXT;
    CREATE TABLE posts (
      id TEXT PRIMARY KEY,
      at INTEGER NOT NULL CHECK (at >= 0),
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      instrument TEXT NOT NULL,
      severity TEXT,
      tries INTEGER NOT NULL CHECK (tries >= 0),
      next_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `);
};

interface TextRow {
  readonly title: string;
  readonly body: string;
  readonly instrument: string;
  readonly severity: string | null;
}
const isSeverity = (text: string | null): text is Severity => SEVERITIES.some((one) => one === text);
const textOf = ({ title, body, instrument, severity }: TextRow): Notification => ({
  title,
  body,
  instrument,
  ...(isSeverity(severity) && { severity }),
});

/** `keep`, and what is owed where it adds something, in one transaction. Gives what `keep` gives. */
export const owing = (db: Database, owed: Owed | null, since: number, keep: () => boolean): boolean =>
  db
    .transaction(() => {
      const added = keep();
      if (added && owed !== null) {
        const { title, body, instrument, severity = null } = owed.text;
        db.prepare('INSERT OR REPLACE INTO owed VALUES (?, ?, ?, ?, ?, ?)').run(owed.name, since, title, body, instrument, severity);
      }
      return added;
    })
    .immediate();

/** Oldest first, each with the time (ms) since when it is owed. */
export const readOwed = (db: Database): (Owed & { readonly since: number })[] =>
  db
    .prepare<[], TextRow & { name: string; since: number }>('SELECT * FROM owed ORDER BY since, name')
    .all()
    .map(({ name, since, ...text }) => ({ name, since, text: textOf(text) }));

export function paid(db: Database, names: readonly string[], post: readonly Notification[], at: number): void {
  const add = db.prepare('INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?, 0, ?)');
  db.transaction(() => {
    db.prepare('DELETE FROM owed WHERE name IN (SELECT value FROM json_each(?))').run(JSON.stringify(names));
    for (const { title, body, instrument, severity = null } of post) add.run(randomUUID(), at, title, body, instrument, severity, at);
  }).immediate();
}

export function readPosts(db: Database, now: number, latest: number): Posts {
  const { total, failing, nextAt } = db
    .prepare<[], { total: number; failing: number; nextAt: number | null }>(
      'SELECT count(*) AS total, count(*) FILTER (WHERE tries > 0) AS failing, min(next_at) AS nextAt FROM posts',
    )
    .get() ?? { total: 0, failing: 0, nextAt: null };
  const row = db
    .prepare<[number, number], TextRow & { id: string; at: number; tries: number }>(
      'SELECT * FROM posts WHERE next_at <= ? OR next_at > ? ORDER BY tries, at, id LIMIT 1',
    )
    .get(now, latest);
  return { total, failing, nextAt, due: row === undefined ? null : { id: row.id, at: row.at, tries: row.tries, text: textOf(row) } };
}

export const posted = (db: Database, id: string): void => void db.prepare('DELETE FROM posts WHERE id = ?').run(id);

export const hurry = (db: Database): void => void db.prepare('UPDATE posts SET next_at = at').run();

export const putOff = (db: Database, id: string, nextAt: number): void =>
  void db.prepare('UPDATE posts SET tries = tries + 1, next_at = ? WHERE id = ?').run(nextAt, id);
