import type { Database, Statement } from 'better-sqlite3';
import type { HourColumns, PriceColumns, SettledColumns, SnapshotColumns } from '#domain/columns.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { Span } from '#domain/time.ts';
import type { AsOf, Asked, HistoryEvent, Latest, SeriesKind } from '#core/ports.ts';
import { bound } from './checks.ts';
import { closeHour } from './hour.ts';
import { INSTRUMENT, instrumentFrom, type InstrumentRow } from './instruments.ts';
import {
  HOUR_COLUMNS,
  hourRow,
  joinAscending,
  type LatestRow,
  observedOf,
  type RawRow,
  SNAPSHOT_COLUMNS,
  snapshotOf,
  termsOf,
  toColumns,
} from './rows.ts';
import { type NumberedTerms, numberedTerms } from './terms.ts';

/** Known by the end: learnt by then. */
type Range = [instrument: number, from: number, to: number, known: number];

interface HotRange {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly known: number;
}

const sql = (columns: readonly (readonly [string, string])[]): string => columns.map(([, column]) => column).join(', ');
const names = <K extends string>(columns: readonly (readonly [K, string])[]): K[] => columns.map(([name]) => name);

const SETTLED_COLUMNS = [
  ['key', 'key'],
  ['stamp', 'stamp'],
  ['rate', 'rate'],
  ['intervalH', 'interval_h'],
  ['mark', 'mark'],
  ['premium', 'premium'],
  ['learntAt', 'learnt_at'],
] as const;

const PRICE_COLUMNS = [
  ['close', 'close'],
  ['mark', 'mark'],
  ['index', 'idx'],
  ['last', 'last'],
] as const;

const INTERVAL_AT = HOUR_COLUMNS.findIndex(([name]) => name === 'intervalH');

function keepInterval(byClose: Map<number, number>, close: number | null | undefined, intervalH: number | null | undefined): void {
  if (typeof close === 'number' && typeof intervalH === 'number') byClose.set(close, intervalH);
}

/** Learnt by then is known; all that is there where nothing is said. */
const knownBy = (asOf: AsOf): number => (asOf === null ? Infinity : bound(asOf, 'asOf'));

/** Everything that is read, over any connection. Ranges are (from, to]; rows ascend. */
export class HistoryReader {
  readonly #db: Database;
  readonly #number: Statement<[string], number>;
  readonly #settled: Statement<Range, RawRow>;
  readonly #prices: Statement<Range, RawRow>;
  readonly #hours: readonly [cold: Statement<Range, RawRow>, hot: Statement<[HotRange], RawRow>];
  readonly #snapshots: readonly [cold: Statement<Range, RawRow>, hot: Statement<[HotRange], RawRow>];
  readonly #latestOf: Statement<[number], LatestRow>;
  readonly #terms: (instrument: number, asOf: AsOf) => NumberedTerms[];

