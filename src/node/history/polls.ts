import type { Database, Statement } from 'better-sqlite3';
import { MINUTE_MS } from '#domain/time.ts';
import { type Instrument, type InstrumentId, instrumentId, sameInstrument, stillKnown, type VenueId } from '#domain/instrument.ts';
import type { PollRecord } from '#core/ports/history-facts.ts';
import { observationTime, type RefusedRow, type Snapshot } from '#core/venue.ts';
import { checkInstrument, checkSnapshot, time } from './checks.ts';
import { codeOf, HistoryError, messageOf } from './errors.ts';
import {
  CHANGING_COLUMNS,
  changingValues,
  INSTRUMENT_COLUMNS,
  delistedReader,
  instrumentsReader,
  instrumentValues,
  type NumberedInstrument,
} from './instruments.ts';
import { type ClosedHour, closeHour, HELD_POLLS, type Observed, observe } from './hour.ts';
import type { Moved } from './maintain.ts';
import { newestReader, newestWriter } from './newest.ts';
import type { Learnt, Listing } from './carry.ts';
import { besideHot, type KeptSnapshot, marks, SnapshotWriter } from './snapshots.ts';
import { type StagedTerms, TermsWriter } from './terms.ts';

/** A stored time further ahead than this came from a clock that was wrong; it must not hold back what is true now. */
const FUTURE_MS = 5 * MINUTE_MS;

type Known = NumberedInstrument;

/** Where polls go. */
export interface PollLayout {
  readonly snapshots: string;
  readonly hours: string;
  /** So many instruments share a row of newest values. */
  readonly together: number | undefined;
  /** Gives an instrument of the venue its number where other writers give numbers too: those that share a row of newest values are of one venue. */
  readonly numbers?: (venue: VenueId) => number;
}

/** SQLite writes whole pages: what is of one time goes together first, and moves in batches. */
const IN_A_FILE: PollLayout = { snapshots: 'snapshot_hot', hours: 'hour_hot', together: undefined };

/** A row of a poll that changes what is known of its instrument. */
interface Step {
  readonly number: number;
  readonly own: number;
  readonly snapshot: Snapshot;
  /** The hour that it closes. */
  readonly closed: ClosedHour | null;
}

/** Writes polls. Holds what `instruments` and `newest` hold, so that a poll of thousands of rows reads nothing. */
export class PollWriter {
  readonly #db: Database;
  readonly #known = new Map<InstrumentId, Known>();
  /** The same by symbol: looking up a string that is put together for it takes as long as the rest of a row. */
  readonly #ofVenue = new Map<VenueId, Map<string, Known>>();
  /** By number. */
  readonly #observed: (Observed | undefined)[] = [];
  /** Only ever grows: a number that a failed transaction took is left out. */
  #nextNumber = 1;
  readonly #numbers: PollLayout['numbers'] | null;
  readonly #putInstrument: Statement;
  readonly #amendInstrument: Statement;
  readonly #putListing: Statement;
  readonly #delisted: Set<number>;
  readonly #putNewest: ReturnType<typeof newestWriter>;
  readonly #snapshots: SnapshotWriter;
  readonly #putHour: Statement;
  readonly #putMovedHour: Statement;
  readonly moved: Moved = { snapshots: -Infinity, hours: -Infinity };
  readonly #terms: TermsWriter;

