import type { Database, Statement } from 'better-sqlite3';
import type { HourColumns, PriceColumns, SeenSettledColumns, SettledColumns, SnapshotColumns } from '#domain/columns.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { Span } from '#domain/time.ts';
import type { Asked, HistoryEvent, Latest, LearntSince, SeriesKind, SettledConflict, Thinned } from '#core/ports/history-facts.ts';
import type { AsOf, Kept } from '#core/ports/history.ts';
import { changesReader } from './changes.ts';
import { bound } from './checks.ts';
import { closeHour } from './hour.ts';
import { instrumentsReader, type NumberedInstrument } from './instruments.ts';
import { latestReader } from './latest.ts';
import { type NewestReader, newestReader } from './newest.ts';
import { pricesReader } from './prices.ts';
import { HOUR_COLUMNS, hourRow, joinAscending, overlay, type RawRow, SNAPSHOT_COLUMNS, termsOf, toColumns } from './rows.ts';
import { seenReader } from './seen.ts';
import { AskedFor, Spans } from './spans.ts';
import { type NumberedTerms, numberedTerms } from './terms.ts';
import { readThinned, thinnedReader } from './thinned.ts';

/** Known by the end: learnt by then. */
type Range = [instrument: number, from: number, to: number, known: number];

/** Rows of one instrument in the order of a table that is kept so. */
interface Cold {
  all(...range: Range): RawRow[];
}

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

