/** A parameter, by its place among those that were given or by its name. */
type Place = number | string;

/** A statement of the history, which is written for SQLite, as PostgreSQL takes it. */
export interface Dialect {
  /** What `$1`, `$2`, ... stand for. */
  readonly places: readonly Place[];
  /** The text for values of these kinds. */
  text(kinds: readonly Kind[]): string;
  /** It puts in nothing but rows of given values. */
  readonly rows: InsertedRows | null;
}

/** `INSERT INTO table (columns) VALUES (?, ...), ... rest`. */
export interface InsertedRows {
  readonly table: string;
  /** Null: all of the table's, in their order. */
  readonly columns: readonly string[] | null;
  readonly width: number;
  readonly rest: string;
}

export type Kind = 'number' | 'text' | 'bytes' | 'null';

/** PostgreSQL takes a bare parameter for text where nothing else says what it is. */
const CAST: Readonly<Record<Kind, string>> = { number: '::float8', text: '::text', bytes: '::bytea', null: '' };

const PARTS =
  /'(?:[^']|'')*'|"[^"]*"|@\w+|\?|\b[a-z]+[A-Z]\w*|\bCROSS JOIN\b|\bjson_each\(@numbers\)|\bvalue ->> \d|\bsqlite_schema WHERE type = 'table' AND name = 'meta'/gu;
const ROWS = /^\s*INSERT INTO (\w+)(?: \(([\w, ]+)\))? VALUES ((?:\((?:\?, )*\?\)(?:, )?)+)\s*(.*)$/su;

/**
 * What the two databases say differently: parameters; names that are not all small; the order of a join, which PostgreSQL works out itself;
 * what a list in JSON holds; whether there is a table `meta`, which there always is here. The rest stands in `migrations.ts`, as functions that
 * are called as SQLite's are.
 */
export function dialectOf(sql: string): Dialect {
  const places: Place[] = [];
  const byName = new Map<string, number>();
  let unnamed = 0;
  function parameter(place: Place): number {
    const known = byName.get(String(place));
    if (known !== undefined) return known;
    places.push(place);
    byName.set(String(place), places.length - 1);
    return places.length - 1;
  }
  /** Text, and between it places of parameters. */
  const pieces: (string | number)[] = [];
  let end = 0;
  for (const { 0: part, index } of sql.matchAll(PARTS)) {
    pieces.push(sql.slice(end, index));
    end = index + part.length;
    if (part === '?') pieces.push(parameter(unnamed++));
    else if (part.startsWith('@')) pieces.push(parameter(part.slice(1)));
    else if (part === 'CROSS JOIN') pieces.push('JOIN');
    else if (part.startsWith('json_each')) pieces.push('json_numbers(', parameter('numbers'), ')');
    else if (part.startsWith('value ->>')) pieces.push(`(value::json ${part.slice('value '.length)})::float8`);
    else if (part.startsWith('sqlite_schema')) pieces.push('(SELECT 1) AS one');
    else if (part.startsWith("'") || part.startsWith('"')) pieces.push(part);
    else pieces.push(`"${part}"`);
  }
  pieces.push(sql.slice(end));
  return {
    places,
    text: (kinds) => pieces.map((piece) => (typeof piece === 'string' ? piece : `$${piece + 1}${CAST[kinds[piece] ?? 'null']}`)).join(''),
    rows: rowsOf(sql),
  };
}

function rowsOf(sql: string): InsertedRows | null {
  const [, table, columns, values = '', rest = ''] = ROWS.exec(sql) ?? [];
  if (table === undefined) return null;
  return {
    table,
    columns: columns === undefined ? null : columns.split(', '),
    width: values.slice(0, values.indexOf(')')).split(',').length,
    rest,
  };
}
