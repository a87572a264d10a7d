import type { Database, Statement } from 'better-sqlite3';
import { deriveIntervals } from '#domain/interval.ts';
import { settlementKey, type Span } from '#domain/time.ts';
import type { SettledOutcome } from '#core/ports/history-facts.ts';
import type { SettledRow } from '#core/venue.ts';
import type { ChangeWriter } from './changes.ts';
import { checkSpan, finite, positive, time } from './checks.ts';
import { INTERVAL_SOURCE } from './interval-source.ts';
import { KNOWN } from './known-settled.ts';
import { openBetween } from './open-settled.ts';
import type { HistoryReader } from './reader.ts';
import { SeenWriter } from './seen.ts';
import { marks } from './snapshots.ts';
import type { Spans } from './spans.ts';

const COLUMNS = 10;
/** Rows of one statement: binding and running it costs more than what it does with a row. */
const AT_ONCE = 25;

/** What a later word may change of a settlement. */
interface Told {
  readonly interval_h: number | null;
  readonly interval_source: number | null;
  readonly mark: number | null;
  readonly premium: number | null;
}

/** A settlement as it is known now: of the newest version. */
interface Known extends Told {
  readonly key: number;
  readonly rate: number;
  /** As it was told first, and the file that told it; null: its venue did. */
  readonly first_rate: number;
  readonly source: number | null;
  readonly version: number;
}

interface New extends Known {
  readonly stamp: number;
}

/** What rows prove complete, and what of that they do not. */
interface Proof {
  readonly proven: Span | null;
  readonly open: readonly Span[];
}

/** One page while it is taken in. */
interface Page {
  readonly number: number;
  readonly learntAt: number;
  readonly rows: Map<number, New>;
  readonly amended: Map<number, Known>;
  /** The file that tells it; null: its venue does. */
  readonly source: number | null;
}

/** What a file says of settlements that are stored, besides their rates. */
export interface FileWords {
  /** The number of the import. */
  readonly source: number;
  /** First and last stamp of the rows: what is stored between them is read at once. */
  readonly range: Span;
  /** Another word than the one that is stored, which stays. */
  otherwise(key: number, field: 'interval_h' | 'mark' | 'premium', value: number): void;
}

export interface RecordedSettled extends SettledOutcome {
  /** Known ones that a file completed. */
  readonly completed: number;
}

/**
 * Writes settled rates: one row per settlement key. Of two rates the first stays and the other is a conflict, but a file's gives way to its
 * venue's; another interval, mark or premium (and such a rate) is a version beside the row, and the newest one holds.
 */
export class SettledWriter {
  readonly #db: Database;
  readonly #reader: HistoryReader;
  readonly #spans: Spans;
  readonly #changes: ChangeWriter;
  readonly #seen: SeenWriter;
  readonly #find: Statement<[number, number], Known>;
  readonly #insert: Statement;
  readonly #insertMany: Statement;
  readonly #between: Statement<[number, number, number], Known>;
  readonly #amend: Statement;
  readonly #addConflict: Statement;
  readonly #anchor: Statement<[number, number], number>;
  readonly #before: Statement<[number, number], number>;
  readonly #onward: Statement<[number, number], Known>;

