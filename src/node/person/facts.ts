import type { Database } from 'better-sqlite3';
import type { AlertRecord, Fact, ScenarioRecord, SignalEntryRecord } from '#core/ports/person.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Span } from '#domain/time.ts';
import { checkSpan, finite, positive, time } from '../history/checks.ts';
import { HistoryError } from '../history/errors.ts';
import { metaOf } from './schema.ts';

/** Beyond these the sender is a program, not a person who types. */
const MOST_FACT_BYTES = 4 * 1024 * 1024;
const MOST_SCENARIO_BYTES = 1024 * 1024;
const MOST_ALERT_BYTES = 64 * 1024;

export const SCENARIO = 'scenario';

/** What was known at `asOf` (null: now). A row whose learning time is unknown counts as learnt when it was taken over. */
const knownAt = (db: Database, asOf: number | null): { readonly asOf: number; readonly moved: number } => ({
  asOf: asOf ?? Number.MAX_SAFE_INTEGER,
  moved: metaOf(db, 'taken_over') ?? 0,
});
const LEARNT = 'coalesce(learnt_at, @moved) <= @asOf';

/** The newest word on each thing of the kinds, without what is deleted; in the order in which the words came. */
export const readFacts = (db: Database, kinds: readonly string[], asOf: number | null): Fact[] =>
  db
    .prepare<[object], Fact>(
      `SELECT kind, id, body FROM facts WHERE body IS NOT NULL AND number IN (
         SELECT max(number) FROM facts WHERE kind IN (SELECT value FROM json_each(@kinds)) AND ${LEARNT} GROUP BY kind, id)
       ORDER BY number`,
    )
    .all({ kinds: JSON.stringify(kinds), ...knownAt(db, asOf) });

/** Whether each of these was said at some time, whatever was said after it. */
export function wereSaid(db: Database, facts: readonly Fact[]): boolean {
  const said = db
    .prepare<[string, string, string | null], number>('SELECT count(*) FROM facts WHERE kind = ? AND id = ? AND body IS ?')
    .pluck();
  return facts.every(({ kind, id, body }) => (said.get(kind, id, body) ?? 0) > 0);
}

/** New words, in one transaction; one that says what is known already, or deletes what is not there, adds nothing. */
export function writeFacts(db: Database, facts: readonly Fact[], learntAt: number | null): void {
  const last = db.prepare<[string, string], { body: string | null }>(
    'SELECT body FROM facts WHERE kind = ? AND id = ? ORDER BY number DESC LIMIT 1',
  );
  const put = db.prepare('INSERT INTO facts (kind, id, learnt_at, body) VALUES (?, ?, ?, ?)');
  db.transaction(() => {
    for (const { kind, id, body } of facts) {
      if ((body?.length ?? 0) > MOST_FACT_BYTES)
        throw new HistoryError('invalid', `This ${kind} is too large to be kept.`, `${kind} ${id}: ${body?.length} characters`);
      if ((last.get(kind, id)?.body ?? null) === body) continue;
      put.run(kind, id, learntAt === null ? null : time(learntAt, `${kind} ${id}`), body);
    }
  }).immediate();
}

/** Oldest first. What of a row cannot be read is the core's business: the body is its text. */
export function readScenarios(db: Database, asOf: number | null): ScenarioRecord[] {
  const all = readFacts(db, [SCENARIO], asOf).map(({ id, body }) => ({ id, ...(JSON.parse(body ?? '{}') as Omit<ScenarioRecord, 'id'>) }));
  return all.sort((a, b) => a.savedAt - b.savedAt || (a.id < b.id ? -1 : 1));
}

export function scenarioFact(id: string, record: Omit<ScenarioRecord, 'id'> | null): Fact {
  if (record === null) return { kind: SCENARIO, id, body: null };
  if (record.body.length > MOST_SCENARIO_BYTES)
    throw new HistoryError('invalid', 'This scenario is too large to be kept: leave out the order book.');
  return { kind: SCENARIO, id, body: JSON.stringify({ savedAt: time(record.savedAt, `scenario ${id}`), body: record.body }) };
}

/** What was told of how a rule stands is no entry of a run. */
const IS_ENTRY = "CASE WHEN json_valid(body) THEN json_extract(body, '$.kind') END IS NULL";

/** False where the run has an entry already, which may stand at another close of it than this one. */
export function writeAlert(db: Database, { rule, instrument, at, told, body }: AlertRecord, run: Span, learntAt: number | null): boolean {
  checkSpan(run, `run of alert ${rule}`);
  if (body.length > MOST_ALERT_BYTES)
    throw new HistoryError('invalid', 'This alert is too large to be kept.', `alert ${rule}: ${body.length} characters`);
  const { changes } = db
    .prepare(
      `INSERT INTO alerts (rule, instrument, at, told, body, learnt_at) SELECT @rule, @instrument, @at, @told, @body, @learntAt
       WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE rule = @rule AND instrument = @instrument AND at BETWEEN @from AND @to
         AND ${IS_ENTRY}) ON CONFLICT DO NOTHING`,
    )
    .run({ rule, instrument, at: time(at, `alert ${rule}`), told: Number(told), body, from: run.from, to: run.to, learntAt });
  return changes > 0;
}

type AlertRow = Omit<AlertRecord, 'told' | 'acknowledgedAt'> & { told: number; seenAt: number | null };
const SEEN = 'LEFT JOIN acknowledged s USING (rule, instrument, at)';
const alertOf = ({ told, seenAt, ...row }: AlertRow): AlertRecord => ({
  ...row,
  told: told === 1,
  ...(seenAt !== null && { acknowledgedAt: seenAt }),
});

