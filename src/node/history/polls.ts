import type { Database, Statement } from 'better-sqlite3';
import { MINUTE_MS } from '#domain/time.ts';
import { type Instrument, type InstrumentId, instrumentId, sameInstrument, stillKnown } from '#domain/instrument.ts';
import type { PollRecord } from '#core/ports.ts';
import { observationTime, type RefusedRow, type Snapshot } from '#core/venue.ts';
import { checkInstrument, checkSnapshot, time } from './checks.ts';
import { codeOf, HistoryError, messageOf } from './errors.ts';
import {
  CHANGING_COLUMNS,
  changingValues,
  INSTRUMENT_COLUMNS,
  instrumentsReader,
  instrumentValues,
  type NumberedInstrument,
} from './instruments.ts';
import { type ClosedHour, closeHour, HELD_POLLS, type Observed, observe } from './hour.ts';
import type { Moved } from './maintain.ts';
import { type LatestRow, observedOf } from './rows.ts';
import { type StagedTerms, TermsWriter } from './terms.ts';

/** A stored time further ahead than this came from a clock that was wrong; it must not hold back what is true now. */
const FUTURE_MS = 5 * MINUTE_MS;

type Known = NumberedInstrument;

const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

/** Puts a row where those of its time have moved, or are moving, unless it is among them. Instrument and time come first. */
const besideHot = (table: string, time: string, columns: number): string =>
  `WITH given(${Array.from({ length: columns }, (_, i) => `c${i}`).join(', ')}) AS (VALUES (${marks(columns)}))
   INSERT OR IGNORE INTO ${table}_cold SELECT * FROM given WHERE NOT EXISTS (SELECT 1 FROM ${table}_hot WHERE ${time} = c1 AND instrument = c0)`;

const LATEST: readonly (keyof LatestRow)[] = [
  'observed_at',
  'hold_ms',
  'rate',
  'interval_h',
  'mark',
  'idx',
  'open_interest',
  'volume_24h',
  'next_funding_at',
  'interest_per_8h',
  'hour_close',
  'rate_min',
  'rate_max',
  'premium_min',
  'premium_max',
  'premium_sum',
  'covered_ms',
  'serves_premium',
  'own_premium',
  'delisted',
  'learnt_at',
];

/** Writes polls. Holds what `instruments` and `latest` hold, so that a poll of thousands of rows reads nothing. */
export class PollWriter {
  readonly #db: Database;
  readonly #known = new Map<InstrumentId, Known>();
  readonly #observed = new Map<number, Observed>();
  /** Only ever grows: a number that a failed transaction took is left out. */
  #nextNumber = 1;
  readonly #putInstrument: Statement;
  readonly #amendInstrument: Statement;
  readonly #putListing: Statement;
  readonly #delisted = new Set<number>();
  readonly #addLatest: Statement;
  readonly #setLatest: Statement;
  readonly #putSnapshot: Statement;
  readonly #putMovedSnapshot: Statement;
  readonly #putHour: Statement;
  readonly #putMovedHour: Statement;
  readonly moved: Moved = { snapshots: -Infinity, hours: -Infinity };
  readonly #terms: TermsWriter;
  readonly #delist: Statement;

