import { rmSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { HistoryExcess, PollOutcome, PollRecord, SettledOutcome, StoreState, StoreStatus } from '#core/ports/history-facts.ts';
import type { ImportBatch, ImportCounts } from '#core/ports/import.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import type { Log } from '#core/ports/log.ts';
import type { HistoryLimits } from '#core/settings.ts';
import type { RefusedRow } from '#core/venue.ts';
import type { InstrumentId, VenueId } from '#domain/instrument.ts';
import { thinBooks } from './books.ts';
import { HistoryError } from './errors.ts';
import type { Synchronous } from './fact-reads.ts';
import { FactStore } from './fact-store.ts';
import { giveBack } from './give-back.ts';
import { HistoryFile, type HistoryFileOptions } from './history-file.ts';
import { dropExcess, excessOf, reusableBytes } from './limits.ts';
import { dropOldSnapshots, moveHotToCold } from './maintain.ts';
import type { Parts } from './parts.ts';
import type { Pieces } from './pieces.ts';
import type { Place } from './protocol.ts';
import { type Room, roomAt, RoomWatch } from './room.ts';

export interface SqliteHistoryOptions extends HistoryFileOptions {
  /** Room on the disk; the system's answer unless given. */
  readonly room?: () => Room | null;
}

/** Beyond this a -wal means that another program keeps an old view of the file open. */
const WAL_ALARM_BYTES = 64 * 1024 * 1024;

/** Polls of a venue that a full disk or a locked file cost: told while it lasts and once after. */
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
export class SqliteHistory extends FactStore implements Synchronous<Omit<HistoryStore, 'backUp'>> {
  readonly #options: SqliteHistoryOptions;
  readonly #file: HistoryFile;
  /** By venue: what one venue's polls do says nothing of another's. */
  readonly #missed = new Map<VenueId, Missed>();
  /** Of the file of that generation. */
  #settledRows: { readonly generation: number; rows: number } | null = null;
  readonly #room: RoomWatch;
  /** Upkeep of which there is more to do. */
  readonly #begun = new Map<string, { readonly db: Database; readonly pieces: Pieces }>();
  /** Another program reads an old view of the file, so that its -wal could not be folded in at the last upkeep. */
  #isWalHeld = false;
  /** Set while the disk is nearly full: snapshots are left out. */
  #low: Room | null = null;

  /** Opens or creates the file; HistoryError 'newer' or 'other-kind' where it must not be touched. */
  constructor(options: SqliteHistoryOptions) {
    super();
    this.#options = options;
    this.#file = new HistoryFile(options);
    this.#room = new RoomWatch(options.room ?? (() => roomAt(options.file)));
  }

  recordPoll(poll: PollRecord): PollOutcome {
    const now = this.#options.now();
    this.#low = this.#room.low(now);
    this.#file.seekDisk(this.#low === null);
    const kept = this.#low === null ? poll : { ...poll, watched: NO_ONE };
    const { venue } = poll;
    const missed = this.#missed.get(venue);
    let refused: readonly RefusedRow[];
    try {
      refused = this.#file.run(({ polls }) => polls.record(kept, now));
    } catch (error) {
      if (error instanceof HistoryError && error.kind !== 'invalid' && error.kind !== 'closed')
        this.#missed.set(venue, { error, polls: (missed?.polls ?? 0) + 1 });
      throw error;
    }
    for (const [id, { error, polls }] of this.#missed) {
      // What kept the file from one venue kept it from all, also from one that is switched off since.
      if (id !== venue && error.kind !== 'busy' && error.kind !== 'full' && error.kind !== 'unwritable') continue;
      this.#file.notify(`Polls of ${id} not recorded because ${missedBecause(error)}: ${polls}. Recording goes on again.`);
      this.#missed.delete(id);
    }
    return { file: this.#file.generation, refused };
  }

  override recordSettled(...input: Parameters<FactStore['recordSettled']>): SettledOutcome {
    const outcome = super.recordSettled(...input);
    if (this.#settledRows !== null) this.#settledRows.rows += outcome.inserted;
    return outcome;
  }

  override recordImport(batch: ImportBatch): ImportCounts {
    const counts = super.recordImport(batch);
    if (this.#settledRows !== null && batch.kind === 'settled' && !batch.dry) this.#settledRows.rows += counts.added;
    return counts;
  }

  protected run<T>(work: (parts: Parts) => T): T {
    return this.#file.run(work);
  }
  protected now(): number {
    return this.#options.now();
  }
  protected get log(): Log {
    return this.#options.log;
  }

  maintain(now: number): void {
    while (this.maintainPiece(now));
  }

  /** One piece of the upkeep; true: there is more of it. */
  maintainPiece(now: number): boolean {
    return this.#piece('maintain', (parts) => this.#upkeep(parts, now));
  }

  hoursBeyond(limits: HistoryLimits, now: number): HistoryExcess {
    return this.#file.run(({ db }) => excessOf(db, limits, now));
  }

  dropHoursBeyond(limits: HistoryLimits, now: number): HistoryExcess {
    const excess = this.hoursBeyond(limits, now);
    while (this.dropHoursPiece(excess, now));
    return excess;
  }

  /** One piece of deleting what was found to be beyond the limits; true: there is more of it. Looking for it reads the whole file: readers do. */
  dropHoursPiece(excess: HistoryExcess, now: number): boolean {
    return this.#piece('dropHours', ({ db }) => this.#drop(db, excess, now));
  }

  *#drop(db: Database, excess: HistoryExcess, now: number): Pieces {
    yield* dropExcess(db, excess, now);
    if (this.#file.memory || excess.rows === 0) return;
    yield* giveBack(db);
    db.pragma('wal_checkpoint(PASSIVE)');
  }

  *#upkeep({ db, polls }: Parts, now: number): Pieces {
    yield* moveHotToCold(db, polls.moved);
    yield* dropOldSnapshots(db, now);
    yield* thinBooks(db, now);
    if (this.#file.memory) return;
    yield* giveBack(db);
    db.pragma('wal_checkpoint(PASSIVE)');
    if (this.#walBytes() > WAL_ALARM_BYTES) db.pragma('wal_checkpoint(TRUNCATE)');
    this.#isWalHeld = this.#walBytes() > WAL_ALARM_BYTES;
  }

  /** Goes on with what was begun, unless another file has taken the place of the one that it was begun on. True: there is more of it. */
  #piece(name: string, begin: (parts: Parts) => Pieces): boolean {
    return this.#file.run((parts) => {
      const begun = this.#begun.get(name);
      const pieces = begun?.db === parts.db ? begun.pieces : begin(parts);
      this.#begun.delete(name);
      if (pieces.next().done === true) return false;
      this.#begun.set(name, { db: parts.db, pieces });
      return true;
    });
  }

  status(): StoreStatus {
    return this.#file.run(({ db, reader }) => {
      const { generation } = this.#file;
      if (this.#settledRows?.generation !== generation) this.#settledRows = { generation, rows: reader.settledRows() };
      const pages = Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
      return {
        bytes: this.#file.memory ? pages : bytesAt(this.#options.file),
        reusableBytes: reusableBytes(db),
        walBytes: this.#walBytes(),
        settledRows: this.#settledRows.rows,
        notices: this.#notices(),
      };
    });
  }

  tend(mine = true): StoreState {
    this.#file.open();
    this.#low = this.#room.low(this.#options.now());
    this.#file.tend(mine, this.#low === null);
    return { file: this.#file.generation, notices: this.#notices() };
  }

  /**
   * A copy of the file as it is at one moment, to `path`; false: the history is in memory only. Taken on the writing connection,
   * which alone can end while polls go on, in pieces between which they have their turn.
   */
  async copyTo(path: string): Promise<boolean> {
    if (this.#file.memory) return false;
    rmSync(path, { force: true });
    try {
      await this.#file.open().db.backup(path);
      return true;
    } catch (error) {
      rmSync(path, { force: true });
      throw this.#file.failure(error);
    }
  }

  /** Where others can read what is here. */
  place(): Place {
    return this.#file.memory ? null : this.#file.generation;
  }

  /** Of the file that is open; see HistoryFile. */
  generation(): number {
    return this.#file.generation;
  }

  replaceDamaged(why: string, generation: number): void {
    this.#file.replaceDamaged(why, generation);
  }

  close(): void {
    this.#file.close();
  }

  #notices(): string[] {
    const notices = this.#file.notices();
    if (this.#isWalHeld) notices.push(`Another program keeps ${this.#options.file} open, and its -wal file grows. Close that program.`);
    if (this.#low && !this.#file.memory)
      notices.push(
        `Only ${megabytes(this.#low.freeBytes)} are free on the disk that holds the history. Snapshots of single polls are left out until there is more; rates, hours and settlements are recorded. Free some space.`,
      );
    for (const [venue, { error, polls }] of this.#missed) notices.push(`${error.user} Polls of ${venue} not recorded so far: ${polls}.`);
    return notices;
  }

  #walBytes(): number {
    return this.#file.memory ? 0 : bytesAt(`${this.#options.file}-wal`);
  }
}
