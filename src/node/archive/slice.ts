import type { Database } from 'better-sqlite3';
import type { InstrumentId } from '#domain/instrument.ts';
import { connectMemory } from '../history/connection.ts';
import { FactReads } from '../history/fact-reads.ts';
import { newestReader, newestWriter } from '../history/newest.ts';
import type { Parts } from '../history/parts.ts';
import { HistoryReader } from '../history/reader.ts';
import { migrate } from '../history/schema.ts';
import { marks } from '../history/snapshots.ts';
import { metaOf } from '../history/versions.ts';
import type { Row } from './parquet.ts';
import type { ArchivedTable } from './tables.ts';

/** All that the answers below are made of beside the rows themselves. */
const OF_INSTRUMENT: readonly (readonly [table: string, instrument: string])[] = [
  ['instruments', 'number'],
  ['instruments_later', 'instrument'],
  ['listings', 'instrument'],
  ['terms', 'instrument'],
  ['open_interest', 'instrument'],
];

export interface ArchivedRows {
  readonly table: ArchivedTable;
  readonly of: ReadonlyMap<string, readonly Row[]>;
}

export interface Filled {
  readonly ids: readonly InstrumentId[];
  /** Rows of the database with times in [from, to]. */
  readonly from: number;
  readonly to: number;
  readonly archived: readonly ArchivedRows[];
  /** Beside those of `archived`: tables of the database, with their times. */
  readonly beside: readonly (readonly [table: string, time: string])[];
}

/**
 * What a question is about, from the database and the archive, in a file of the embedded store in memory: so both are read by the rules that
 * read either, and the answer is what it was before the rows were moved.
 */
export class Slice extends FactReads {
  readonly #db: Database;
  readonly #reader: HistoryReader;
  readonly #now: () => number;
  readonly #tables = new Map<string, readonly string[]>();

  constructor(live: Database, now: () => number) {
    super();
    this.#db = connectMemory(null);
    migrate(this.#db);
    this.#db.prepare("INSERT OR REPLACE INTO meta VALUES ('taken_over_at', ?)").run(metaOf(live, 'taken_over_at') ?? 0);
    this.#reader = new HistoryReader(this.#db);
    this.#now = now;
  }

  /** In the place of what it held. `live` in one transaction. */
  fill(live: Database, { ids, from, to, archived, beside }: Filled): void {
    this.#db.transaction(() => {
      for (const table of this.#tables.keys()) this.#db.exec(`DELETE FROM ${table}`);
      const numbers = new Map(
        live
          .prepare<[string], [string, number]>('SELECT id, number FROM instruments WHERE id IN (SELECT value FROM json_each(?))')
          .raw()
          .all(JSON.stringify(ids)),
      );
      const list = JSON.stringify([...numbers.values()]);
      for (const [table, instrument] of OF_INSTRUMENT)
        this.#copy(live, table, `"${instrument}" IN (SELECT value FROM json_each(@numbers))`, { numbers: list });
      this.#copy(live, 'thinned', 'true', {});
      for (const { table, of } of archived) {
        const put = this.#putter(table.table, ['instrument', ...table.columns.map(([name]) => name)]);
        for (const [id, rows] of of) {
          const number = numbers.get(id);
          if (number !== undefined) for (const row of rows) put([number, ...row]);
        }
      }
      // What is there of both is the archive's.
      const times = [...archived.map(({ table }) => [table.table, table.time] as const), ...beside];
      for (const [table, time] of times)
        this.#copy(live, table, `instrument IN (SELECT value FROM json_each(@numbers)) AND ${time} >= @from AND ${time} <= @to`, {
          ...{ numbers: list, from, to },
        });
      this.#copyBatches(live);
      const newest = newestReader(live).of([...numbers.values()]);
      this.#columnsOf('newest');
      newestWriter(this.#db)(newest.keys(), (number) => {
        const one = newest.get(number);
        return one && { ...one, snapshot: { ...one.snapshot, symbol: '' } };
      });
    })();
  }

  close(): void {
    this.#db.close();
  }

  protected run<T>(work: (parts: Pick<Parts, 'db' | 'reader'>) => T): T {
    return work({ db: this.#db, reader: this.#reader });
  }
  protected now(): number {
    return this.#now();
  }

  #copy(live: Database, table: string, where: string, values: Readonly<Record<string, string | number>>): void {
    const columns = this.#columnsOf(table);
    const put = this.#putter(table, columns);
    const read = live.prepare<[Readonly<Record<string, string | number>>], Row>(
      `SELECT ${columns.map((name) => `"${name}"`).join(', ')} FROM ${table} WHERE ${where}`,
    );
    for (const row of read.raw().all(values)) put(row);
  }

  /** Those that rows name. */
  #copyBatches(live: Database): void {
    const named = this.#db
      .prepare<[], number>('SELECT DISTINCT -learnt FROM prices WHERE learnt < 0 UNION SELECT DISTINCT batch FROM open_interest')
      .pluck()
      .all();
    this.#copy(live, 'batches', 'number IN (SELECT value FROM json_each(@numbers))', { numbers: JSON.stringify(named) });
  }

  #columnsOf(table: string): readonly string[] {
    const columns =
      this.#tables.get(table) ??
      this.#db.prepare<[string], string>('SELECT name FROM pragma_table_info(?) ORDER BY cid').pluck().all(table);
    this.#tables.set(table, columns);
    return columns;
  }

  #putter(table: string, columns: readonly string[]): (row: Row) => void {
    this.#columnsOf(table);
    const put = this.#db.prepare(
      `INSERT OR IGNORE INTO ${table} (${columns.map((name) => `"${name}"`).join(', ')}) VALUES (${marks(columns.length)})`,
    );
    return (row) => void put.run(...row);
  }
}
