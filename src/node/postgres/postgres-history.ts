import type { Database } from 'better-sqlite3';
import type { HistoryExcess, PollOutcome, PollRecord, StoreState, StoreStatus } from '#core/ports/history-facts.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import type { Log } from '#core/ports/log.ts';
import type { HistoryLimits } from '#core/settings.ts';
import type { VenueId } from '#domain/instrument.ts';
import { thinBooks } from '../history/books.ts';
import { HistoryError } from '../history/errors.ts';
import type { Synchronous } from '../history/fact-reads.ts';
import { FactStore } from '../history/fact-store.ts';
import { dropExcess, excessOf } from '../history/limits.ts';
import { dropOldSnapshots } from '../history/maintain.ts';
import { type Parts, partsOf } from '../history/parts.ts';
import type { Pieces } from '../history/pieces.ts';
import type { PollLayout } from '../history/polls.ts';
import { metaOf } from '../history/versions.ts';
import { type BlockingConnection, PostgresError } from './blocking.ts';
import { ABORTED } from './connection.ts';
import { PostgresDatabase } from './database.ts';
import { asHistoryError } from './errors.ts';
import type { Held, HeldThen } from './leases.ts';
import type { Kept } from './buffered.ts';
import { channelOf } from './channel.ts';
import { migrate } from './migrate.ts';
import { numbersOf } from './numbers.ts';
import { IN_A_SERVER, statusOf } from './sizes.ts';
import type { Said } from './wire.ts';

export interface PostgresHistoryOptions {
  readonly connection: BlockingConnection;
  readonly schema: string;
  /** Where the database is, as a person reads it: without a password. */
  readonly place: string;
  readonly log: Log;
  readonly now: () => number;
}

/** The rules of the history use a part of better-sqlite3's interface; `PostgresDatabase` is that part. */
export const asDatabase = (db: PostgresDatabase): Database => db as unknown as Database;

function finished(pieces: Pieces): void {
  while (pieces.next().done !== true);
}

/** The writing store over PostgreSQL: the rules of the history, which are synchronous. Meant to live in a worker. */
export class PostgresHistory extends FactStore implements Synchronous<Omit<HistoryStore, 'backUp'>> {
  readonly #options: PostgresHistoryOptions;
  readonly #db: PostgresDatabase;
  #parts: Parts | null = null;
  #held: Held = { holder: '', epochs: {} };
  #then: HeldThen | null = null;
  #isClosed = false;

  constructor(options: PostgresHistoryOptions) {
    super();
    this.#options = options;
    this.#db = new PostgresDatabase(options.connection, false);
    const { schema, place } = options;
    try {
      migrate(asDatabase(this.#db), schema, place);
    } catch (error) {
      throw asHistoryError(error, place);
    }
    this.#db.ending = { text: 'SELECT pg_notify($1, $2)', values: [channelOf(schema), ''], raw: true };
  }

  recordPoll(poll: PollRecord): PollOutcome {
    this.#db.copies = true;
    try {
      const refused = this.run(({ polls }) => polls.record(poll, this.now(), this.#then !== null), poll.venue);
      return { file: 0, refused };
    } finally {
      this.#db.copies = false;
    }
  }

  maintain(now: number): void {
    this.run(({ db }) => {
      finished(dropOldSnapshots(db, now));
      finished(thinBooks(db, now));
    });
  }

  hoursBeyond(limits: HistoryLimits, now: number): HistoryExcess {
    return this.run(({ db }) => excessOf(db, limits, now, IN_A_SERVER));
  }

  dropHoursBeyond(limits: HistoryLimits, now: number): HistoryExcess {
    const excess = this.hoursBeyond(limits, now);
    this.run(({ db }) => finished(dropExcess(db, excess, now)));
    return excess;
  }

  status(): StoreStatus {
    return this.run(({ db }) => statusOf(db, []));
  }

  tend(): StoreState {
    return { file: 0, notices: [] };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.connection.close();
  }

  protected now(): number {
    return this.#options.now();
  }
  protected get log(): Log {
    return this.#options.log;
  }

  /** Under these leases it writes from now on; what it knew of the database it reads anew, for others have written there. */
  hold(held: Held): void {
    this.#held = held;
    this.#parts = null;
  }

  /** What waited since before another took the lease: it lies beside what that one records, and changes nothing of it. */
  recordLate<K extends keyof Kept>(method: K, input: Parameters<Kept[K]>, then: HeldThen): void {
    const write = this[method] as (...given: Parameters<Kept[K]>) => unknown;
    this.#then = then;
    this.#parts = null;
    try {
      write.apply(this, input);
    } finally {
      this.#then = null;
      this.#parts = null;
    }
  }

  protected run<T>(work: (parts: Parts) => T, of?: VenueId): T {
    if (this.#isClosed) throw new HistoryError('closed', 'Perpscope is closing.', 'the history is closed');
    this.#db.guard = this.#guard(of);
    try {
      this.#parts ??= partsOf(asDatabase(this.#db), this.#layout());
      return work(this.#parts);
    } catch (error) {
      // What the parts hold of the database may not be what it holds now.
      if (!(error instanceof HistoryError)) this.#parts = null;
      if (this.#db.copies && error instanceof PostgresError && error.code === ABORTED) {
        // Rows were told before (an answer that was lost, an import), or something else is wrong with them, which this then says.
        this.#db.copies = false;
        return this.run(work, of);
      }
      throw asHistoryError(error, this.#options.place);
    }
  }

  /** What is of no one venue is written by one after the other. */
  #guard(of: VenueId | undefined): Said | null {
    const { holder, epochs } = this.#held;
    if (holder === '') return null;
    if (of === undefined) return { text: "SELECT pg_advisory_xact_lock(hashtext('perpscope common'))", values: [], raw: true };
    if (this.#then !== null) {
      const { epoch, agoMs, mayWait } = this.#then;
      return {
        text: 'SELECT before_next_turn($1, $2::float8, $3::float8, $4::float8 > 0)',
        values: [of, epoch, agoMs, Number(mayWait)],
        raw: true,
      };
    }
    return { text: 'SELECT under_lease($1, $2, $3::float8)', values: [of, holder, epochs[of] ?? 0], raw: true };
  }

  #layout(): PollLayout {
    const db = asDatabase(this.#db);
    return { snapshots: 'snapshot_cold', hours: 'hour_cold', together: metaOf(db, 'newest_together') ?? 1, numbers: numbersOf(db) };
  }
}
