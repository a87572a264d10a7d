import { renameSync, rmSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type {
  AlertRecord,
  BookRecord,
  HistoryEvent,
  HistoryExcess,
  HistoryStore,
  Log,
  PollRecord,
  ScenarioRecord,
  SettledOutcome,
  SignalEntryRecord,
  StoreStatus,
} from '#core/ports.ts';
import type { HistoryLimits } from '#core/settings.ts';
import type { HourlyPrice, SettledRow } from '#core/venue.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Span } from '#domain/time.ts';
import { readAlerts, writeAlert } from './alerts.ts';
import { readBooks, thinBooks, writeBooks } from './books.ts';
import { readFundingCaps } from './caps.ts';
import { checkSpan, finite, positive, time } from './checks.ts';
import { asHistoryError, codeOf, HistoryError, isDamage, messageOf } from './errors.ts';
import { dropExcess, excessOf, reusableBytes } from './limits.ts';
import { dropOldSnapshots, moveHotToCold } from './maintain.ts';
import { backupOf, openFile, reopenDamaged } from './open-file.ts';
import { PollWriter } from './polls.ts';
import { HistoryReader } from './reader.ts';
import { putBack, salvage } from './salvage.ts';
import { readScenarios, writeScenario } from './scenarios.ts';
import { type Room, roomAt, RoomWatch } from './room.ts';
import type { DatabaseKind } from './schema.ts';
import { SettledWriter } from './settled.ts';
import { addSpan } from './spans.ts';

/** The same store without the promises: what the worker calls. */
export type Synchronous<T> = {
  [K in keyof T]: T[K] extends (...input: infer I) => Promise<infer O> ? (...input: I) => O : never;
};

export interface SqliteHistoryOptions {
  readonly file: string;
  readonly kind: DatabaseKind;
  readonly log: Log;
  now(): number;
  /** Room on the disk; the system's answer unless given. */
  readonly room?: () => Room | null;
}

/** Beyond this a -wal means that somebody keeps an old view of the file open. */
const WAL_ALARM_BYTES = 64 * 1024 * 1024;

const BACKUP_EVERY_MS = 24 * 3_600_000;
/** A larger history is not copied every day: its settled rates and prices can be fetched again. */
const BACKED_UP_BYTES = 1024 ** 3;
const BACKUP_LEAVES_BYTES = 1024 ** 3;

const closed = (): HistoryError => new HistoryError('closed', 'Perpscope is closing.', 'the history is closed');

interface Parts {
  readonly db: Database;
  readonly reader: HistoryReader;
  readonly polls: PollWriter;
  readonly settled: SettledWriter;
}

function partsOf(db: Database): Parts {
  const reader = new HistoryReader(db);
  return { db, reader, polls: new PollWriter(db), settled: new SettledWriter(db, reader) };
}

/** Polls that a full disk or a locked file cost: told while it lasts and once after. */
interface Missed {
  readonly error: HistoryError;
  readonly polls: number;
}

const missedBecause = ({ kind }: HistoryError): string =>
  kind === 'full' ? 'the disk was full' : kind === 'busy' ? 'another program held the file' : 'the file could not be written';

export const bytesAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

const NO_ONE: ReadonlySet<InstrumentId> = new Set();
const megabytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`;

/** The writing store: one connection, synchronous, all rules of the history. Meant to live in a worker. */
export class SqliteHistory implements Synchronous<HistoryStore> {
  readonly #options: SqliteHistoryOptions;
  readonly #notices = new Set<string>();
  #parts: Parts | null;
  #memory: boolean;
  #generation = 0;
  #missed: Missed | null = null;
  #settledRows: number | null = null;
  readonly #room: RoomWatch;
  /** Set while the disk is nearly full: snapshots are left out. */
  #low: Room | null = null;
  /** Said at a start on a full disk, until the file could be opened after all. */
  #startedFull: readonly string[];

  /** Opens or creates the file; HistoryError 'newer' or 'other-kind' where it must not be touched. */
  constructor(options: SqliteHistoryOptions) {
    this.#options = options;
    const opened = openFile(options.file, options.kind);
    this.#memory = opened.memory;
    this.#parts = partsOf(opened.db);
    this.#startedFull = opened.full ? opened.notices : [];
    this.#room = new RoomWatch(options.room ?? (() => roomAt(options.file)));
    for (const notice of opened.notices) this.#notify(notice);
  }

  recordPoll(poll: PollRecord): number {
    const now = this.#options.now();
    this.#low = this.#room.low(now);
    if (this.#startedFull.length > 0 && this.#low === null) this.#goToDisk();
    const kept = this.#low === null ? poll : { ...poll, watched: NO_ONE };
    try {
      this.#run(({ polls }) => polls.record(kept, now));
    } catch (error) {
      if (error instanceof HistoryError && error.kind !== 'invalid' && error.kind !== 'closed')
        this.#missed = { error, polls: (this.#missed?.polls ?? 0) + 1 };
      throw error;
    }
    if (this.#missed) {
      this.#notify(`Polls not recorded because ${missedBecause(this.#missed.error)}: ${this.#missed.polls}. Recording goes on again.`);
      this.#missed = null;
    }
    return this.#generation;
  }

  recordSettled(instrument: InstrumentId, rows: readonly SettledRow[], learntAt: number, proven: Span | null): SettledOutcome {
    const outcome = this.#run(({ polls, settled }) => settled.record(polls.numberOf(instrument), instrument, rows, learntAt, proven));
    if (this.#settledRows !== null) this.#settledRows += outcome.inserted;
    if (outcome.conflicts > 0)
      this.#options.log.write('warn', 'history', 'a settled rate differs from the stored one; the first stays', { instrument, ...outcome });
    return outcome;
  }

  recordPrices(instrument: InstrumentId, rows: readonly HourlyPrice[], proven: Span | null): void {
    this.#run(({ db, polls }) => {
      const number = polls.numberOf(instrument);
      // A candle may be fetched again once it is final: what is newer wins, what it leaves out stays.
      const put = db.prepare(
        `INSERT INTO prices (instrument, close, mark, idx, last) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
           mark = coalesce(excluded.mark, mark), idx = coalesce(excluded.idx, idx), last = coalesce(excluded.last, last)`,
      );
      if (proven) checkSpan(proven, `${instrument} proven stretch`);
      db.transaction(() => {
        for (const { close, mark, index, last } of rows) {
          put.run(
            number,
            time(close, `${instrument} close`),
            positive(mark, `${instrument} mark`),
            positive(index, `${instrument} index`),
            positive(last, `${instrument} last`),
          );
        }
        if (proven && proven.to > proven.from) addSpan(db, number, 'price', proven);
      }).immediate();
    });
  }

  recordSignal(entry: SignalEntryRecord): void {
    this.#run(({ db, polls }) => {
      const { instrument, at, side, d, theta, k, n, observations, running } = entry;
      db.prepare('INSERT INTO signals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING').run(
        polls.numberOf(instrument),
        time(at, `${instrument} signal`),
        side,
        finite(d, `${instrument} d`),
        positive(theta, `${instrument} theta`),
        k,
        n,
        observations,
        running,
      );
    });
  }

  recordEvent(event: HistoryEvent): void {
    const { at, kind, venue, instrument, text } = event;
    this.#run(({ db }) =>
      db
        .prepare('INSERT INTO events (at, kind, venue, instrument, text) VALUES (?, ?, ?, ?, ?)')
        .run(time(at, `${venue} event`), kind, venue, instrument, text),
    );
  }

  recordAlert(alert: AlertRecord, run: Span): boolean {
    return this.#run(({ db }) => writeAlert(db, alert, run));
  }

  recordScenario(id: string, record: Omit<ScenarioRecord, 'id'> | null): void {
    this.#run(({ db }) => writeScenario(db, id, record));
  }

  recordBooks(books: readonly BookRecord[]): void {
    this.#run(({ db, polls }) => writeBooks(db, (id) => polls.numberOf(id), books));
  }

  instruments = () => this.#run(({ reader }) => reader.instruments());
  latest = () => this.#run(({ reader }) => reader.latest());
  settled = (...range: Range) => this.#run(({ reader }) => reader.settled(...range));
  hours = (...range: Range) => this.#run(({ reader }) => reader.hours(...range, this.#options.now()));
  snapshots = (...range: Range) => this.#run(({ reader }) => reader.snapshots(...range));
  prices = (...range: Range) => this.#run(({ reader }) => reader.prices(...range));
  books = (...range: Range) => this.#run(({ db }) => readBooks(db, ...range));
  fundingCaps = (instrument: InstrumentId) => this.#run(({ db }) => readFundingCaps(db, instrument));
  signals = (...range: Range) => this.#run(({ reader }) => reader.signals(...range));
  events = (from: number, to: number) => this.#run(({ reader }) => reader.events(from, to));
  spans = (instrument: InstrumentId, kind: 'settled' | 'price') => this.#run(({ reader }) => reader.spans(instrument, kind));

  scenarios = () => this.#run(({ db }) => readScenarios(db));
  alerts = (limit: number) => this.#run(({ db }) => readAlerts(db, limit));

  maintain(now: number): void {
    this.#run(({ db }) => {
      if (moveHotToCold(db)) dropOldSnapshots(db, now);
      thinBooks(db, now);
      db.pragma('optimize');
      if (this.#memory) return;
      db.pragma('wal_checkpoint(PASSIVE)');
      if (this.#walBytes() > WAL_ALARM_BYTES) db.pragma('wal_checkpoint(TRUNCATE)');
    });
    if (this.#walBytes() > WAL_ALARM_BYTES)
      this.#notify(`Another program keeps ${this.#options.file} open, and its -wal file grows. Close that program.`);
  }

  hoursBeyond(limits: HistoryLimits, now: number): HistoryExcess {
    return this.#run(({ db }) => excessOf(db, limits, now));
  }

  dropHoursBeyond(limits: HistoryLimits, now: number): HistoryExcess {
    return this.#run(({ db }) => dropExcess(db, limits, now));
  }

  status(): StoreStatus {
    return this.#run(({ db, reader }) => {
      this.#settledRows ??= reader.settledRows();
      const notices = [...this.#notices];
      if (this.#low && !this.#memory)
        notices.push(
          `Only ${megabytes(this.#low.freeBytes)} are free on the disk that holds the history. Snapshots of single polls are left out until there is more; rates, hours and settlements are recorded. Free some space.`,
        );
      if (this.#missed) notices.push(`${this.#missed.error.user} Polls not recorded so far: ${this.#missed.polls}.`);
      const pages = Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
      return {
        bytes: this.#memory ? pages : bytesAt(this.#options.file),
        reusableBytes: reusableBytes(db),
        walBytes: this.#walBytes(),
        settledRows: this.#settledRows,
        notices,
      };
    });
  }

  /**
   * A copy of the file as it is at one moment, where the backup is a day old and there is room for it; its path, or null.
   * Taken on the writing connection, which alone can end while polls go on. Not for the demo, which can be made again.
   */
  async backUp(): Promise<string | null> {
    const { file, kind } = this.#options;
    const backup = backupOf(file);
    const bytes = bytesAt(file);
    const age = Date.now() - (statSync(backup, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (kind === 'demo' || this.#memory || age < BACKUP_EVERY_MS || bytes > BACKED_UP_BYTES) return null;
    if ((roomAt(file)?.freeBytes ?? 0) < bytes + BACKUP_LEAVES_BYTES) return null;
    const copy = `${backup}.new`;
    rmSync(copy, { force: true });
    try {
      await this.#open().db.backup(copy);
      return copy;
    } catch (error) {
      rmSync(copy, { force: true });
      throw this.#parts ? this.#told(error) : closed();
    }
  }

  /** The copy was found sound: it takes the place of the backup before it. */
  adoptBackup(copy: string): void {
    renameSync(copy, backupOf(this.#options.file));
  }

  /** Which of the files that have stood at this path is open: grows by one when a damaged one, or the memory of a full disk, is replaced. */
  generation(): number {
    return this.#generation;
  }

  /** The damage that a check beside this connection found in the file of that generation; of an earlier one it is old news. */
  replaceDamaged(why: string, generation: number): void {
    if (generation === this.#generation) this.#replace(why);
  }

  close(): void {
    const parts = this.#parts;
    this.#parts = null;
    parts?.db.close();
  }

  /** Runs on the open parts. Where the file turns out damaged, it is set aside and the work done once more on what took its place. */
  #run<T>(work: (parts: Parts) => T): T {
    try {
      return work(this.#open());
    } catch (error) {
      if (!isDamage(error) || this.#memory) throw this.#told(error);
      this.#replace(messageOf(error));
      try {
        return work(this.#open());
      } catch (again) {
        throw this.#told(again);
      }
    }
  }

  #open(): Parts {
    if (this.#parts) return this.#parts;
    throw closed();
  }

  #replace(why: string): void {
    const { file, kind } = this.#options;
    const { db, polls } = this.#open();
    // They cannot be fetched again; those of the backup may be a day old.
    const kept = salvage(db);
    this.#parts = null;
    db.close();
    this.#generation++;
    const opened = reopenDamaged(file, kind, why);
    this.#memory = opened.memory;
    this.#settledRows = null;
    this.#parts = partsOf(opened.db);
    this.#parts.polls.keepInstruments(polls.instruments());
    putBack(opened.db, kept);
    for (const notice of opened.notices) this.#notify(notice);
  }

  /** Leaves the memory of a session that began on a full disk for the file, once that can be opened. */
  #goToDisk(): void {
    const { file, kind } = this.#options;
    const before = this.#open();
    const opened = openFile(file, kind);
    if (opened.memory) {
      opened.db.close();
      return;
    }
    const kept = salvage(before.db);
    this.#parts = partsOf(opened.db);
    this.#parts.polls.keepInstruments(before.polls.instruments());
    putBack(opened.db, kept);
    before.db.close();
    this.#memory = false;
    this.#settledRows = null;
    this.#generation++;
    for (const notice of this.#startedFull) this.#notices.delete(notice);
    this.#startedFull = [];
    for (const notice of opened.notices) this.#notify(notice);
    this.#notify('There is room on the disk again: recording goes on. Settlements that came meanwhile are fetched again.');
  }

  #told(error: unknown): HistoryError {
    const told = asHistoryError(error, this.#options.file);
    if (codeOf(error) === '' && !(error instanceof HistoryError))
      this.#options.log.write('error', 'history', told.message, { stack: error instanceof Error ? error.stack : null });
    return told;
  }

  #notify(text: string): void {
    if (this.#notices.has(text)) return;
    this.#notices.add(text);
    this.#options.log.write('warn', 'history', text);
  }

  #walBytes(): number {
    return this.#memory ? 0 : bytesAt(`${this.#options.file}-wal`);
  }
}

type Range = [instrument: InstrumentId, from: number, to: number];
