import type { Database } from 'better-sqlite3';
import type { InstrumentId, VenueId } from '#domain/instrument.ts';
import { type Newest, newestReader, newestWriter } from '../history/newest.ts';
import { marks } from '../history/snapshots.ts';
import { metaOf } from '../history/versions.ts';

/** Facts of one instrument, and what names a row of them beside it. Both stores have these tables with the same columns. */
const OF_INSTRUMENT: Readonly<Record<string, readonly string[]>> = {
  instruments_later: ['version'],
  listings: ['version'],
  settled: ['key'],
  settled_later: ['key', 'version'],
  settled_seen: ['key'],
  conflicts: ['key', 'other_rate'],
  prices: ['close'],
  prices_later: ['close', 'version'],
  spans: ['kind', 'from_t'],
  spans_learnt: ['kind', 'version'],
  asked_later: ['kind', 'version'],
  snapshot_cold: ['ts'],
  hour_cold: ['close'],
  book_raw: ['ts'],
  book_hour: ['ts'],
  terms: ['number'],
  order_rules: ['version'],
  open_interest: ['at'],
  told_otherwise: ['at', 'field', 'value'],
};
const SHARED: Readonly<Record<string, readonly string[]>> = {
  imports: ['number'],
  batches: ['number'],
  events: ['number'],
  thinned: ['number'],
  runs: ['from_t'],
};
/** Rows that go to a server in one statement. */
const AT_ONCE = 10_000;

type Value = number | string | Uint8Array | null;
type Row = readonly Value[];

export interface Synced {
  readonly instruments: number;
  /** Rows that were missing or different there, and those that were the same. */
  readonly written: number;
  readonly same: number;
  /** Rows that only lay there. */
  readonly removed: number;
}

export interface SyncOptions {
  /** A file, whose columns are those of both; all its polls and hours lie in the cold tables. */
  readonly file: Database;
  /** The number of an instrument that is new there. */
  readonly numberFor: (venue: VenueId) => number;
  /** Counts what differs, and changes nothing. */
  readonly dry?: boolean;
  readonly progress?: (done: number) => void;
}

/**
 * Makes the facts of `to` those of `from`, row by row, an instrument a transaction: ended at any moment, the next time goes on, for what is
 * the same is only looked at.
 */
export function syncHistory(from: Database, to: Database, { file, numberFor, dry = false, progress }: SyncOptions): Synced {
  const counts = { instruments: 0, written: 0, same: 0, removed: 0 };
  const tableOf = tablesOf(file);
  const syncTable = (name: string, keys: readonly string[], numbers: { readonly from: number; readonly to: number } | null): boolean => {
    const table = tableOf(name, keys);
    const rows = table.read(from, numbers?.from ?? null).map((row) => (numbers === null ? row : table.of(row, numbers.to)));
    const there = new Map(table.read(to, numbers?.to ?? null).map((row) => [signed(table.key(row)), row]));
    let put = 0;
    for (const row of rows) {
      const key = signed(table.key(row));
      const known = there.get(key);
      there.delete(key);
      if (known !== undefined && signed(known) === signed(row)) {
        counts.same++;
        continue;
      }
      counts.written++;
      if (dry) continue;
      table.put(to, row);
      // Sends what waits.
      if (++put % AT_ONCE === 0) to.prepare('SELECT 1').get();
    }
    counts.removed += there.size;
    if (!dry) for (const row of there.values()) table.drop(to, row);
    return put > 0 || there.size > 0;
  };

  to.transaction(() => {
    for (const [name, keys] of Object.entries(SHARED)) syncTable(name, keys, null);
  })();
  const known = new Map(instrumentsOf(to).map(({ id, number }) => [id, number]));
  const numbers = new Map<number, number>();
  const all = instrumentsOf(from);
  for (const [i, { id, number, venue }] of all.entries()) {
    progress?.(i / all.length);
    const there = known.get(id) ?? numberFor(venue);
    numbers.set(number, there);
    to.transaction(() => {
      const pair = { from: number, to: there };
      let isChanged = syncTable('instruments', ['number'], pair);
      for (const [name, keys] of Object.entries(OF_INSTRUMENT)) isChanged = syncTable(name, keys, pair) || isChanged;
      // Who reads beside it takes all of the instrument for changed.
      if (isChanged && !dry)
        for (const kind of [0, 1]) to.prepare('INSERT INTO changes (instrument, kind, from_t) VALUES (?, ?, ?)').run(there, kind, 0);
    })();
    counts.instruments++;
  }
  to.transaction(() => {
    const newest = new Map([...newestReader(from).all()].map(([number, one]) => [numbers.get(number) ?? NaN, one]));
    const before = newestReader(to).all();
    const differing = [...newest]
      .filter(([number, one]) => JSON.stringify(one) !== JSON.stringify(before.get(number)))
      .map(([number]) => number);
    counts.written += differing.length;
    counts.same += newest.size - differing.length;
    if (!dry)
      newestWriter(to, metaOf(to, 'newest_together') ?? undefined)(differing, (number) =>
        observed(newest.get(number) ?? before.get(number)),
      );
  })();
  return counts;
}