/** No instrument has this number. */
const NOT_KNOWN = -1;

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
  readonly #settled: Cold;
  readonly #settledLater: Statement<Range, RawRow>;
  readonly #prices: ReturnType<typeof pricesReader>;
  readonly #seen: ReturnType<typeof seenReader>;
  readonly #instruments: (asOf: AsOf) => NumberedInstrument[];
  readonly #latest: (asOf: AsOf) => Latest[];
  readonly #thinned: ReturnType<typeof thinnedReader>;
  readonly #spans: Spans;
  readonly #asked: AskedFor;
  readonly learntSince: (mark: number | null) => LearntSince;
  readonly #hours: readonly [cold: Cold, hot: Statement<[HotRange], RawRow>];
  readonly #snapshots: readonly [cold: Cold, hot: Statement<[HotRange], RawRow>];
  readonly #newest: NewestReader;
  readonly #terms: (instrument: number, asOf: AsOf) => NumberedTerms[];

  constructor(db: Database) {
    const range = (columns: readonly (readonly [string, string])[], table: string, time: string, learnt: string) => {
      const rows = (known: string) =>
        db
          .prepare<number[], RawRow>(
            `SELECT ${sql(columns)} FROM ${table} WHERE instrument = ? AND ${time} > ? AND ${time} <= ?${known} ORDER BY ${time}`,
          )
          .raw();
      const [now, then] = [rows(''), rows(` AND ${learnt} <= ?`)];
      return {
        // What is known now need not be asked for row by row.
        all: (number: number, from: number, to: number, known: number): RawRow[] =>
          known === Infinity ? now.all(number, from, to) : then.all(number, from, to, known),
      };
    };
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
    this.#settledLater = db
      .prepare<Range, RawRow>(
        `SELECT key, interval_h, mark, premium FROM settled_later
         WHERE instrument = ? AND key > ? AND key <= ? AND learnt_at <= ? ORDER BY key, version`,
      )
      .raw();
    this.#prices = pricesReader(db);
    this.#seen = seenReader(db);
    this.#instruments = instrumentsReader(db);
    this.#latest = latestReader(db);
    this.#thinned = thinnedReader(db);
    this.#spans = new Spans(db);
    this.#asked = new AskedFor(db);
    this.learntSince = changesReader(db);
    const hours = [...HOUR_COLUMNS, ['terms', 'terms']] as const;
    this.#hours = [range(hours, 'hour_cold', 'close', 'close + late_ms'), hot(hours, 'hour_hot', 'close', 'close + late_ms')];
    this.#snapshots = [
      range(SNAPSHOT_COLUMNS, 'snapshot_cold', 'ts', 'ts + late_ms'),
      hot(SNAPSHOT_COLUMNS, 'snapshot_hot', 'ts', 'ts + late_ms'),
    ];
    this.#terms = numberedTerms(db);
    this.#newest = newestReader(db);
  }

  #rows(instrument: InstrumentId, from: number, to: number, asOf: AsOf, read: (...range: Range) => RawRow[]): RawRow[] {
    const number = this.#number.get(instrument);
    return number === undefined ? [] : read(number, bound(from, 'from'), bound(to, 'to'), knownBy(asOf));
  }

  instruments(asOf: AsOf = null): Instrument[] {
    return this.#instruments(asOf).map(({ instrument }) => instrument);
  }

  latest(asOf: AsOf = null): Latest[] {
    return this.#latest(asOf);
  }

  settled(instrument: InstrumentId, from: number, to: number, asOf: AsOf = null): SettledColumns {
    let later: readonly RawRow[] = [];
    const rows = this.#rows(instrument, from, to, asOf, (...range) => {
      later = this.#settledLater.all(...range);
      return this.#settled.all(...range);
    });
    const columns = toColumns(names(SETTLED_COLUMNS), rows);
    overlay(columns.key, [columns.intervalH, columns.mark, columns.premium], later);
    return columns;
  }

  settledSeen(instrument: InstrumentId, from: number, to: number, asOf: AsOf = null): SeenSettledColumns {
    const columns = this.settled(instrument, from, to, asOf);
    return { ...columns, ...this.#seen(this.#number.get(instrument), columns.key, columns.intervalH) };
  }

  prices(instrument: InstrumentId, from: number, to: number, asOf: AsOf = null): PriceColumns {
    return this.#prices(this.#number.get(instrument) ?? NOT_KNOWN, bound(from, 'from'), bound(to, 'to'), knownBy(asOf));
  }

  snapshots(instrument: InstrumentId, from: number, to: number, asOf: AsOf = null): Kept<SnapshotColumns> {
    const [cold, hot] = this.#snapshots;
    let thinned: readonly Span[] = [];
    const rows = this.#rows(instrument, from, to, asOf, (number, after, until, known) => {
      thinned = this.#thinned('snapshots', number, after, Math.min(until, known));
      return joinAscending(cold.all(number, after, until, known), hot.all({ number, from: after, to: until, known }));
    });
    return { ...toColumns(names(SNAPSHOT_COLUMNS), rows), thinned };
  }

  /** Hours that are over at `now`: the one of the newest observation too, once it is, though no later poll has closed it yet. */
  hours(instrument: InstrumentId, from: number, to: number, asOf: AsOf, now: number): Kept<HourColumns> {
    const [cold, hot] = this.#hours;
    let terms: readonly NumberedTerms[] = [];
    let thinned: readonly Span[] = [];
    const rows = this.#rows(instrument, from, to, asOf, (number, after, until, known) => {
      terms = this.#terms(number, null);
      thinned = this.#thinned('hours', number, after, Math.min(until, known));
      const closed = joinAscending(cold.all(number, after, until, known), hot.all({ number, from: after, to: until, known }));
      const pending = this.#newest.of(number);
      if (!pending || pending.close <= after || pending.close > Math.min(until, now, known)) return closed;
      // A row of the hour that is stored stays: what came once the hour was over is no part of it.
      return pending.learntAt > known
        ? closed
        : joinAscending(closed, [
            hourRow(closeHour({ ...pending, snapshot: { symbol: '', ...pending.snapshot } }), terms.at(-1)?.number ?? null),
          ]);
    });
    return { ...toColumns(names(HOUR_COLUMNS), rows), ...termsOf(rows, terms), thinned };
  }

  /** Interval in force by the newest observation of each hour in [from, to], by the hour's close; the hour in progress included. */
  observedIntervals(number: number, from: number, to: number): Map<number, number> {
    const [cold, hot] = this.#hours;
    const rows = joinAscending(cold.all(number, from - 1, to, Infinity), hot.all({ number, from: from - 1, to, known: Infinity }));
    const byClose = new Map<number, number>();
    for (const row of rows) keepInterval(byClose, row[0], row[INTERVAL_AT]);
    const newest = this.#newest.of(number);
    keepInterval(byClose, newest?.close, newest?.snapshot.intervalH);
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

  /** Of an event of before its learning was kept: a ban and a hole stand at another time than the one at which they were told. */
  events(from: number, to: number, asOf: AsOf = null): HistoryEvent[] {
    return this.#db
      .prepare<[number, number, number], HistoryEvent>(
        `SELECT at, kind, venue, instrument, text FROM events WHERE at > ? AND at <= ?
           AND coalesce(learnt_at, CASE WHEN kind IN ('ban', 'hole') THEN (SELECT value FROM meta WHERE name = 'taken_over_at') ELSE at END) <= ?
         ORDER BY at, number`,
      )
      .all(bound(from, 'from'), bound(to, 'to'), knownBy(asOf));
  }

  spans(instrument: InstrumentId, kind: SeriesKind, asOf: AsOf = null): Span[] {
    const number = this.#number.get(instrument);
    return number === undefined ? [] : this.#spans.read(number, kind, asOf);
  }

  asked(instrument: InstrumentId, kind: SeriesKind, asOf: AsOf = null): Asked[] {
    const number = this.#number.get(instrument);
    return number === undefined ? [] : this.#asked.read(number, kind, asOf);
  }

  /** Settlements with keys in (from, to] of which a venue has told another rate than the one that stands. */
  conflicts(from: number, to: number, asOf: AsOf = null): SettledConflict[] {
    return this.#db
      .prepare<[number, number, number], SettledConflict>(
        `SELECT i.id AS instrument, c.key, c.kept_rate AS rate, c.other_rate AS otherRate, c.other_stamp AS otherStamp, c.first_seen AS learntAt
         FROM conflicts c JOIN instruments i ON i.number = c.instrument
         WHERE c.key > ? AND c.key <= ? AND c.first_seen <= ? ORDER BY c.key, i.id, c.first_seen`,
      )
      .all(bound(from, 'from'), bound(to, 'to'), knownBy(asOf));
  }

  thinned(): Thinned[] {
    return readThinned(this.#db);
  }

  settledRows(): number {
    return this.#db.prepare<[], number>('SELECT count(*) FROM settled').pluck().get() ?? 0;
  }
}
