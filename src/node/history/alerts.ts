import type { Database } from 'better-sqlite3';

/** Migration: entries of a person's alerts. They are in the person's file now (person/take-over.ts), and these rows stay as they are. */
export function addAlerts(db: Database): void {
  db.exec(`
    CREATE TABLE alerts (
      rule TEXT NOT NULL,
      instrument TEXT NOT NULL,
      at INTEGER NOT NULL CHECK (at >= 0),
      told INTEGER NOT NULL CHECK (told IN (0, 1)),
      body TEXT NOT NULL,
      PRIMARY KEY (rule, instrument, at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alerts_at ON alerts (at);
  `);
}
