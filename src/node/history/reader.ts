import type { Database, Statement } from 'better-sqlite3';
import type { HourColumns, PriceColumns, SeenSettledColumns, SettledColumns, SnapshotColumns } from '#domain/columns.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { SETTLEMENT_SLACK_MS, type Span } from '#domain/time.ts';
import type {
  Asked,
  FundingTerms,
  HistoryEvent,
  LateWords,
  Latest,
  LearntBy,
  LearntSince,
  SeriesKind,
  SettledConflict,
  Thinned,
  NewestBooks,
} from '#core/ports/history-facts.ts';
import type { AsOf, Kept } from '#core/ports/history.ts';
import { changesReader } from './changes.ts';
import { bound } from './checks.ts';
import { closeHour } from './hour.ts';
import { instrumentsReader } from './instruments.ts';
import { latestReader } from './latest.ts';
import { newestBooksReader } from './books.ts';
import { lateWordsReader, learntByReader } from './learnt.ts';
import { type NewestReader, newestReader } from './newest.ts';
import { IN_PIECES, PackedRows } from './packed-rows.ts';
import { PRICE_COLUMNS, pricesReader } from './prices.ts';
import {
  byColumns,
  chosen,
  type Columns,
  HOUR_COLUMNS,
  hourRow,
  namesOf,
  overlay,
  type RawRow,
  SETTLED_COLUMNS,
  SETTLED_LATER,
  SNAPSHOT_COLUMNS,
  sqlOf,
  termsOf,
} from './rows.ts';
import { seenReader } from './seen.ts';
import { AskedFor, Spans } from './spans.ts';
import { rateRangesReader } from './rate-ranges.ts';
import { stretchesReader } from './stretches.ts';
import { type NumberedTerms, numberedTerms, termsReader } from './terms.ts';
import { readThinned, thinnedReader } from './thinned.ts';

/** Known by the end: learnt by then. */
type Range = [instrument: number, from: number, to: number, known: number];

/** Rows of one instrument in the order of a table that is kept so. */
interface Cold {
  read(...range: Range): PackedRows;
}

interface HotRange {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly known: number;
}

/** No instrument has this number. */
const NOT_KNOWN = -1;

type HourColumn = (typeof HOUR_COLUMNS)[number][0] | 'terms';
const WITH_TERMS: Columns<HourColumn> = [...HOUR_COLUMNS, ['terms', 'terms']];
const ALL_OF_HOUR = namesOf(WITH_TERMS);
/** What the number of the terms stands for. */
const TERMS: readonly string[] = ['interestPer8h', 'cap', 'floor'];

/** Learnt by then is known; all that is there where nothing is said. */
const knownBy = (asOf: AsOf): number => (asOf === null ? Infinity : bound(asOf, 'asOf'));

/** Of an event of before its learning was kept: a ban and a hole stand at another time than the one at which they were told. */
const EVENT_LEARNT_AT =
  "coalesce(learnt_at, CASE WHEN kind IN ('ban', 'hole') THEN (SELECT value FROM meta WHERE name = 'taken_over_at') ELSE at END)";

/** Everything that is read, over any connection. Ranges are (from, to]; rows ascend. */
export class HistoryReader {
  readonly #db: Database;
  readonly #number: Statement<[string], number>;
  readonly #settled: (columns: Columns<keyof SettledColumns>) => Cold;
  readonly #settledLater: Statement<Range, RawRow>;
  readonly #prices: ReturnType<typeof pricesReader>;
  readonly #seen: ReturnType<typeof seenReader>;
  readonly #instruments: ReturnType<typeof instrumentsReader>;
  readonly #latest: ReturnType<typeof latestReader>;
  readonly #thinned: ReturnType<typeof thinnedReader>;
  readonly #spans: Spans;
  readonly #asked: AskedFor;
  /** Every change of an instrument's terms, by the time from which it held. */
  readonly terms: (instrument: InstrumentId, asOf: AsOf) => FundingTerms[];
  readonly stretches: ReturnType<typeof stretchesReader>;
  readonly learntBy: (ids: readonly InstrumentId[], span: Span, at: number) => LearntBy;
  readonly newestBooks: (ids: readonly InstrumentId[], at: number) => NewestBooks;
  readonly rateRanges: ReturnType<typeof rateRangesReader>;
  readonly lateWords: (id: InstrumentId) => LateWords;
  readonly learntSince: (mark: number | null) => LearntSince;
  readonly #hours: (columns: Columns<HourColumn>) => readonly [cold: Cold, hot: Statement<[HotRange], RawRow>];
  readonly #snapshots: readonly [cold: Cold, hot: Statement<[HotRange], RawRow>];
  readonly #newest: NewestReader;
  readonly #numberedTerms: (instrument: number, asOf: AsOf) => NumberedTerms[];