  constructor(db: Database, layout = IN_A_FILE) {
    const { snapshots, hours, together } = layout;
    this.#db = db;
    this.#numbers = layout.numbers ?? null;
    this.#putInstrument = db.prepare(
      `INSERT INTO instruments (number, learnt_at, ${INSTRUMENT_COLUMNS.join(', ')}) VALUES (${marks(INSTRUMENT_COLUMNS.length + 2)})`,
    );
    this.#amendInstrument = db.prepare(
      `INSERT INTO instruments_later (instrument, version, learnt_at, ${CHANGING_COLUMNS.join(', ')}) VALUES (${marks(CHANGING_COLUMNS.length + 3)})`,
    );
    this.#putListing = db.prepare(
      `INSERT INTO listings SELECT @number, 1 + count(*), @learntAt, @delisted FROM listings WHERE instrument = @number`,
    );
    this.#putNewest = newestWriter(db, together);
    this.#snapshots = new SnapshotWriter(db, this.moved, snapshots);
    // The first word of an hour stays: what arrives once it is over was not known at its close.
    this.#putHour = db.prepare(`INSERT INTO ${hours} VALUES (${marks(18)}) ON CONFLICT DO NOTHING`);
    this.#putMovedHour = db.prepare(besideHot('hour', 'close', 18));
    this.#terms = new TermsWriter(db);
    for (const known of instrumentsReader(db)(null)) {
      this.#know(known);
      this.#nextNumber = Math.max(this.#nextNumber, known.number + 1);
    }
    const symbols = new Map([...this.#known.values()].map(({ number, instrument }) => [number, instrument.symbol]));
    for (const [number, { snapshot, ...newest }] of newestReader(db).all())
      this.#observed[number] = { ...newest, snapshot: { symbol: symbols.get(number) ?? '', ...snapshot } };
    this.#delisted = delistedReader(db)(null);
  }

  /** The number of a known instrument. */
  numberOf(id: InstrumentId): number {
    const known = this.#known.get(id);
    if (known) return known.number;
    throw unknown(id);
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
    for (const known of staged.values()) this.#know(known);
  }

  /** Words that another writer heard, in the order in which it did, with when that was. */
  keepWords(instruments: readonly Learnt<Instrument>[], listings: readonly Learnt<Listing>[]): void {
    for (const { learntAt, said } of instruments) this.keepInstruments([said], learntAt);
    const staged = new Map<number, boolean>();
    this.#db
      .transaction(() => {
        for (const { learntAt, said } of listings) this.#keepListing(this.numberOf(said.id), learntAt, said.delisted, staged);
      })
      .immediate();
    this.#take(staged);
  }

  /** What another writer knows beyond this one: its instruments, and newest values (with their hours' sums) that are newer. */
  takeOver(other: PollWriter, now: number): void {
    this.keepInstruments(other.instruments(), now);
    const newer = new Map<number, Observed>();
    const isDelisted = new Map<number, boolean>();
    const listings = new Map<number, boolean>();
    for (const { number: from, instrument } of other.#known.values()) {
      const theirs = other.#observed[from];
      const number = this.numberOf(instrument.id);
      if (!theirs || theirs.observedAt <= (this.#observed[number]?.observedAt ?? -Infinity)) continue;
      newer.set(number, theirs);
      isDelisted.set(number, other.#delisted.has(from));
    }
    this.#db
      .transaction(() => {
        for (const [number, is] of isDelisted) this.#keepListing(number, now, is, listings);
        this.#putNewest(newer.keys(), (number) => newer.get(number) ?? this.#observed[number]);
      })
      .immediate();
    for (const [number, observed] of newer) this.#observed[number] = observed;
    this.#take(listings);
  }

  /** Terms that something else wrote beside this writer. */
  loadTerms(): void {
    this.#terms.load();
  }

  /**
   * One transaction or nothing, but for rows that cannot be stored: those are left out, and returned with the reason. An
   * observation that is not newer than the stored one (late, repeated) changes neither the newest values nor an hour: it is
   * only kept as a snapshot, where those are kept. `isLate`: so is all of it, for another writer goes on from newer ones.
   */
  record(poll: PollRecord, now: number, isLate = false): readonly RefusedRow[] {
    const at = time(poll.observedAt, `${poll.venue} observedAt`);
    const holdMs = HELD_POLLS * time(poll.pollMs, `${poll.venue} pollMs`);
    const instruments = new Map<InstrumentId, Known>();
    const observed = new Map<number, Observed>();
    const terms: StagedTerms = new Map();
    const listings = new Map<number, boolean>();
    const refused: RefusedRow[] = [];
    const horizon = Math.max(now, at) + FUTURE_MS;
    const steps: Step[] = [];
    const kept: KeptSnapshot[] = [];
    const ofVenue = this.#ofVenue.get(poll.venue);
    const stage = (snapshot: Snapshot): void => {
      const { symbol } = snapshot;
      const known = ofVenue?.get(symbol) ?? instruments.get(instrumentId(poll.venue, symbol));
      checkSnapshot(snapshot, known?.instrument.id ?? instrumentId(poll.venue, symbol));
      if (!known) throw unknown(instrumentId(poll.venue, symbol));
      const { number } = known;
      const { id } = known.instrument;
      const own = observationTime(snapshot, at);
      if (own !== at) time(own, `${id} time`);
      if (own > at) throw new HistoryError('invalid', `${id} is of ${own}, after the answer that holds it (${at}).`);
      const before = observed.get(number) ?? this.#observed[number] ?? null;
      const usable = before && before.observedAt > horizon ? null : before;
      if (poll.watched.has(id)) kept.push({ number, own, at, snapshot });
      if (isLate || (usable && own <= usable.observedAt)) return;
      const { observed: next, closed } = observe(usable, snapshot, own, holdMs, at);
      steps.push({ number, own, snapshot, closed: closed ?? (usable && at > usable.close ? closeHour(usable) : null) });
      observed.set(number, next);
    };
    const write = ({ number, own, snapshot, closed }: Step): void => {
      if (closed) this.#keepHour(number, closed, this.#terms.inForce(number, terms));
      this.#terms.write(number, own, at, snapshot, terms);
      this.#keepListing(number, at, false, listings);
    };
    /** It leaves nothing behind but its reason. */
    const refuse = (symbol: string, number: number, error: unknown): void => {
      refused.push({ symbol, reason: reasonOf(error) });
      observed.delete(number);
    };
    /** A statement that fails on its row leaves the transaction as it was: the rows beside it are kept. */
    const costingThemselves = <T extends { readonly symbol: string }>(rows: readonly T[], work: (row: T) => void): void => {
      for (const row of rows)
        try {
          work(row);
        } catch (error) {
          refused.push({ symbol: row.symbol, reason: reasonOf(error) });
        }
    };
    this.#db
      .transaction(() => {
        costingThemselves(poll.instruments, (instrument) => {
          this.#keepInstrument(instrument, instruments, at);
        });
        costingThemselves(poll.snapshots, stage);
        this.#snapshots.write(kept, ({ number, snapshot }, error) => {
          refuse(snapshot.symbol, number, error);
        });
        for (const step of steps) {
          if (!observed.has(step.number)) continue;
          try {
            write(step);
          } catch (error) {
            refuse(step.snapshot.symbol, step.number, error);
          }
        }
        this.#putNewest(observed.keys(), (number) => observed.get(number) ?? this.#observed[number]);
        for (const id of isLate ? [] : (poll.delisted ?? [])) {
          this.#keepDelisted(id, instruments, at);
          this.#keepListing(this.numberOf(id), at, true, listings);
        }
      })
      .immediate();
    for (const known of instruments.values()) this.#know(known);
    for (const [number, state] of observed) this.#observed[number] = state;
    this.#terms.keep(terms);
    this.#take(listings);
    return refused;
  }

  #know(known: Known): void {
    const { id, venue, symbol } = known.instrument;
    const ofVenue = this.#ofVenue.get(venue) ?? new Map<string, Known>();
    this.#ofVenue.set(venue, ofVenue.set(symbol, known));
    this.#known.set(id, known);
  }

  #take(listings: ReadonlyMap<number, boolean>): void {
    for (const [number, isDelisted] of listings) {
      if (isDelisted) this.#delisted.add(number);
      else this.#delisted.delete(number);
    }
  }

  #keepInstrument(said: Instrument, staged: Map<InstrumentId, Known>, at: number): void {
    const known = staged.get(said.id) ?? this.#known.get(said.id);
    if (known && sameInstrument(known.instrument, said)) return;
    const instrument = stillKnown(known?.instrument, said, at);
    if (known && sameInstrument(known.instrument, instrument)) return;
    checkInstrument(instrument);
    const number = known?.number ?? this.#numbers?.(said.venue) ?? this.#nextNumber++;
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
    const { instrument } = staged.get(id) ?? this.#known.get(id) ?? {};
    if (instrument?.delistedAt === null) this.#keepInstrument({ ...instrument, delistedAt: at }, staged, at);
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
}

const unknown = (id: InstrumentId): HistoryError =>
  new HistoryError('invalid', `${id} is not known here yet: it is after the first answer of its exchange that lists it.`);

/** Why one row could not be stored, in words; what is no fault of a row goes on to the caller. */
function reasonOf(error: unknown): string {
  if (error instanceof HistoryError && error.kind === 'invalid') return error.user;
  if (codeOf(error).startsWith('SQLITE_CONSTRAINT')) return `it breaks a rule of the history (${messageOf(error).replace(/^.*: /su, '')})`;
  throw error;
}
