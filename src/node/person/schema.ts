import type { Database } from 'better-sqlite3';
import { addOwed, addPosts } from './owed.ts';

/** In the file's header: tells a person's file from any other, and the demo's from the real one. */
export const APPLICATION_ID = { live: 0x50525045, demo: 0x50525046 } as const;

/** Forward only, numbered by their place; each runs in one transaction together with the new user_version. */
type Migration = (db: Database) => void;

/*
 * Rows are only ever added. A fact is what the person said last of one thing (a list, a threshold, a rule, a scenario, a note): a
 * later word is a new row, and a null body says that it was deleted. `learnt_at` is this machine's time; null is unknown (taken
 * over from an older version) and counts as the moment of the taking over, which `meta` holds.
 */
const first: Migration = (db) => {
  db.exec(`
    CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE facts (
      number INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      learnt_at INTEGER CHECK (learnt_at >= 0),
      body TEXT
    ) STRICT;
    CREATE INDEX facts_of ON facts (kind, id, number);

    CREATE TABLE signals (
      instrument TEXT NOT NULL,
      at INTEGER NOT NULL CHECK (at >= 0),
      side INTEGER NOT NULL CHECK (side IN (-1, 1)),
      d REAL NOT NULL,
      theta REAL NOT NULL CHECK (theta > 0),
      k INTEGER NOT NULL CHECK (k > 0),
      n INTEGER NOT NULL CHECK (n > 0),
      observations INTEGER NOT NULL,
      running INTEGER NOT NULL,
      learnt_at INTEGER CHECK (learnt_at >= 0),
      PRIMARY KEY (instrument, at, theta, k, n)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE alerts (
      rule TEXT NOT NULL,
      instrument TEXT NOT NULL,
      at INTEGER NOT NULL CHECK (at >= 0),
      told INTEGER NOT NULL CHECK (told IN (0, 1)),
      body TEXT NOT NULL,
      learnt_at INTEGER CHECK (learnt_at >= 0),
      PRIMARY KEY (rule, instrument, at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alerts_at ON alerts (at);
  `);
};

/**
 * What a terminal asks of a collector, and when it said so last: no word of the person, so it is written over and deleted. What earlier
 * versions asked lies among the facts (kind 'watch'), unread: it had no end.
 */
const addRequests: Migration = (db) => {
  db.exec('CREATE TABLE requests (name TEXT PRIMARY KEY, said_at INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID');
};

/** Which entries the person has seen: the rows of the log stay as they were written. */
const addAcknowledged: Migration = (db) => {
  db.exec(`CREATE TABLE acknowledged (
    rule TEXT NOT NULL,
    instrument TEXT NOT NULL,
    at INTEGER NOT NULL,
    learnt_at INTEGER NOT NULL CHECK (learnt_at >= 0),
    PRIMARY KEY (rule, instrument, at)
  ) STRICT, WITHOUT ROWID`);
};

export const MIGRATIONS: readonly Migration[] = [first, addRequests, addOwed, addAcknowledged, addPosts];

/** The oldest layout whose program can still read a file of this one. */
const LEAST_VERSION = 1;

export const versionOf = (db: Database): number => Number(db.pragma('user_version', { simple: true }));

export const metaOf = (db: Database, name: string): number | null =>
  db.prepare<[string], number>('SELECT value FROM meta WHERE name = ?').pluck().get(name) ?? null;

export const setMeta = (db: Database, name: string, value: number): void =>
  void db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(name, value);

/** Brings the file to the newest layout: killed half-way, a step has not happened. */
export function migrate(db: Database): void {
  for (const [version, up] of MIGRATIONS.entries()) {
    if (versionOf(db) > version) continue;
    db.transaction(() => {
      up(db);
      setMeta(db, 'least_version', LEAST_VERSION);
      db.pragma(`user_version = ${version + 1}`);
    }).immediate();
  }
}
