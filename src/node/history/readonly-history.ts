import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { hasUnfinishedRestore } from '../backup/files.ts';
import type { StoreStatus } from '#core/ports/history-facts.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import type { HistoryLimits } from '#core/settings.ts';
import { connectReadonly } from './connection.ts';
import { asHistoryError, HistoryError } from './errors.ts';
import { FactReads, type Synchronous } from './fact-reads.ts';
import { excessOf, reusableBytes } from './limits.ts';
import { damageIn } from './open-file.ts';
import type { Parts } from './parts.ts';
import { type Readable, readableAt } from './readable-copy.ts';
import { HistoryReader } from './reader.ts';
import { type DatabaseKind, type Migration, MIGRATIONS, versionOf } from './schema.ts';
import { bytesAt } from './sqlite-history.ts';

/** What can be asked of a history that another process may be writing. */
export type HistoryReads = Omit<HistoryStore, `record${string}` | 'tend' | 'maintain' | 'dropHoursBeyond' | 'backUp'>;

export interface ReadonlyOptions {
  readonly file: string;
  readonly kind: DatabaseKind;
  readonly now: () => number;
  /** What this version of the program knows; a test passes those of another one. */
  readonly migrations?: readonly Migration[];
}

/** Reads beside a running app and from a folder that may only be read: needs no lock, writes nothing there, sees every poll that was acknowledged before the read. */
export class ReadonlyHistory extends FactReads implements Synchronous<HistoryReads> {
  readonly #file: string;
  readonly #now: () => number;
  readonly #db: Database;
  readonly #reader: HistoryReader;
  readonly #readable: Readable;

  /** HistoryError where the file is missing, of the other kind, of another version or damaged. */
  constructor({ file, kind, now, migrations = MIGRATIONS }: ReadonlyOptions) {
    super();
    if (bytesAt(file) === 0)
      throw new HistoryError('failed', `There is no history at ${file} yet. Start Perpscope once, or name another data folder.`);
    if (hasUnfinishedRestore(dirname(file)))
      throw new HistoryError(
        'busy',
        `A restore of ${dirname(file)} is under way or was interrupted. Wait for it, or start Perpscope once: it brings it to its end.`,
      );
    let db: Database | null = null;
    let readable: Readable | null = null;
    try {
      readable = readableAt(file);
      const damage = damageIn(file, kind, false, migrations, readable.path, 'read');
      if (damage !== null) throw new HistoryError('damaged', `${file} cannot be read: ${damage}. Start Perpscope: it puts the file aside.`);
      db = connectReadonly(readable.path);
      if (versionOf(db) < migrations.length)
        throw new HistoryError(
          'older',
          `${file} was written by an older Perpscope. Start this version once: it brings the file up to date.`,
        );
      this.#reader = new HistoryReader(db);
    } catch (error) {
      db?.close();
      readable?.release();
      throw asHistoryError(error, file);
    }
    this.#readable = readable;
    this.#file = file;
    this.#now = now;
    this.#db = db;
  }

  hoursBeyond = (limits: HistoryLimits, now: number) => this.run(() => excessOf(this.#db, limits, now));

  status(): StoreStatus {
    const settledRows = this.run(({ reader }) => reader.settledRows());
    return {
      bytes: bytesAt(this.#file),
      reusableBytes: this.run(() => reusableBytes(this.#db)),
      walBytes: bytesAt(`${this.#file}-wal`),
      settledRows,
      notices: [],
    };
  }

  /** Another number once another connection has written. */
  version(): number {
    return this.run(() => Number(this.#db.pragma('data_version', { simple: true })));
  }

  close(): void {
    this.#db.close();
    this.#readable.release();
  }

  protected now(): number {
    return this.#now();
  }

  protected run<T>(work: (parts: Pick<Parts, 'db' | 'reader'>) => T): T {
    if (!this.#db.open) throw new HistoryError('closed', 'The history is closed.');
    try {
      // One view of the file for all that the answer is made of.
      return this.#db.transaction(() => work({ db: this.#db, reader: this.#reader }))();
    } catch (error) {
      throw asHistoryError(error, this.#file);
    }
  }
}
