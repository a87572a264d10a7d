import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { hasUnfinishedRestore } from '../backup/files.ts';
import type { SeriesKind, StoreStatus } from '#core/ports/history-facts.ts';
import type { AsOf, HistoryStore } from '#core/ports/history.ts';
import type { HistoryLimits } from '#core/settings.ts';
import type { HourColumns, PriceColumns, SettledColumns } from '#domain/columns.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Span } from '#domain/time.ts';
import { readBooks } from './books.ts';
import { connectReadonly } from './connection.ts';
import { readImports, readInterest } from './imported.ts';
import { asHistoryError, HistoryError } from './errors.ts';
import { excessOf, reusableBytes } from './limits.ts';
import { damageIn } from './open-file.ts';
import { readOrderRules } from './order-rules.ts';
import { type Readable, readableAt } from './readable-copy.ts';
import { HistoryReader } from './reader.ts';
import { readRuns } from './runs.ts';
import { type DatabaseKind, type Migration, MIGRATIONS, versionOf } from './schema.ts';
import { bytesAt, type Synchronous } from './sqlite-history.ts';

/** What can be asked of a history that another process may be writing. */
export type HistoryReads = Omit<HistoryStore, `record${string}` | 'tend' | 'maintain' | 'dropHoursBeyond' | 'backUp'>;

type Range = [instrument: InstrumentId, from: number, to: number, asOf?: AsOf];
/** `only`: these columns. */
type Only<C> = [instrument: InstrumentId, from: number, to: number, asOf?: AsOf, only?: readonly (keyof C)[]];
type Stretch = [ids: readonly InstrumentId[], from: number, to: number, asOf?: AsOf];
type Ids = [asOf?: AsOf, ids?: readonly InstrumentId[] | null];
type OfKind = [instrument: InstrumentId, kind: SeriesKind, asOf?: AsOf];

export interface ReadonlyOptions {
  readonly file: string;
  readonly kind: DatabaseKind;
  readonly now: () => number;
  /** What this version of the program knows; a test passes those of another one. */
  readonly migrations?: readonly Migration[];
}

/** Reads beside a running app and from a folder that may only be read: needs no lock, writes nothing there, sees every poll that was acknowledged before the read. */
export class ReadonlyHistory implements Synchronous<HistoryReads> {
  readonly #file: string;
  readonly #now: () => number;
  readonly #db: Database;
  readonly #reader: HistoryReader;
  readonly #readable: Readable;

  /** HistoryError where the file is missing, of the other kind, of another version or damaged. */
  constructor({ file, kind, now, migrations = MIGRATIONS }: ReadonlyOptions) {
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

  instruments = (...input: Ids) => this.#read((reader) => reader.instruments(...input));
  latest = (...input: Ids) => this.#read((reader) => reader.latest(...input));
  settled = (...range: Only<SettledColumns>) => this.#read((reader) => reader.settled(...range));
  settledSeen = (...range: Range) => this.#read((reader) => reader.settledSeen(...range));
  hours = (...[instrument, from, to, asOf = null, only]: Only<HourColumns>) =>
    this.#read((reader) => reader.hours(instrument, from, to, asOf, this.#now(), only));
  snapshots = (...range: Range) => this.#read((reader) => reader.snapshots(...range));
  prices = (...range: Only<PriceColumns>) => this.#read((reader) => reader.prices(...range));
  books = (...range: Range) => this.#read(() => readBooks(this.#db, ...range));
  terms = (instrument: InstrumentId, asOf: AsOf = null) => this.#read((reader) => reader.terms(instrument, asOf));
  imports = (asOf: AsOf = null) => this.#read(() => readImports(this.#db, asOf));
  interest = (...[instrument, from, to, asOf = null]: Range) => this.#read(() => readInterest(this.#db, instrument, from, to, asOf));
  events = (from: number, to: number, asOf: AsOf = null) => this.#read((reader) => reader.events(from, to, asOf));
  conflicts = (from: number, to: number, asOf: AsOf = null) => this.#read((reader) => reader.conflicts(from, to, asOf));
  orderRules = (instrument: InstrumentId, asOf: AsOf = null) => this.#read(() => readOrderRules(this.#db, instrument, asOf));
  thinned = () => this.#read((reader) => reader.thinned());
  runs = () => this.#read(() => readRuns(this.#db));
  bans = (asOf?: AsOf) => this.#read((reader) => reader.bans(asOf));
  spans = (...input: OfKind) => this.#read((reader) => reader.spans(...input));
  asked = (...input: OfKind) => this.#read((reader) => reader.asked(...input));
  newestBooks = (ids: readonly InstrumentId[], at: number) => this.#read((reader) => reader.newestBooks(ids, at));
  learntBy = (ids: readonly InstrumentId[], span: Span, at: number) => this.#read((reader) => reader.learntBy(ids, span, at));
  stretches = (...[ids, from, to, asOf = null]: Stretch) => this.#read((reader) => reader.stretches(ids, from, to, asOf, this.#now()));
  rateRanges = (...[ids, from, to, asOf = null]: Stretch) => this.#read((reader) => reader.rateRanges(ids, from, to, asOf, this.#now()));
  lateWords = (ids: readonly InstrumentId[]) => this.#read((reader) => ids.map(reader.lateWords));
  learntSince = (mark: number | null) => this.#read((reader) => reader.learntSince(mark));

  hoursBeyond = (limits: HistoryLimits, now: number) => this.#read(() => excessOf(this.#db, limits, now));

  status(): StoreStatus {
    const settledRows = this.#read((reader) => reader.settledRows());
    return {
      bytes: bytesAt(this.#file),
      reusableBytes: this.#read(() => reusableBytes(this.#db)),
      walBytes: bytesAt(`${this.#file}-wal`),
      settledRows,
      notices: [],
    };
  }

  /** Another number once another connection has written. */
  version(): number {
    return this.#read(() => Number(this.#db.pragma('data_version', { simple: true })));
  }

  close(): void {
    this.#db.close();
    this.#readable.release();
  }

  #read<T>(work: (reader: HistoryReader) => T): T {
    if (!this.#db.open) throw new HistoryError('closed', 'The history is closed.');
    try {
      // One view of the file for all that the answer is made of.
      return this.#db.transaction(() => work(this.#reader))();
    } catch (error) {
      throw asHistoryError(error, this.#file);
    }
  }
}