  constructor(db: Database) {
    const range = (columns: Columns<string>, table: string, time: string, learnt: string) => {
      const rows = (known: string) =>
        db
          .prepare<number[], RawRow>(
            `SELECT ${sqlOf(columns)} FROM ${table} WHERE instrument = ? AND ${time} > ? AND ${time} <= ?${known} ORDER BY ${time} ${IN_PIECES}`,
          )
          .raw();
      const [now, then] = [rows(''), rows(` AND ${learnt} <= ?`)];
      return {
        // What is known now need not be asked for row by row.
        read: (number: number, from: number, to: number, known: number): PackedRows =>
          PackedRows.read(columns.length, from, (after) =>
            known === Infinity ? now.all(number, after, to) : then.all(number, after, to, known),
          ),
      };
    };
    // One seek per poll time instead of a scan of every instrument's rows, and no need for statistics (a loose index scan).
    const hot = (columns: Columns<string>, table: string, time: string, learnt: string) =>
      db
        .prepare<[HotRange], RawRow>(
          `WITH RECURSIVE times(t) AS (
             SELECT (SELECT min(${time}) FROM ${table} WHERE ${time} > @from)
             UNION ALL
             SELECT (SELECT min(${time}) FROM ${table} WHERE ${time} > t) FROM times WHERE t <= @to
           )
           SELECT ${sqlOf(columns)} FROM times CROSS JOIN ${table} ON ${time} = t WHERE instrument = @number AND t <= @to AND ${learnt} <= @known`,
        )
        .raw();
    this.#db = db;
    this.#number = db.prepare<[string], number>('SELECT number FROM instruments WHERE id = ?').pluck();
    this.#settled = byColumns((columns) => range(columns, 'settled', 'key', 'learnt_at'));
    this.#settledLater = db
      .prepare<Range, RawRow>(
        `SELECT ${SETTLED_LATER} FROM settled_later
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
    this.learntBy = learntByReader(db);
    this.newestBooks = newestBooksReader(db);
    this.lateWords = lateWordsReader(db);
    this.learntSince = changesReader(db);
    this.#hours = byColumns((columns) => [
      range(columns, 'hour_cold', 'close', 'close + late_ms'),
      hot(columns, 'hour_hot', 'close', 'close + late_ms'),
    ]);
    this.#snapshots = [
      range(SNAPSHOT_COLUMNS, 'snapshot_cold', 'ts', 'ts + late_ms'),
      hot(SNAPSHOT_COLUMNS, 'snapshot_hot', 'ts', 'ts + late_ms'),
    ];
    this.#numberedTerms = numberedTerms(db);
    this.terms = termsReader(db);
    this.#newest = newestReader(db);
    this.rateRanges = rateRangesReader(db, this.#newest);
    this.stretches = stretchesReader(db, { newest: this.#newest, thinned: this.#thinned });
  }

  /** `columns` of the instrument; without rows where it is not known. */
  #rows<K extends string>(
    columns: Columns<K>,
    [instrument, from, to, asOf]: readonly [id: InstrumentId, from: number, to: number, asOf: AsOf],
    read: (...range: Range) => PackedRows,
  ): Record<K, Float64Array> {
    const number = this.#number.get(instrument);
    const rows = number === undefined ? new PackedRows(columns.length) : read(number, bound(from, 'from'), bound(to, 'to'), knownBy(asOf));
    return rows.columns(namesOf(columns));
  }

  instruments(asOf: AsOf = null, ids: readonly InstrumentId[] | null = null): Instrument[] {
    return this.#instruments(asOf, ids).map(({ instrument }) => instrument);
  }

  latest(asOf: AsOf = null, ids: readonly InstrumentId[] | null = null): Latest[] {
    return this.#latest(asOf, ids);
  }

  /** `only`: these columns, and the one that rows ascend in. */
  settled<K extends keyof SettledColumns = keyof SettledColumns>(
    instrument: InstrumentId,
    from: number,
    to: number,
    asOf: AsOf = null,
    only?: readonly K[],
  ): Pick<SettledColumns, K> {
    const columns = chosen(SETTLED_COLUMNS, only);
    let later: readonly RawRow[] = [];
    const found: SettledColumns = this.#rows(columns, [instrument, from, to, asOf], (...range) => {
      later = this.#settledLater.all(...range);
      return this.#settled(columns).read(...range);
    });
    overlay(found.key, [found.intervalH, found.mark, found.premium, found.rate], later);
    return found;
  }

  settledSeen(instrument: InstrumentId, from: number, to: number, asOf: AsOf = null): SeenSettledColumns {
    const columns = this.settled(instrument, from, to, asOf);
    return { ...columns, ...this.#seen(this.#number.get(instrument), columns.key, columns.intervalH) };
  }

  prices<K extends keyof PriceColumns = keyof PriceColumns>(
    instrument: InstrumentId,
    from: number,
    to: number,
    asOf: AsOf = null,
    only?: readonly K[],
  ): Pick<PriceColumns, K> {
    const number = this.#number.get(instrument) ?? NOT_KNOWN;
    return this.#prices(chosen(PRICE_COLUMNS, only), number, bound(from, 'from'), bound(to, 'to'), knownBy(asOf)) as Pick<PriceColumns, K>;
  }

  snapshots(instrument: InstrumentId, from: number, to: number, asOf: AsOf = null): Kept<SnapshotColumns> {
    const [cold, hot] = this.#snapshots;
    let thinned: readonly Span[] = [];
    const found = this.#rows(SNAPSHOT_COLUMNS, [instrument, from, to, asOf], (number, after, until, known) => {
      thinned = this.#thinned('snapshots', number, after, Math.min(until, known));
      return cold.read(number, after, until, known).joined(hot.all({ number, from: after, to: until, known }));
    });
    return { ...found, thinned };
  }

  /** Hours that are over at `now`: the one of the newest observation too, once it is, though no later poll has closed it yet. */
  hours<K extends keyof HourColumns = keyof HourColumns>(
    instrument: InstrumentId,
    from: number,
    to: number,
    asOf: AsOf,
    now: number,
    only?: readonly K[],
  ): Kept<Pick<HourColumns, K>> {
    // Terms are found by the other columns.
    const columns = only?.some((name) => TERMS.includes(name)) === false ? chosen<HourColumn>(HOUR_COLUMNS, only) : WITH_TERMS;
    const [cold, hot] = this.#hours(columns);
    let terms: readonly NumberedTerms[] = [];
    let thinned: readonly Span[] = [];
    const { terms: numbers, ...found } = this.#rows(columns, [instrument, from, to, asOf], (number, after, until, known) => {
      terms = this.#numberedTerms(number, null);
      thinned = this.#thinned('hours', number, after, Math.min(until, known));
      const closed = cold.read(number, after, until, known).joined(hot.all({ number, from: after, to: until, known }));
      const pending = this.#newest.of([number]).get(number);
      if (!pending || pending.close <= after || pending.close > Math.min(until, now, known) || pending.learntAt > known) return closed;
      const row = hourRow(closeHour({ ...pending, snapshot: { symbol: '', ...pending.snapshot } }), terms.at(-1)?.number ?? null);
      // A row of the hour that is stored stays: what came once the hour was over is no part of it.
      return closed.joined([columns.map(([name]) => row[ALL_OF_HOUR.indexOf(name)] ?? null)]);
    });
    const stated = columns === WITH_TERMS ? termsOf(numbers, found.observedAt, terms) : {};
    const all: Record<string, Float64Array> = { ...found, ...stated };
    return Object.assign(all as Record<keyof HourColumns, Float64Array>, { thinned });
  }

  /**
   * Interval in force by the newest observation of each hour in [from, to], by the hour's close; the hour in progress included. One that
   * announces a settlement after the close is of what came next: of the settlement at the close it says nothing.
   */
  observedIntervals(number: number, from: number, to: number): Map<number, number> {
    const columns = chosen<HourColumn>(HOUR_COLUMNS, ['intervalH', 'nextFundingAt']);
    const [cold, hot] = this.#hours(columns);
    const rows = cold.read(number, from - 1, to, Infinity).joined(hot.all({ number, from: from - 1, to, known: Infinity }));
    const { close, intervalH, nextFundingAt } = rows.columns(namesOf(columns));
    const byClose = new Map<number, number>();
    const put = (at: number, hours: number, next: number): void => {
      if (hours > 0 && !(next > at + SETTLEMENT_SLACK_MS)) byClose.set(at, hours);
    };
    for (const [i, at] of close.entries()) put(at, intervalH[i] ?? NaN, nextFundingAt[i] ?? NaN);
    const newest = this.#newest.of([number]).get(number);
    if (newest !== undefined) put(newest.close, newest.snapshot.intervalH ?? NaN, newest.snapshot.nextFundingAt ?? NaN);
    return byClose;
  }

  bans(asOf: AsOf = null): HistoryEvent[] {
    return this.#db
      .prepare<[number], HistoryEvent>(
        `SELECT at, kind, venue, instrument, text FROM events WHERE number IN
           (SELECT max(number) FROM events WHERE kind = 'ban' AND ${EVENT_LEARNT_AT} <= ? GROUP BY venue) ORDER BY venue`,
      )
      .all(knownBy(asOf));
  }

  events(from: number, to: number, asOf: AsOf = null): HistoryEvent[] {
    return this.#db
      .prepare<[number, number, number], HistoryEvent>(
        `SELECT at, kind, venue, instrument, text FROM events WHERE at > ? AND at <= ?
           AND ${EVENT_LEARNT_AT} <= ?
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