/** Newest first. */
export const readAlerts = (db: Database, limit: number, asOf: number | null): AlertRecord[] =>
  db
    .prepare<[object], AlertRow>(
      `SELECT rule, instrument, at, told, body, CASE WHEN s.learnt_at <= @asOf THEN s.learnt_at END AS seenAt
       FROM alerts a ${SEEN} WHERE coalesce(a.learnt_at, @moved) <= @asOf ORDER BY at DESC, rule, instrument LIMIT @limit`,
    )
    .all({ limit, ...knownAt(db, asOf) })
    .map(alertOf);

/** Of each rule and instrument the newest that was told, the newest that was not, and the newest that the person has seen. */
export const readNewestAlerts = (db: Database): AlertRecord[] =>
  db
    .prepare<[], AlertRow>(
      `SELECT rule, instrument, at, told, body, s.learnt_at AS seenAt FROM alerts a ${SEEN}
       WHERE (rule, instrument, told, at) IN (SELECT rule, instrument, told, max(at) FROM alerts GROUP BY rule, instrument, told)
         OR (rule, instrument, at) IN (SELECT rule, instrument, max(at) FROM acknowledged GROUP BY rule, instrument)`,
    )
    .all()
    .map(alertOf);

export function writeAcknowledged(db: Database, entries: readonly Pick<AlertRecord, 'rule' | 'instrument' | 'at'>[], now: number): void {
  const put = db.prepare('INSERT OR IGNORE INTO acknowledged VALUES (?, ?, ?, ?)');
  db.transaction(() => {
    for (const { rule, instrument, at } of entries) put.run(rule, instrument, time(at, `alert ${rule}`), time(now, 'acknowledged'));
  }).immediate();
}

/**
 * False where the close has an entry, or the run (same threshold, begun at `startedAt`) has one at another close of it: that stays.
 * `startedAt` null: only the very same entry is the same.
 */
export function writeSignal(db: Database, entry: SignalEntryRecord, startedAt: number | null, learntAt: number | null): boolean {
  const { instrument, at, d, theta } = entry;
  time(at, `${instrument} signal`);
  finite(d, `${instrument} d`);
  positive(theta, `${instrument} theta`);
  if (startedAt !== null) checkSpan({ from: startedAt, to: at }, `run of a signal of ${instrument}`);
  const { changes } = db
    .prepare(
      `INSERT INTO signals (instrument, at, side, d, theta, k, n, observations, running, learnt_at)
       SELECT @instrument, @at, @side, @d, @theta, @k, @n, @observations, @running, @learntAt
       WHERE @startedAt IS NULL OR NOT EXISTS (SELECT 1 FROM signals WHERE instrument = @instrument
         AND (at = @at OR at >= @startedAt AND theta = @theta AND k = @k AND n = @n))
       ON CONFLICT DO NOTHING`,
    )
    .run({ ...entry, startedAt, learntAt });
  return changes > 0;
}

/** (from, to], oldest first. */
export const readSignals = (db: Database, instrument: InstrumentId, from: number, to: number, asOf: number | null): SignalEntryRecord[] =>
  db
    .prepare<[object], SignalEntryRecord>(
      `SELECT instrument, at, side, d, theta, k, n, observations, running FROM signals
       WHERE instrument = @instrument AND at > @from AND at <= @to AND ${LEARNT} ORDER BY at`,
    )
    .all({ instrument, from, to, ...knownAt(db, asOf) });

/** Of all instruments, newest first. */
export const readSignalLog = (db: Database, limit: number, asOf: number | null): SignalEntryRecord[] =>
  db
    .prepare<[object], SignalEntryRecord>(
      `SELECT instrument, at, side, d, theta, k, n, observations, running FROM signals
       WHERE ${LEARNT} ORDER BY at DESC, instrument LIMIT @limit`,
    )
    .all({ limit, ...knownAt(db, asOf) });

/** How far the file has come: another text means that something was added. */
export const extentOf = (db: Database): string =>
  String(
    db
      .prepare(
        "SELECT (SELECT coalesce(max(number), 0) FROM facts) || ' ' || (SELECT count(*) FROM signals) || ' ' || (SELECT count(*) FROM alerts)",
      )
      .pluck()
      .get(),
  );

/** When the newest of all rows was written, UTC ms; 0: nothing is known of that. */
export const newestOf = (db: Database): number =>
  Number(
    db
      .prepare(
        `SELECT max((SELECT coalesce(max(learnt_at), 0) FROM facts), (SELECT coalesce(max(learnt_at), 0) FROM signals),
          (SELECT coalesce(max(learnt_at), 0) FROM alerts))`,
      )
      .pluck()
      .get(),
  );

/** Adds to `to` what `from` learnt after fact number `since`, and its log entries; what stands there stays. */
export function carryOver(from: Database, to: Database, since: number): void {
  to.transaction(() => {
    const facts = from.prepare<[number], Fact & { learnt_at: number | null }>('SELECT * FROM facts WHERE number > ? ORDER BY number');
    for (const { kind, id, body, learnt_at } of facts.all(since)) writeFacts(to, [{ kind, id, body }], learnt_at);
    for (const table of ['signals', 'alerts', 'owed', 'acknowledged']) {
      for (const row of from.prepare<[], unknown[]>(`SELECT * FROM ${table}`).raw().all())
        to.prepare(`INSERT OR IGNORE INTO ${table} VALUES (${row.map(() => '?').join(', ')})`).run(...row);
    }
  })();
}