const observed = (newest: Newest | undefined) => newest && { ...newest, snapshot: { ...newest.snapshot, symbol: '' } };

const instrumentsOf = (db: Database): { readonly id: InstrumentId; readonly number: number; readonly venue: VenueId }[] =>
  db.prepare<[], { id: InstrumentId; number: number; venue: VenueId }>('SELECT id, number, venue FROM instruments ORDER BY number').all();

/** What two rows are compared by. */
const signed = (row: Row): string => row.map(signOf).join();
function signOf(value: Value): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return value instanceof Uint8Array ? `x${Buffer.from(value).toString('hex')}` : JSON.stringify(value);
}

interface Table {
  read(db: Database, number: number | null): Row[];
  key(row: Row): Row;
  /** The row as another instrument's number names it. */
  of(row: Row, number: number): Row;
  put(db: Database, row: Row): void;
  drop(db: Database, row: Row): void;
}

function tablesOf(file: Database): (name: string, keys: readonly string[]) => Table {
  const made = new Map<string, Table>();
  return (name, keys) => {
    const table = made.get(name) ?? tableOf(file, name, keys);
    made.set(name, table);
    return table;
  };
}

function tableOf(file: Database, name: string, keys: readonly string[]): Table {
  const columns = file.prepare<[string], string>('SELECT name FROM pragma_table_info(?) ORDER BY cid').pluck().all(name);
  const owner = name in OF_INSTRUMENT ? 'instrument' : name === 'instruments' ? 'number' : null;
  const place = owner === null ? -1 : columns.indexOf(owner);
  // Of a numbered table the number alone names a row.
  const named = owner === 'instrument' && !keys.includes('number') ? ['instrument', ...keys] : keys;
  const places = named.map((key) => columns.indexOf(key));
  const quoted = columns.map((column) => `"${column}"`).join(', ');
  const changing = columns.filter((column) => !named.includes(column)).map((column) => `"${column}" = excluded."${column}"`);
  const select = `SELECT ${quoted} FROM ${name}${owner === null ? '' : ` WHERE "${owner}" = ?`}`;
  const insert = `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${marks(columns.length)}) ON CONFLICT (${named.map((key) => `"${key}"`).join(', ')}) DO UPDATE SET ${changing.join(', ')}`;
  const remove = `DELETE FROM ${name} WHERE ${named.map((key) => `"${key}" = ?`).join(' AND ')}`;
  const statements = new WeakMap<Database, { readonly put: (row: Row) => void; readonly drop: (key: Row) => void }>();
  const on = (db: Database) => {
    const known = statements.get(db);
    if (known !== undefined) return known;
    const [put, drop] = [db.prepare(insert), db.prepare(remove)];
    const both = { put: (row: Row) => void put.run(...row), drop: (row: Row) => void drop.run(...row) };
    statements.set(db, both);
    return both;
  };
  const key = (row: Row): Row => places.map((at) => row[at] ?? null);
  return {
    key,
    read: (db, number) =>
      db
        .prepare<unknown[], Row>(select)
        .raw()
        .all(...(owner === null ? [] : [number])),
    of: (row, number) => row.map((value, at) => (at === place ? number : value)),
    put: (db, row) => on(db).put(row),
    drop: (db, row) => on(db).drop(key(row)),
  };
}
