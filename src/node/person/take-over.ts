import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { AlertRecord, Fact, ScenarioRecord, SignalEntryRecord } from '#core/ports/person.ts';
import { connectReadonly } from '../history/connection.ts';
import { isDamage } from '../history/errors.ts';
import { readableAt } from '../history/readable-copy.ts';
import { APPLICATION_ID, type DatabaseKind } from '../history/schema.ts';
import { SCENARIO, scenarioFact, writeAlert, writeFacts, writeSignal } from './facts.ts';
import { metaOf, setMeta } from './schema.ts';

/** What a version before the person's file kept elsewhere. */
export interface OldPerson {
  /** Of settings.json. */
  readonly facts: readonly Fact[];
  /** The market's history, whose tables of signals, scenarios and alerts are read once and left as they are. */
  readonly history: string;
}

/** Both were taken over, now or before. */
export const isTakenOver = (db: Database): boolean => metaOf(db, 'taken_over') !== null && metaOf(db, 'history_taken') !== null;

/** What settings.json held, once. When each thing was learnt is unknown and stays null, which counts as `now` (see schema.ts). */
export function takeOverSettings(db: Database, { facts }: OldPerson, now: number): void {
  if (metaOf(db, 'taken_over') !== null) return;
  db.transaction(() => {
    // Another process may have done it while this one waited for the lock.
    if (metaOf(db, 'taken_over') !== null) return;
    setMeta(db, 'taken_over', Math.round(now));
    writeFacts(db, facts, null);
  }).immediate();
}

/**
 * What the history held, once and in one transaction: killed in the middle, nothing has happened and the next start does it. True:
 * it is taken over now. Where it cannot be read, or not all of it, or no history of this kind stands there (the backup may take its
 * place soon), it is asked again later; what is there by then stays.
 */
export function takeOverHistory(db: Database, { history }: OldPerson, kind: DatabaseKind): boolean {
  if (metaOf(db, 'history_taken') !== null || !existsSync(history)) return false;
  const readable = readableAt(history);
  try {
    const old = connectReadonly(readable.path);
    try {
      if (old.pragma('application_id', { simple: true }) !== APPLICATION_ID[kind]) return false;
      return db
        .transaction(() => {
          if (metaOf(db, 'history_taken') !== null) return false;
          const all = copyTables(old, db);
          if (all) setMeta(db, 'history_taken', 1);
          return all;
        })
        .immediate();
    } finally {
      old.close();
    }
  } finally {
    readable.release();
  }
}

/** False where a part of the old file is damaged: what can be read of it is taken. */
function copyTables(old: Database, db: Database): boolean {
  const tables = new Set(old.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
  const known = db.prepare<[string, string], number>('SELECT count(*) FROM facts WHERE kind = ? AND id = ?').pluck();
  const rows = (table: string, sql: string): unknown[] | null => {
    if (!tables.has(table)) return [];
    try {
      return old.prepare(sql).all();
    } catch (error) {
      if (isDamage(error)) return null;
      throw error;
    }
  };
  const scenarios = rows('scenarios', 'SELECT id, saved_at AS savedAt, body FROM scenarios ORDER BY saved_at, id') as
    ScenarioRecord[] | null;
  const alerts = rows('alerts', 'SELECT rule, instrument, at, told, body FROM alerts') as
    (Omit<AlertRecord, 'told'> & { told: number })[] | null;
  const signals = rows(
    'signals',
    `SELECT i.id AS instrument, s.at, s.side, s.d, s.theta, s.k, s.n, s.observations, s.running
     FROM signals s JOIN instruments i ON i.number = s.instrument`,
  ) as SignalEntryRecord[] | null;
  const fresh = (scenarios ?? []).filter(({ id }) => known.get(SCENARIO, id) === 0);
  writeFacts(
    db,
    fresh.map(({ id, ...record }) => scenarioFact(id, record)),
    null,
  );
  for (const { told, ...alert } of alerts ?? []) writeAlert(db, { ...alert, told: told === 1 }, { from: alert.at, to: alert.at }, null);
  for (const signal of signals ?? []) writeSignal(db, signal, null, null);
  return scenarios !== null && alerts !== null && signals !== null;
}
