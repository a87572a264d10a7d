import type { Database, Statement } from 'better-sqlite3';
import { deriveIntervals } from '#domain/interval.ts';
import { settlementKey, type Span } from '#domain/time.ts';
import type { SettledOutcome } from '#core/ports.ts';
import type { SettledRow } from '#core/venue.ts';
import { checkSpan, finite, positive, time } from './checks.ts';
import { INTERVAL_SOURCE } from './interval-source.ts';
import type { HistoryReader } from './reader.ts';
import { openBetween } from './open-settled.ts';
import { addProven, cutSpan } from './spans.ts';

interface StoredRow {
  key: number;
  rate: number;
  interval_h: number | null;
  interval_source: number | null;
  mark: number | null;
  premium: number | null;
}

/** What rows prove complete, and what of that they do not. */
interface Proof {
  readonly proven: Span | null;
  readonly open: readonly Span[];
}

/** Writes settled rates: one row per settlement key, the first of two rates stays, every row with its interval. */
export class SettledWriter {
  readonly #db: Database;
  readonly #reader: HistoryReader;
  readonly #find: Statement<[number, number], StoredRow>;
  readonly #insert: Statement;
  readonly #complete: Statement;
  readonly #addConflict: Statement;
  readonly #seeConflict: Statement;
  readonly #anchor: Statement<[number, number], number>;
  readonly #before: Statement<[number, number], number>;
  readonly #onward: Statement<[number, number], StoredRow>;
  readonly #setInterval: Statement;

  constructor(db: Database, reader: HistoryReader) {
    const columns = 'key, rate, interval_h, interval_source, mark, premium';
    this.#db = db;
    this.#reader = reader;
    this.#find = db.prepare(`SELECT ${columns} FROM settled WHERE instrument = ? AND key = ?`);
    this.#insert = db.prepare('INSERT INTO settled VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#complete = db.prepare(
      'UPDATE settled SET interval_h = ?, interval_source = ?, mark = ?, premium = ? WHERE instrument = ? AND key = ?',
    );
    this.#addConflict = db.prepare(
      `INSERT INTO conflicts (other_rate, kept_rate, other_stamp, first_seen, last_seen, times, instrument, key)
       VALUES (?, ?, ?, ?, ?, 1, ?, ?)`,
    );
    this.#seeConflict = db.prepare(
      'UPDATE conflicts SET last_seen = ?, times = times + 1 WHERE instrument = ? AND key = ? AND other_rate = ?',
    );
    this.#anchor = db
      .prepare<[number, number], number>('SELECT max(key) FROM settled WHERE instrument = ? AND key < ? AND interval_h IS NOT NULL')
      .pluck();
    this.#before = db.prepare<[number, number], number>('SELECT max(key) FROM settled WHERE instrument = ? AND key < ?').pluck();
    this.#onward = db.prepare(`SELECT ${columns} FROM settled WHERE instrument = ? AND key >= ? ORDER BY key`);
    this.#setInterval = db.prepare('UPDATE settled SET interval_h = ?, interval_source = ? WHERE instrument = ? AND key = ?');
  }

  /** A conflict is counted when it is first seen; the same other rate again is known. */
  record(number: number, id: string, rows: readonly SettledRow[], learntAt: number, { proven, open }: Proof): SettledOutcome {
    time(learntAt, `${id} learntAt`);
    for (const span of proven ? [proven, ...open] : []) checkSpan(span, `${id} proven stretch`);
    return this.#db
      .transaction(() => {
        let [inserted, known, conflicts] = [0, 0, 0];
        let changedFrom = Infinity;
        for (const row of rows) {
          const key = settlementKey(time(row.stamp, `${id} stamp`));
          const rate = finite(row.rate, `${id} rate`);
          const intervalH = positive(row.intervalH, `${id} intervalH`);
          const mark = positive(row.mark, `${id} mark`);
          const premium = row.premium === null ? null : finite(row.premium, `${id} premium`);
          const stored = this.#find.get(number, key);
          if (!stored) {
            const source = intervalH === null ? null : INTERVAL_SOURCE.stated;
            this.#insert.run(number, key, row.stamp, rate, intervalH, source, mark, learntAt, premium);
            inserted++;
            changedFrom = Math.min(changedFrom, key);
          } else if (stored.rate === rate) {
            known++;
            if (this.#completes(number, stored, { intervalH, mark, premium })) changedFrom = Math.min(changedFrom, key);
          } else if (this.#seeConflict.run(learntAt, number, key, rate).changes > 0) {
            known++;
          } else {
            conflicts++;
            this.#addConflict.run(rate, stored.rate, row.stamp, learntAt, learntAt, number, key);
          }
        }
        if (changedFrom < Infinity) this.#derive(number, changedFrom);
        addProven(this.#db, number, 'settled', proven, open);
        if (proven) for (const span of openBetween(this.#db, number, proven)) cutSpan(this.#db, number, 'settled', span);
        return { inserted, known, conflicts };
      })
      .immediate();
  }

  /** The same settlement again may state what the first answer left open. True when that changes an interval. */
  #completes(number: number, stored: StoredRow, { intervalH, mark, premium }: Omit<SettledRow, 'stamp' | 'rate'>): boolean {
    const states = intervalH !== null && stored.interval_source !== INTERVAL_SOURCE.stated;
    const adds = (stored.mark === null && mark !== null) || (stored.premium === null && premium !== null);
    if (!states && !adds) return false;
    const [interval, source] = states ? [intervalH, INTERVAL_SOURCE.stated] : [stored.interval_h, stored.interval_source];
    this.#complete.run(interval, source, stored.mark ?? mark, stored.premium ?? premium, number, stored.key);
    return states;
  }

  /**
   * Intervals of the row at `from` and of all that follow it: filling a hole changes what the gaps behind it say. Starts
   * from the last row before whose interval is known (and the one before that, for its gap): the rule needs no more.
   */
  #derive(number: number, from: number): void {
    const anchor = this.#anchor.get(number, from) ?? null;
    const start = anchor === null ? null : (this.#before.get(number, anchor) ?? anchor);
    const rows = this.#onward.all(number, start ?? 0);
    const first = rows[0]?.key ?? from;
    const last = rows.at(-1)?.key ?? from;
    const observed = this.#reader.observedIntervals(number, Math.max(first, from), last);
    const keys = Float64Array.from(rows, (row) => row.key);
    const given = rows.map((row): [number, number] | null => {
      if (row.interval_h !== null && (row.key === anchor || row.interval_source !== INTERVAL_SOURCE.gap))
        return [row.interval_h, row.interval_source ?? INTERVAL_SOURCE.gap];
      const seen = row.key < from ? undefined : observed.get(row.key);
      return seen === undefined ? null : [seen, INTERVAL_SOURCE.known];
    });
    const { intervalH } = deriveIntervals(
      keys,
      Float64Array.from(given, (one) => one?.[0] ?? NaN),
      // Polls are stored with the interval that holds; what a venue states for the very row is kept as it came.
      true,
    );
    for (const [i, row] of rows.entries()) {
      if (row.key < from) continue;
      const derived = intervalH[i] ?? NaN;
      const interval = Number.isNaN(derived) ? null : derived;
      const source = interval === null ? null : (given[i]?.[1] ?? INTERVAL_SOURCE.gap);
      if (interval !== row.interval_h || source !== row.interval_source) this.#setInterval.run(interval, source, number, row.key);
    }
  }
}