  constructor(db: Database, reader: HistoryReader, spans: Spans, changes: ChangeWriter) {
    this.#db = db;
    this.#reader = reader;
    this.#spans = spans;
    this.#changes = changes;
    this.#seen = new SeenWriter(db);
    this.#find = db.prepare(`${KNOWN} WHERE s.instrument = ? AND s.key = ?`);
    const insert = (rows: number): Statement =>
      db.prepare(
        `INSERT INTO settled (instrument, key, stamp, rate, interval_h, interval_source, mark, learnt_at, premium, import)
         VALUES ${Array.from({ length: rows }, () => `(${marks(COLUMNS)})`).join(', ')}`,
      );
    this.#insert = insert(1);
    this.#insertMany = insert(AT_ONCE);
    this.#amend =
      db.prepare(`INSERT INTO settled_later (instrument, key, version, learnt_at, interval_h, interval_source, mark, premium, import, rate)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#addConflict = db.prepare(
      `INSERT INTO conflicts (other_rate, kept_rate, other_stamp, first_seen, last_seen, times, instrument, key, import)
       VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#anchor = db
      .prepare<[number, number], number>(
        `SELECT key FROM (${KNOWN} WHERE s.instrument = ? AND s.key < ?) AS known WHERE interval_h IS NOT NULL ORDER BY key DESC LIMIT 1`,
      )
      .pluck();
    this.#before = db.prepare<[number, number], number>('SELECT max(key) FROM settled WHERE instrument = ? AND key < ?').pluck();
    this.#between = db.prepare(`${KNOWN} WHERE s.instrument = ? AND s.key BETWEEN ? AND ?`);
    this.#onward = db.prepare(`${KNOWN} WHERE s.instrument = ? AND s.key >= ? ORDER BY s.key`);
  }

  /**
   * A conflict is counted when it is first seen; the same other rate again is known. `file`: the rows are a file's, whose words complete
   * what is stored and take the place of nothing.
   */
  record(
    number: number,
    id: string,
    rows: Iterable<SettledRow>,
    learntAt: number,
    { proven, open }: Proof,
    file: FileWords | null = null,
  ): RecordedSettled {
    time(learntAt, `${id} learntAt`);
    for (const span of proven ? [proven, ...open] : []) checkSpan(span, `${id} proven stretch`);
    return this.#db
      .transaction(() => {
        const page: Page = { number, learntAt, rows: new Map(), amended: new Map(), source: file?.source ?? null };
        let [known, conflicts, completed] = [0, 0, 0];
        let changedFrom = Infinity;
        /** Of what is told otherwise, though it stays. */
        let conflictFrom = Infinity;
        const between = file && this.#within(number, file.range);
        for (const row of rows) {
          const key = settlementKey(time(row.stamp, `${id} stamp`));
          const rate = finite(row.rate, `${id} rate`);
          const intervalH = positive(row.intervalH, `${id} intervalH`);
          const mark = positive(row.mark, `${id} mark`);
          const premium = row.premium === null ? null : finite(row.premium, `${id} premium`);
          const before = page.rows.get(key) ?? page.amended.get(key) ?? (between ? between.get(key) : this.#find.get(number, key));
          if (!before) {
            const interval_source = intervalH === null ? null : INTERVAL_SOURCE.stated;
            const first = { key, stamp: row.stamp, rate, first_rate: rate, source: page.source, version: 0 };
            page.rows.set(key, { ...first, interval_h: intervalH, interval_source, mark, premium });
            changedFrom = Math.min(changedFrom, key);
          } else if (before.rate === rate) {
            known++;
            const after =
              file === null ? amended(before, { intervalH, mark, premium }) : filled(before, { intervalH, mark, premium }, file);
            if (after === before) continue;
            completed++;
            this.#stage(page, after);
            if (after.interval_h !== before.interval_h || after.interval_source !== before.interval_source)
              changedFrom = Math.min(changedFrom, key);
          } else if (file === null && isOfFile(before)) {
            this.#addConflict.run(before.rate, rate, row.stamp, learntAt, learntAt, number, key, before.source);
            this.#stage(page, { ...amended(before, { intervalH, mark, premium }), rate });
            conflicts++;
            if (intervalH !== null) changedFrom = Math.min(changedFrom, key);
          } else if (this.#addConflict.run(rate, before.rate, row.stamp, learntAt, learntAt, number, key, page.source).changes > 0) {
            conflicts++;
            conflictFrom = Math.min(conflictFrom, key);
          } else {
            known++;
          }
        }
        if (changedFrom < Infinity) this.#derive(page, changedFrom);
        this.#write(page);
        const missing = proven ? openBetween(this.#db, number, proven) : [];
        const provenFrom = this.#spans.prove(number, 'settled', proven, [...open, ...missing], learntAt);
        const takenBack = missing.map((span) => this.#spans.takeBack(number, 'settled', span, learntAt));
        const keys = [...page.rows.keys(), ...page.amended.keys()];
        this.#changes.write(
          number,
          'settled',
          Math.min(
            conflictFrom,
            provenFrom,
            ...takenBack,
            keys.reduce((a, b) => Math.min(a, b), Infinity),
          ),
        );
        return { inserted: page.rows.size, known, conflicts, completed };
      })
      .immediate();
  }

  #within(number: number, { from, to }: Span): ReadonlyMap<number, Known> {
    return new Map(this.#between.all(number, settlementKey(from), settlementKey(to)).map((row) => [row.key, row]));
  }

  #stage(page: Page, row: Known): void {
    const added = page.rows.get(row.key);
    if (added) page.rows.set(row.key, { ...added, ...row });
    else page.amended.set(row.key, row);
  }

  #write({ number, learntAt, rows, amended: changed, source }: Page): void {
    const oldestPoll = this.#seen.oldest(number);
    let values: (number | null)[] = [];
    let staged = 0;
    for (const { key, stamp, rate, interval_h, interval_source, mark, premium } of rows.values()) {
      values.push(number, key, stamp, rate, interval_h, interval_source, mark, learntAt, premium, source);
      if (++staged === AT_ONCE) {
        this.#insertMany.run(values);
        values = [];
        staged = 0;
      }
    }
    for (let i = 0; i < values.length; i += COLUMNS) this.#insert.run(values.slice(i, i + COLUMNS));
    for (const key of rows.keys()) if (key >= oldestPoll) this.#seen.write(number, key);
    for (const { key, version, interval_h, interval_source, mark, premium, rate, first_rate } of changed.values()) {
      const other = rate === first_rate ? null : rate;
      this.#amend.run(number, key, version + 1, learntAt, interval_h, interval_source, mark, premium, source, other);
    }
  }

  /**
   * Intervals of the row at `from` and of all that follow it: filling a hole changes what the gaps behind it say. Starts
   * from the last row before whose interval is known (and the one before that, for its gap): the rule needs no more.
   */
  #derive(page: Page, from: number): void {
    const { number } = page;
    // Rows of this page lie at `from` or after it, or say nothing of the intervals before it.
    const anchor = this.#anchor.get(number, from) ?? null;
    const start = anchor === null ? null : (this.#before.get(number, anchor) ?? anchor);
    const stored = this.#onward.all(number, start ?? 0).map((row) => page.amended.get(row.key) ?? row);
    const rows: Known[] = [...stored, ...page.rows.values()].sort((a, b) => a.key - b.key);
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
      const interval_h = Number.isNaN(derived) ? null : derived;
      const interval_source = interval_h === null ? null : (given[i]?.[1] ?? INTERVAL_SOURCE.gap);
      if (interval_h !== row.interval_h || interval_source !== row.interval_source)
        this.#stage(page, { ...row, interval_h, interval_source });
    }
  }
}

