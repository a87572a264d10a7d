import type { Database } from 'better-sqlite3';
import type { ScenarioRecord } from '#core/ports.ts';
import { HistoryError } from './errors.ts';
import { time } from './checks.ts';

/** Beyond this somebody sends what no person typed. */
const MOST_BYTES = 1024 * 1024;

/** Migration: what a person keeps by name. The body is what the app wrote; a body that it cannot read costs that row only. */
export function addScenarios(db: Database): void {
  db.exec(`
    CREATE TABLE scenarios (
      id TEXT PRIMARY KEY,
      saved_at INTEGER NOT NULL CHECK (saved_at >= 0),
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `);
}

/** Oldest first. */
export const readScenarios = (db: Database): ScenarioRecord[] =>
  db.prepare<[], ScenarioRecord>('SELECT id, saved_at AS savedAt, body FROM scenarios ORDER BY saved_at, id').all();

/** Null: it is forgotten. */
export function writeScenario(db: Database, id: string, record: Omit<ScenarioRecord, 'id'> | null): void {
  if (record === null) {
    db.prepare('DELETE FROM scenarios WHERE id = ?').run(id);
    return;
  }
  if (record.body.length > MOST_BYTES)
    throw new HistoryError('invalid', 'This scenario is too large to be kept: leave out the order book.');
  db.prepare(
    'INSERT INTO scenarios (id, saved_at, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET saved_at = excluded.saved_at, body = excluded.body',
  ).run(id, time(record.savedAt, `scenario ${id}`), record.body);
}
