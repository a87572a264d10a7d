import type { Database } from 'better-sqlite3';
import type { OrderRules, SettledRow } from '#core/venue.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { instrumentsReader } from './instruments.ts';
import { INTERVAL_SOURCE } from './interval-source.ts';
import { writeOrderRules } from './order-rules.ts';
import { readRuns, RunWriter } from './runs.ts';

/** Tables of facts by time, and the column that holds it. Prices are asked for again, and settled rates have a rule of their own. */
const FACTS = [
  ['snapshot_hot', 'ts'],
  ['snapshot_cold', 'ts'],
  ['hour_hot', 'close'],
  ['hour_cold', 'close'],
  ['book_raw', 'ts'],
  ['book_hour', 'ts'],
  ['events', 'at'],
] as const;

/**
 * Puts the facts of `from` that are newer than `since` beside what `to` holds; what stands there stays. Both are of the newest
 * version. `numberOf` gives an instrument's number in `to`.
 */
export function carryOver(from: Database, to: Database, since: number, numberOf: (id: string) => number): void {
  const instruments = from.prepare<[], { number: number; id: string }>('SELECT number, id FROM instruments').all();
  const numbers = new Map(instruments.map(({ number, id }) => [number, numberOf(id)]));
  to.transaction(() => {
    const terms = carryTerms(from, to, numbers);
    for (const [table, time] of FACTS) {
      const columns = from
        .prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
        .all()
        .map(({ name }) => name)
        // An event's number is only its place in the order.
        .filter((name) => name !== 'number');
      const put = to.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
      const rows = from.prepare<[number], unknown[]>(`SELECT ${columns.join(', ')} FROM ${table} WHERE ${time} > ?`).raw();
      // Events name their instrument by its id.
      const place = table === 'events' ? -1 : columns.indexOf('instrument');
      const termsPlace = columns.indexOf('terms');
      const inPlace = (value: unknown, i: number): unknown =>
        i === place ? numbers.get(Number(value)) : i === termsPlace && value !== null ? terms.get(Number(value)) : value;
      for (const row of rows.all(since)) put.run(row.map(inPlace));
    }
    const runs = new RunWriter(to);
    for (const run of readRuns(from)) if (run.to > since) runs.write({ from: Math.max(run.from, since), to: run.to });
    const rules = from.prepare<[number], { instrument: number; learnt_at: number; body: string }>(
      'SELECT instrument, learnt_at, body FROM order_rules WHERE learnt_at > ? ORDER BY instrument, version',
    );
    for (const { instrument, learnt_at, body } of rules.all(since))
      writeOrderRules(to, numbers.get(instrument) ?? instrument, JSON.parse(body) as OrderRules, learnt_at);
  }).immediate();
}

/** Settlements that were learnt after `since`, each as it was told first, with when that was: the first rate stays the value. */
export function settledSince(
  from: Database,
  since: number,
): { readonly id: InstrumentId; readonly learntAt: number; readonly row: SettledRow }[] {
  return from
    .prepare<[number, number], { id: InstrumentId; learntAt: number } & SettledRow>(
      `SELECT i.id, s.learnt_at AS learntAt, s.stamp, s.rate, iif(s.interval_source = ?, s.interval_h, NULL) AS intervalH, s.mark, s.premium
       FROM settled s JOIN instruments i ON i.number = s.instrument WHERE s.learnt_at > ? ORDER BY s.learnt_at, s.key`,
    )
    .all(INTERVAL_SOURCE.stated, since)
    .map(({ id, learntAt, ...row }) => ({ id, learntAt, row }));
}

/** A word with the moment at which this machine heard it. */
export interface Learnt<T> {
  readonly learntAt: number;
  readonly said: T;
}

/** Whether its venue lists an instrument. */
export interface Listing {
  readonly id: InstrumentId;
  readonly delisted: boolean;
}

/** What was heard after `since` of what instruments are, in the order in which it was. */
export function instrumentsSince(from: Database, since: number): Learnt<Instrument>[] {
  const read = instrumentsReader(from);
  const moments = from
    .prepare<[number, number], number>(
      'SELECT learnt_at FROM instruments WHERE learnt_at > ? UNION SELECT learnt_at FROM instruments_later WHERE learnt_at > ? ORDER BY 1',
    )
    .pluck()
    .all(since, since);
  const heardAt = from
    .prepare<[number, number, number, number], number>(
      'SELECT number FROM instruments WHERE number = ? AND learnt_at = ? UNION SELECT instrument FROM instruments_later WHERE instrument = ? AND learnt_at = ?',
    )
    .pluck();
  return moments.flatMap((learntAt) =>
    read(learntAt)
      .filter(({ number }) => heardAt.get(number, learntAt, number, learntAt) !== undefined)
      .map(({ instrument }) => ({ learntAt, said: instrument })),
  );
}

/** What was heard after `since` of which instruments are listed, in the order in which it was. */
export const listingsSince = (from: Database, since: number): Learnt<Listing>[] =>
  from
    .prepare<[number], { learntAt: number; id: InstrumentId; delisted: number }>(
      `SELECT l.learnt_at AS learntAt, i.id, l.delisted FROM listings l JOIN instruments i ON i.number = l.instrument
       WHERE l.learnt_at > ? ORDER BY l.learnt_at, l.version`,
    )
    .all(since)
    .map(({ learntAt, id, delisted }) => ({ learntAt, said: { id, delisted: delisted === 1 } }));

interface TermsRow {
  readonly number: number;
  readonly instrument: number;
  readonly from_t: number;
  readonly learnt_at: number;
  readonly cap: number | null;
  readonly floor: number | null;
  readonly interest_per_8h: number | null;
}

/** Terms that `to` lacks, in their order; gives the number in `to` of each of those of `from`, by which hours name them. */
function carryTerms(from: Database, to: Database, numbers: ReadonlyMap<number, number>): Map<number, number> {
  const find = to
    .prepare<TermsRow, number>(
      `SELECT number FROM terms WHERE instrument = @instrument AND from_t = @from_t AND cap IS @cap AND floor IS @floor
       AND interest_per_8h IS @interest_per_8h`,
    )
    .pluck();
  const put = to.prepare<TermsRow>(
    `INSERT INTO terms (instrument, from_t, learnt_at, cap, floor, interest_per_8h)
     VALUES (@instrument, @from_t, @learnt_at, @cap, @floor, @interest_per_8h)`,
  );
  const carried = new Map<number, number>();
  for (const row of from.prepare<[], TermsRow>('SELECT * FROM terms ORDER BY number').all()) {
    const there = { ...row, instrument: numbers.get(row.instrument) ?? row.instrument };
    carried.set(row.number, find.get(there) ?? Number(put.run(there).lastInsertRowid));
  }
  return carried;
}
