import type { Database } from 'better-sqlite3';
import type { Span } from '#domain/time.ts';
import type { AlertRecord } from '#core/ports.ts';
import { checkSpan, time } from './checks.ts';
import { HistoryError } from './errors.ts';

const MOST_BYTES = 64 * 1024;

/** Migration: entries of a person's alerts, kept for ever. The body is what the app wrote of the rule and its values then. */
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

/** False where the run has an entry already, which may stand at another close of it than this one. */
export function writeAlert(db: Database, { rule, instrument, at, told, body }: AlertRecord, run: Span): boolean {
  checkSpan(run, `run of alert ${rule}`);
  if (body.length > MOST_BYTES)
    throw new HistoryError('invalid', 'This alert is too large to be kept.', `alert ${rule}: ${body.length} characters`);
  const { changes } = db
    .prepare(
      `INSERT INTO alerts (rule, instrument, at, told, body) SELECT @rule, @instrument, @at, @told, @body
       WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE rule = @rule AND instrument = @instrument AND at BETWEEN @from AND @to)`,
    )
    .run({ rule, instrument, at: time(at, `alert ${rule}`), told: Number(told), body, from: run.from, to: run.to });
  return changes > 0;
}

/** Newest first. */
export const readAlerts = (db: Database, limit: number): AlertRecord[] =>
  db
    .prepare<[number], Omit<AlertRecord, 'told'> & { told: number }>(
      'SELECT rule, instrument, at, told, body FROM alerts ORDER BY at DESC, rule, instrument LIMIT ?',
    )
    .all(limit)
    .map((row) => ({ ...row, told: row.told === 1 }));