  constructor(db: Database) {
    const range = (columns: readonly (readonly [string, string])[], table: string, time: string, learnt: string) =>
      db
        .prepare<Range, RawRow>(
          `SELECT ${sql(columns)} FROM ${table} WHERE instrument = ? AND ${time} > ? AND ${time} <= ? AND ${learnt} <= ? ORDER BY ${time}`,
        )
        .raw();
    // One seek per poll time instead of a scan of every instrument's rows, and no need for statistics (a loose index scan).
    const hot = (columns: readonly (readonly [string, string])[], table: string, time: string, learnt: string) =>
      db
        .prepare<[HotRange], RawRow>(
          `WITH RECURSIVE times(t) AS (
             SELECT (SELECT min(${time}) FROM ${table} WHERE ${time} > @from)
             UNION ALL
             SELECT (SELECT min(${time}) FROM ${table} WHERE ${time} > t) FROM times WHERE t <= @to
           )
           SELECT ${sql(columns)} FROM times CROSS JOIN ${table} ON ${time} = t WHERE instrument = @number AND t <= @to AND ${learnt} <= @known`,
        )
        .raw();
    this.#db = db;
    this.#number = db.prepare<[string], number>('SELECT number FROM instruments WHERE id = ?').pluck();
    this.#settled = range(SETTLED_COLUMNS, 'settled', 'key', 'learnt_at');
    this.#prices = range(PRICE_COLUMNS, 'prices', 'close', '0');
    const hours = [...HOUR_COLUMNS, ['terms', 'terms']] as const;
    this.#hours = [range(hours, 'hour_cold', 'close', 'close + late_ms'), hot(hours, 'hour_hot', 'close', 'close + late_ms')];
    this.#snapshots = [
      range(SNAPSHOT_COLUMNS, 'snapshot_cold', 'ts', 'ts + late_ms'),
      hot(SNAPSHOT_COLUMNS, 'snapshot_hot', 'ts', 'ts + late_ms'),
    ];
    this.#terms = numberedTerms(db);
    this.#latestOf = db.prepare('SELECT * FROM latest WHERE instrument = ?');
  }

  #rows(instrument: InstrumentId, from: number, to: number, asOf: AsOf, read: (...range: Range) => RawRow[]): RawRow[] {
    const number = this.#number.get(instrument);
    return number === undefined ? [] : read(number, bound(from, 'from'), bound(to, 'to'), knownBy(asOf));
  }

  instruments(): Instrument[] {
    return this.#db.prepare<[], InstrumentRow>(`SELECT ${INSTRUMENT} FROM instruments i ORDER BY i.number`).all().map(instrumentFrom);
  }

  latest(): Latest[] {
    return this.#db
      .prepare<[], InstrumentRow & LatestRow>(`SELECT l.*, ${INSTRUMENT} FROM latest l JOIN instruments i ON i.number = l.instrument`)
      .all()
      .map((row) => ({
        instrument: instrumentFrom(row),
        snapshot: snapshotOf(row, row.symbol),
        observedAt: row.observed_at,
        delisted: row.delisted === 1,
      }));
  }

  settled(instrument: InstrumentId, from: number, to: number, asOf: AsOf = null): SettledColumns {
    return toColumns(
      names(SETTLED_COLUMNS),
      this.#rows(instrument, from, to, asOf, (...range) => this.#settled.all(...range)),
    );
  }

  prices(instrument: InstrumentId, from: number, to: number, asOf: AsOf = null): PriceColumns {
    return toColumns(
      names(PRICE_COLUMNS),
      this.#rows(instrument, from, to, asOf, (...range) => this.#prices.all(...range)),
    );
  }

  snapshots(instrument: InstrumentId, from: number, to: number, asOf: AsOf = null): SnapshotColumns {
    const [cold, hot] = this.#snapshots;
    const rows = this.#rows(instrument, from, to, asOf, (number, after, until, known) =>
      joinAscending(cold.all(number, after, until, known), hot.all({ number, from: after, to: until, known })),
    );
    return toColumns(names(SNAPSHOT_COLUMNS), rows);
  }

  /** Hours that are over at `now`: the one of the newest observation too, once it is, though no later poll has closed it yet. */
  hours(instrument: InstrumentId, from: number, to: number, asOf: AsOf, now: number): HourColumns {
    const [cold, hot] = this.#hours;
    let terms: readonly NumberedTerms[] = [];
    const rows = this.#rows(instrument, from, to, asOf, (number, after, until, known) => {
      terms = this.#terms(number, null);
      const closed = joinAscending(cold.all(number, after, until, known), hot.all({ number, from: after, to: until, known }));
      const row = this.#latestOf.get(number);
      if (!row || row.hour_close <= after || row.hour_close > Math.min(until, now, known)) return closed;
      const pending = observedOf(row, '');
      // A row of the hour that is stored stays: what came once the hour was over is no part of it.
      return pending.learntAt > known ? closed : joinAscending(closed, [hourRow(closeHour(pending), terms.at(-1)?.number ?? null)]);
    });
    return { ...toColumns(names(HOUR_COLUMNS), rows), ...termsOf(rows, terms) };
  }

  /** Interval in force by the newest observation of each hour in [from, to], by the hour's close; the hour in progress included. */
  observedIntervals(number: number, from: number, to: number): Map<number, number> {
    const [cold, hot] = this.#hours;
    const rows = joinAscending(cold.all(number, from - 1, to, Infinity), hot.all({ number, from: from - 1, to, known: Infinity }));
    const byClose = new Map<number, number>();
    for (const row of rows) keepInterval(byClose, row[0], row[INTERVAL_AT]);
    const latest = this.#latestOf.get(number);
    keepInterval(byClose, latest?.hour_close, latest?.interval_h);
    return byClose;
  }

  /** SQLite takes the other columns from the row of the maximum. */
  bans(): HistoryEvent[] {
    return this.#db
      .prepare<[], HistoryEvent & { number: number }>(
        "SELECT max(number) AS number, at, kind, venue, instrument, text FROM events WHERE kind = 'ban' GROUP BY venue",
      )
      .all()
      .map(({ at, kind, venue, instrument, text }) => ({ at, kind, venue, instrument, text }));
  }

  events(from: number, to: number): HistoryEvent[] {
    return this.#db
      .prepare<[number, number], HistoryEvent>(
        'SELECT at, kind, venue, instrument, text FROM events WHERE at > ? AND at <= ? ORDER BY at, number',
      )
      .all(bound(from, 'from'), bound(to, 'to'));
  }

  spans(instrument: InstrumentId, kind: SeriesKind): Span[] {
    return this.#db
      .prepare<[string, string], Span>(
        `SELECT s.from_t AS "from", s.to_t AS "to" FROM spans s JOIN instruments i ON i.number = s.instrument
         WHERE i.id = ? AND s.kind = ? ORDER BY s.from_t`,
      )
      .all(instrument, kind);
  }

  asked(instrument: InstrumentId, kind: SeriesKind): Asked[] {
    return this.#db
      .prepare<[string, string], Asked>(
        `SELECT a.from_t AS "from", a.to_t AS "to", a.at, a.since FROM asked a JOIN instruments i ON i.number = a.instrument
         WHERE i.id = ? AND a.kind = ? ORDER BY a.from_t`,
      )
      .all(instrument, kind);
  }

  settledRows(): number {
    return this.#db.prepare<[], number>('SELECT count(*) FROM settled').pluck().get() ?? 0;
  }
}
