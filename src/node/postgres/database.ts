import type { BlockingConnection } from './blocking.ts';
import { type Dialect, dialectOf, type InsertedRows, type Kind } from './dialect.ts';
import { copiedRows, type Given, givenRows, intoOf, partitionsOf } from './rows.ts';
import type { Answered, Said } from './wire.ts';

type Input = Given | readonly Given[] | Readonly<Record<string, Given>>;

/** A statement that changes something and waits to be sent with others. */
interface Waiting {
  readonly dialect: Dialect;
  readonly values: readonly Given[];
  readonly result: Result;
}

/** What a statement did. It is sent, with all that wait before it, when that is asked, or else together with others. */
class Result {
  readonly #flush: () => void;
  answered: Answered | null = null;

  constructor(flush: () => void) {
    this.#flush = flush;
  }
  get changes(): number {
    return this.#known().count;
  }
  /** Of a table whose rows are numbered. */
  get lastInsertRowid(): number {
    return (this.#known().rows[0] as readonly [number])[0];
  }
  #known(): Answered {
    if (this.answered === null) this.#flush();
    if (this.answered === null) throw new Error('the statement was sent together with others: what it alone did is not known');
    return this.answered;
  }
}

/** Of a poll of a few the round trip would cost more. */
const LEAST_COPIED = 50;

/** Tables that number their rows. */
const NUMBERED: ReadonlySet<string> = new Set(['batches', 'terms', 'changes', 'imports']);

/**
 * The part of better-sqlite3's `Database` that the rules of the history use, over PostgreSQL: so one set of rules serves both, and what they
 * answer is the same to the last digit. Statements that only write wait, and go together: rows of one table as one statement.
 */
export class PostgresDatabase {
  readonly #connection: BlockingConnection;
  readonly #isReader: boolean;
  #waiting: Waiting[] = [];
  /** Transactions within each other. */
  #depth = 0;
  /** The server has heard of the outermost one. */
  #isBegun = false;
  /** Said first in every transaction. */
  guard: Said | null = null;
  /** Said last in every one that changed something. */
  ending: Said | null = null;
  /** Rows that would be passed over where they are there are copied; where one is there, the transaction fails with `ABORTED`. */
  copies = false;
  /** Types of each table's columns, in their order. */
  readonly #types = new Map<string, ReadonlyMap<string, string>>();
  /** Partitions that are there for certain. */
  readonly #partitions = new Set<string>();
  #made: string[] = [];

  constructor(connection: BlockingConnection, isReader: boolean) {
    this.#connection = connection;
    this.#isReader = isReader;
  }

  prepare(sql: string): PostgresStatement {
    return new PostgresStatement(this, dialectOf(sql));
  }

  exec(sql: string): void {
    this.ask({ text: sql, values: [], raw: true });
  }