  constructor(db: Database) {
    this.#db = db;
    this.#putInstrument = db.prepare(
      `INSERT INTO instruments (number, learnt_at, ${INSTRUMENT_COLUMNS.join(', ')}) VALUES (${marks(INSTRUMENT_COLUMNS.length + 2)})`,
    );
    this.#amendInstrument = db.prepare(
      `INSERT INTO instruments_later (instrument, version, learnt_at, ${CHANGING_COLUMNS.join(', ')}) VALUES (${marks(CHANGING_COLUMNS.length + 3)})`,
    );
    this.#putListing = db.prepare(
      `INSERT INTO listings SELECT @number, 1 + count(*), @learntAt, @delisted FROM listings WHERE instrument = @number`,
    );
    this.#addLatest = db.prepare(`INSERT INTO latest (${LATEST.join(', ')}, instrument) VALUES (${marks(LATEST.length + 1)})`);
    // A quarter quicker than INSERT OR REPLACE, which deletes the row first.
    this.#setLatest = db.prepare(`UPDATE latest SET ${LATEST.map((column) => `${column} = ?`).join(', ')} WHERE instrument = ?`);
    this.#putSnapshot = db.prepare(`INSERT INTO snapshot_hot VALUES (${marks(10)}) ON CONFLICT DO NOTHING`);
    this.#putMovedSnapshot = db.prepare(besideHot('snapshot', 'ts', 10));
    // The first word of an hour stays: what arrives once it is over was not known at its close.
    this.#putHour = db.prepare(`INSERT INTO hour_hot VALUES (${marks(18)}) ON CONFLICT DO NOTHING`);
    this.#putMovedHour = db.prepare(besideHot('hour', 'close', 18));
    this.#terms = new TermsWriter(db);
    this.#delist = db.prepare('UPDATE latest SET delisted = 1 WHERE instrument = ?');
    for (const known of instrumentsReader(db)(null)) {
      this.#known.set(known.instrument.id, known);
      this.#nextNumber = Math.max(this.#nextNumber, known.number + 1);
    }
    const symbols = new Map([...this.#known.values()].map(({ number, instrument }) => [number, instrument.symbol]));
    for (const row of db.prepare<[], LatestRow>('SELECT * FROM latest').all()) {
      this.#observed.set(row.instrument, observedOf(row, symbols.get(row.instrument) ?? ''));
      if (row.delisted === 1) this.#delisted.add(row.instrument);
    }
  }

  /** The number of a known instrument. */
  numberOf(id: InstrumentId): number {
    const known = this.#known.get(id);
    if (known) return known.number;
    const user = `${id} is not known here yet: it is after the first answer of its exchange that lists it.`;
    throw new HistoryError('invalid', user);
  }

  instruments(): Instrument[] {
    return [...this.#known.values()].map(({ instrument }) => instrument);
  }

  keepInstruments(instruments: readonly Instrument[], now: number): void {
    const staged = new Map<InstrumentId, Known>();
    this.#db
      .transaction(() => {
        for (const instrument of instruments) this.#keepInstrument(instrument, staged, now);
      })
      .immediate();
    for (const [id, known] of staged) this.#known.set(id, known);
  }

  /** What another writer knows beyond this one: its instruments, and newest values (with their hours' sums) that are newer. */
  takeOver(other: PollWriter, now: number): void {
    this.keepInstruments(other.instruments(), now);
    const newer = new Map<number, Observed>();
    for (const { number: from, instrument } of other.#known.values()) {
      const theirs = other.#observed.get(from);
      const number = this.numberOf(instrument.id);
      if (theirs && theirs.observedAt > (this.#observed.get(number)?.observedAt ?? -Infinity)) newer.set(number, theirs);
    }
    this.#db
      .transaction(() => {
        for (const [number, observed] of newer) this.#keepLatest(number, observed);
      })
      .immediate();
    for (const [number, observed] of newer) this.#observed.set(number, observed);
  }

  /** Terms that something else wrote beside this writer. */
  loadTerms(): void {
    this.#terms.load();
  }

  /**
   * One transaction or nothing, but for rows that cannot be stored: those are left out, and returned with the reason. An
   * observation that is not newer than the stored one (late, repeated) changes neither the newest values nor an hour: it is
   * only kept as a snapshot, where those are kept.
   */
  record(poll: PollRecord, now: number): readonly RefusedRow[] {
    const at = time(poll.observedAt, `${poll.venue} observedAt`);
    const holdMs = HELD_POLLS * time(poll.pollMs, `${poll.venue} pollMs`);
    const instruments = new Map<InstrumentId, Known>();
    const observed = new Map<number, Observed>();
    const terms: StagedTerms = new Map();
    const listings = new Map<number, boolean>();
    const refused: RefusedRow[] = [];
    const horizon = Math.max(now, at) + FUTURE_MS;
    const keep = (snapshot: Snapshot): void => {
      const id = instrumentId(poll.venue, snapshot.symbol);
      checkSnapshot(snapshot, id);
      const number = instruments.get(id)?.number ?? this.numberOf(id);
      const own = time(observationTime(snapshot, at), `${id} time`);
      const before = observed.get(number) ?? this.#observed.get(number) ?? null;
      const usable = before && before.observedAt > horizon ? null : before;
      if (poll.watched.has(id)) this.#keepSnapshot(number, own, at, snapshot);
      if (usable && own <= usable.observedAt) return;
      const next = observe(usable, snapshot, own, holdMs, at);
      const inForce = this.#terms.inForce(number, terms);
      if (next.closed) this.#keepHour(number, next.closed, inForce);
      else if (usable && at > usable.close) this.#keepHour(number, closeHour(usable), inForce);
      this.#terms.write(number, own, at, snapshot, terms);
      this.#keepLatest(number, next.observed);
      this.#keepListing(number, at, false, listings);
      observed.set(number, next.observed);
    };
    /** A statement that fails on its row leaves the transaction as it was: the rows beside it are kept. */
    const costingItself = (symbol: string, work: () => void): void => {
      try {
        work();
      } catch (error) {
        refused.push({ symbol, reason: reasonOf(error) });
      }
    };
    this.#db
      .transaction(() => {
        for (const instrument of poll.instruments)
          costingItself(instrument.symbol, () => {
            this.#keepInstrument(instrument, instruments, at);
          });
        for (const snapshot of poll.snapshots)
          costingItself(snapshot.symbol, () => {
            keep(snapshot);
          });
        for (const id of poll.delisted ?? []) {
          this.#keepDelisted(id, instruments, at);
          this.#keepListing(this.numberOf(id), at, true, listings);
        }
      })
      .immediate();
    for (const [id, known] of instruments) this.#known.set(id, known);
    for (const [number, state] of observed) this.#observed.set(number, state);
    this.#terms.keep(terms);
    for (const [number, isDelisted] of listings) {
      if (isDelisted) this.#delisted.add(number);
      else this.#delisted.delete(number);
    }
    return refused;
  }

  #keepInstrument(said: Instrument, staged: Map<InstrumentId, Known>, at: number): void {
    const known = staged.get(said.id) ?? this.#known.get(said.id);
    const instrument = stillKnown(known?.instrument, said, at);
    if (known && sameInstrument(known.instrument, instrument)) return;
    checkInstrument(instrument);
    const number = known?.number ?? this.#nextNumber++;
    const version = known ? known.version + 1 : 0;
    if (known) this.#amendInstrument.run(number, version, at, ...changingValues(instrument));
    else this.#putInstrument.run(number, at, ...instrumentValues(instrument));
    staged.set(said.id, { number, instrument, version });
  }

  #keepListing(number: number, learntAt: number, isDelisted: boolean, staged: Map<number, boolean>): void {
    if ((staged.get(number) ?? this.#delisted.has(number)) === isDelisted) return;
    this.#putListing.run({ number, learntAt, delisted: Number(isDelisted) });
    staged.set(number, isDelisted);
  }

  /** The venue's own word of when it ended stands before the time of the answer that no longer held it. */
  #keepDelisted(id: InstrumentId, staged: Map<InstrumentId, Known>, at: number): void {
    const number = this.numberOf(id);
    this.#delist.run(number);
    const { instrument } = staged.get(id) ?? this.#known.get(id) ?? {};
    if (instrument?.delistedAt === null) this.#keepInstrument({ ...instrument, delistedAt: at }, staged, at);
  }

  #keepSnapshot(number: number, own: number, at: number, s: Snapshot): void {
    const put = own <= this.moved.snapshots ? this.#putMovedSnapshot : this.#putSnapshot;
    put.run(number, own, s.rate, s.intervalH, s.mark, s.index, s.openInterest, s.volume24h, s.nextFundingAt, at - own);
  }

  #keepHour(number: number, hour: ClosedHour, terms: number | null): void {
    const { close, observedAt, learntAt, snapshot: s, rateMin, rateMax, premium, premiumMin, premiumMax, coveredMs } = hour;
    const put = close <= this.moved.hours ? this.#putMovedHour : this.#putHour;
    put.run(
      number,
      close,
      observedAt,
      s.rate,
      s.intervalH,
      s.mark,
      s.index,
      s.openInterest,
      s.volume24h,
      rateMin,
      rateMax,
      premium,
      premiumMin,
      premiumMax,
      coveredMs,
      s.nextFundingAt === null ? null : s.nextFundingAt - close,
      terms,
      Math.max(0, learntAt - close),
    );
  }

  #keepLatest(number: number, observed: Observed): void {
    const { snapshot: s } = observed;
    const row = [
      observed.observedAt,
      observed.holdMs,
      s.rate,
      s.intervalH,
      s.mark,
      s.index,
      s.openInterest,
      s.volume24h,
      s.nextFundingAt,
      s.interestPer8h,
      observed.close,
      observed.rateMin,
      observed.rateMax,
      observed.premiumMin,
      observed.premiumMax,
      observed.premiumSum,
      observed.coveredMs,
      s.premium === undefined ? 0 : 1,
      s.premium ?? null,
      0,
      observed.learntAt,
      number,
    ];
    if (this.#setLatest.run(...row).changes === 0) this.#addLatest.run(...row);
  }
}

/** Why one row could not be stored, in words; what is no fault of a row goes on to the caller. */
function reasonOf(error: unknown): string {
  if (error instanceof HistoryError && error.kind === 'invalid') return error.user;
  if (codeOf(error).startsWith('SQLITE_CONSTRAINT')) return `it breaks a rule of the history (${messageOf(error)})`;
  throw error;
}
