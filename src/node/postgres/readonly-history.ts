import type { StoreStatus } from '#core/ports/history-facts.ts';
import type { HistoryLimits } from '#core/settings.ts';
import { HistoryError } from '../history/errors.ts';
import { FactReads, type Synchronous } from '../history/fact-reads.ts';
import { excessOf } from '../history/limits.ts';
import type { Parts } from '../history/parts.ts';
import { HistoryReader } from '../history/reader.ts';
import type { HistoryReads } from '../history/readonly-history.ts';
import { PostgresDatabase } from './database.ts';
import { asHistoryError } from './errors.ts';
import { assertReadable } from './migrate.ts';
import { asDatabase, type PostgresHistoryOptions } from './postgres-history.ts';
import { IN_A_SERVER, statusOf } from './sizes.ts';

/** Reads what others write: each answer is of one moment. */
export class ReadonlyPostgres extends FactReads implements Synchronous<HistoryReads> {
  readonly #options: Omit<PostgresHistoryOptions, 'log'>;
  readonly #db: PostgresDatabase;
  #reader: HistoryReader | null = null;
  #isClosed = false;

  constructor(options: Omit<PostgresHistoryOptions, 'log'>) {
    super();
    this.#options = options;
    this.#db = new PostgresDatabase(options.connection, true);
    this.run(() => undefined);
  }

  hoursBeyond = (limits: HistoryLimits, now: number) => this.run(({ db }) => excessOf(db, limits, now, IN_A_SERVER));
  status = (): StoreStatus => this.run(({ db }) => statusOf(db, []));

  /** What is asked of the database itself, all of one moment. */
  read = <T>(work: (parts: Pick<Parts, 'db' | 'reader'>) => T): T => this.run(work);

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.connection.close();
  }

  protected now(): number {
    return this.#options.now();
  }

  protected run<T>(work: (parts: Pick<Parts, 'db' | 'reader'>) => T): T {
    if (this.#isClosed) throw new HistoryError('closed', 'The history is closed.');
    const { place } = this.#options;
    const db = asDatabase(this.#db);
    try {
      return db.transaction(() => {
        if (this.#reader === null) assertReadable(db, place);
        this.#reader ??= new HistoryReader(db);
        return work({ db, reader: this.#reader });
      })();
    } catch (error) {
      throw asHistoryError(error, place);
    }
  }
}