  transaction<I extends unknown[], O>(work: (...input: I) => O): ((...input: I) => O) & { immediate: (...input: I) => O } {
    const run = (...input: I): O => (this.#depth === 0 ? this.#outermost(() => work(...input)) : this.#within(() => work(...input)));
    return Object.assign(run, { immediate: run });
  }

  /** What is asked sees what waited. */
  ask(said: Said): Answered {
    const answers = this.#send([said]);
    return answers.at(-1) ?? { rows: [], count: 0 };
  }

  put(dialect: Dialect, values: readonly Given[]): Result {
    const result = new Result(() => this.#flush(result));
    this.#waiting.push({ dialect, values, result });
    if (this.#depth === 0) this.#outermost(() => undefined);
    return result;
  }

  #outermost<O>(work: () => O): O {
    this.#depth = 1;
    try {
      const value = work();
      if (this.#isBegun || this.#waiting.length > 0)
        this.#send([...(this.ending === null ? [] : [this.ending]), { text: 'COMMIT', values: [], raw: true }]);
      for (const one of this.#made) this.#partitions.add(one);
      return value;
    } catch (error) {
      this.#waiting = [];
      if (this.#isBegun) this.#rollback();
      throw error;
    } finally {
      this.#depth = 0;
      this.#isBegun = false;
      this.#made = [];
    }
  }

  #rollback(): void {
    try {
      this.#connection.run([{ text: 'ROLLBACK', values: [], raw: true }], true);
    } catch {
      // The connection is lost, and the server rolls back by itself: the caller hears of what went wrong first.
    }
  }

  #within<O>(work: () => O): O {
    const name = `s${this.#depth++}`;
    this.#flush(null);
    this.ask({ text: `SAVEPOINT ${name}`, values: [], raw: true });
    try {
      const value = work();
      this.#flush(null);
      return value;
    } catch (error) {
      this.#waiting = [];
      this.ask({ text: `ROLLBACK TO SAVEPOINT ${name}`, values: [], raw: true });
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /** Sends what waits; `wanted`: the result that is asked for, which is sent by itself. */
  #flush(wanted: Result | null): void {
    if (this.#waiting.length > 0) this.#send([], wanted);
  }

  #send(last: readonly Said[], wanted: Result | null = null): readonly Answered[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    const groups: Waiting[][] = [];
    for (const one of waiting) {
      const group = groups.at(-1);
      if (group !== undefined && one.dialect.rows !== null && group[0]?.dialect === one.dialect && one.result !== wanted) group.push(one);
      else groups.push([one]);
    }
    const said = groups.flatMap((group) => this.#saidOf(group));
    const begin = this.#depth > 0 && !this.#isBegun ? this.#begin() : [];
    const all = [...begin, ...said.map((one) => one.said), ...last];
    const isWithin = this.#isBegun;
    // Also where one of them fails: then the server has begun.
    if (begin.length > 0) this.#isBegun = true;
    const answers = this.#connection.run(all, isWithin);
    for (const [i, { of }] of said.entries()) {
      const answered = answers[begin.length + i];
      if (of !== null && answered !== undefined) of.answered = answered;
    }
    return answers;
  }

  #begin(): Said[] {
    const text = this.#isReader ? 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' : 'BEGIN';
    return [{ text, values: [], raw: true }, ...(this.guard === null ? [] : [this.guard])];
  }

  #saidOf(group: readonly Waiting[]): { readonly said: Said; readonly of: Result | null }[] {
    const [first] = group;
    if (first === undefined) return [];
    const { dialect, values, result } = first;
    const { rows } = dialect;
    const all = group.flatMap((one) => one.values);
    if (rows === null || values.length === 0) return [{ said: saidOf(dialect, values, true), of: result }];
    const types = this.#typesOf(rows.table);
    const columns = rows.columns ?? [...types.keys()];
    const numbered = NUMBERED.has(rows.table) ? ' RETURNING number' : '';
    const said = this.#copied(rows, columns, all) ?? this.#inserted(`${rows.rest}${numbered}`, rows.table, columns, all);
    const made = partitionsOf(rows.table, columns, all).filter((one) => !this.#partitions.has(one.name) && !this.#made.includes(one.name));
    this.#made.push(...made.map(({ name }) => name));
    return [
      ...made.map(({ table, at }) => ({ said: { text: 'SELECT month_of($1, $2::float8)', values: [table, at], raw: true }, of: null })),
      { said, of: group.length === 1 && said.copied === undefined ? result : null },
    ];
  }

  /** Null: they are not all numbers, or are too few to be worth a round trip, or may be there. */
  #copied({ table, rest }: InsertedRows, columns: readonly string[], all: readonly Given[]): Said | null {
    const isFor = this.copies && rest === 'ON CONFLICT DO NOTHING' && all.length >= columns.length * LEAST_COPIED;
    if (!isFor || all.some((value) => value !== null && typeof value !== 'number')) return null;
    const text = `COPY ${table} (${columns.map((name) => `"${name}"`).join(', ')}) FROM STDIN (FORMAT binary)`;
    return { text, values: [], raw: true, copied: copiedRows(columns.length, all) };
  }

  #inserted(rest: string, table: string, columns: readonly string[], all: readonly Given[]): Said {
    const types = this.#typesOf(table);
    const given = givenRows(
      columns.map((name) => ({ type: types.get(name) ?? 'float8' })),
      all,
    );
    return { text: `${intoOf(table, columns)} ${given.text} ${rest}`, values: given.values, raw: true };
  }

  #typesOf(table: string): ReadonlyMap<string, string> {
    const known = this.#types.get(table);
    if (known !== undefined) return known;
    const { rows } = this.#connection.run(
      [
        {
          text: `SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
          values: [table],
          raw: true,
        },
      ],
      this.#isBegun,
    )[0] ?? { rows: [] };
    const types = new Map(rows as readonly (readonly [string, string])[]);
    this.#types.set(table, types);
    return types;
  }
}

function kindOf(value: Given): Kind {
  if (value === null) return 'null';
  return typeof value === 'number' ? 'number' : typeof value === 'string' ? 'text' : 'bytes';
}

function saidOf(dialect: Dialect, values: readonly Given[], raw: boolean): Said {
  return { text: dialect.text(values.map(kindOf)), values, raw };
}

/** As better-sqlite3's. */
class PostgresStatement {
  readonly #db: PostgresDatabase;
  readonly #dialect: Dialect;
  #gives: 'rows' | 'lists' | 'fields' = 'rows';

  constructor(db: PostgresDatabase, dialect: Dialect) {
    this.#db = db;
    this.#dialect = dialect;
  }
  pluck(): this {
    this.#gives = 'fields';
    return this;
  }
  raw(): this {
    this.#gives = 'lists';
    return this;
  }
  run(...input: readonly Input[]): Result {
    return this.#db.put(this.#dialect, this.#valuesOf(input));
  }
  all(...input: readonly Input[]): unknown[] {
    const { rows } = this.#db.ask(saidOf(this.#dialect, this.#valuesOf(input), this.#gives !== 'rows'));
    return this.#gives === 'fields' ? rows.map((row) => (row as readonly unknown[])[0]) : [...rows];
  }
  get(...input: readonly Input[]): unknown {
    return this.all(...input)[0];
  }

  #valuesOf(input: readonly Input[]): Given[] {
    const flat: (Given | Readonly<Record<string, Given>>)[] = input.flat();
    const named = flat.find((one) => typeof one === 'object' && one !== null && !(one instanceof Uint8Array));
    if (this.#dialect.rows !== null && named === undefined) return (flat as Given[]).map(known);
    return this.#dialect.places.map((place) => {
      const value = typeof place === 'number' ? flat[place] : (named as Readonly<Record<string, Given>> | undefined)?.[place];
      if (value === undefined) throw new RangeError(`no value is given for ${place}`);
      return known(value as Given);
    });
  }
}

/** What is no number is not known, as SQLite keeps it. */
const known = (value: Given): Given => (typeof value === 'number' && Number.isNaN(value) ? null : value);
