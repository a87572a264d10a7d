import type { Database } from 'better-sqlite3';

/** Migration: what a person keeps by name. They are in the person's file now (person/take-over.ts), and these rows stay as they are. */
export function addScenarios(db: Database): void {
  db.exec(`
    CREATE TABLE scenarios (
      id TEXT PRIMARY KEY,
      saved_at INTEGER NOT NULL CHECK (saved_at >= 0),
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `);
}