/** Its rate is a file's, and its venue has told no other one. */
const isOfFile = ({ source, rate, first_rate }: Known): boolean => source !== null && rate === first_rate;

/** The settlement once its venue has told it again: what it leaves out stays as it was. The same row where it says nothing new. */
function amended(before: Known, { intervalH, mark, premium }: Omit<SettledRow, 'stamp' | 'rate'>): Known {
  const states = intervalH !== null && (before.interval_source !== INTERVAL_SOURCE.stated || intervalH !== before.interval_h);
  const isOther = (mark !== null && mark !== before.mark) || (premium !== null && premium !== before.premium);
  if (!states && !isOther) return before;
  return {
    ...before,
    ...(states && { interval_h: intervalH, interval_source: INTERVAL_SOURCE.stated }),
    mark: mark ?? before.mark,
    premium: premium ?? before.premium,
  };
}

/** The settlement with what it lacks from a file; what the file says otherwise is put down beside it. The same row where nothing was lacking. */
function filled(before: Known, said: Omit<SettledRow, 'stamp' | 'rate'>, file: FileWords): Known {
  const differs = (field: 'interval_h' | 'mark' | 'premium', stored: number | null, value: number | null): void => {
    if (stored !== null && value !== null && stored !== value) file.otherwise(before.key, field, value);
  };
  differs('interval_h', before.interval_h, said.intervalH);
  differs('mark', before.mark, said.mark);
  differs('premium', before.premium, said.premium);
  const lacks = (stored: number | null, value: number | null): boolean => stored === null && value !== null;
  if (!lacks(before.interval_h, said.intervalH) && !lacks(before.mark, said.mark) && !lacks(before.premium, said.premium)) return before;
  return {
    ...before,
    ...(lacks(before.interval_h, said.intervalH) && { interval_h: said.intervalH, interval_source: INTERVAL_SOURCE.stated }),
    mark: before.mark ?? said.mark,
    premium: before.premium ?? said.premium,
  };
}
