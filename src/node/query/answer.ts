import { performance } from 'node:perf_hooks';
import type { Database } from 'better-sqlite3';
import type { QueryAnswer, QueryTable } from '#bridge/query.ts';
import { QueryError } from '#core/ports/query.ts';
import { prepareReadOnly } from './read-only-sql.ts';
import { viewsOf } from './views.ts';

/** More rows than this are not read: a screen shows no more, and a question can be made narrower. */
export const MOST_ROWS = 10_000;
/** Longer texts are cut there, with an ellipsis. */
const LONGEST_TEXT = 500;

/** Columns that hold moments, by their names in the views and in the tables. */
const TIME_NAMES = new Set([
  'time',
  'ts',
  'close',
  'key',
  'stamp',
  'at',
  'from_t',
  'to_t',
  'next_settlement',
  'next_funding_at',
  'first_seen',
  'last_seen',
]);
/** 2001 to 2128: what epoch ms of this trade can be. */
const EARLIEST = 1e12;
const LATEST = 5e12;

type Cell = QueryAnswer['rows'][number][number];

function cellOf(value: unknown): Cell {
  if (value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint')
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
  if (Buffer.isBuffer(value)) return `${value.length} bytes`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}\u2026` : text;
}

const isTime = (value: Cell): boolean =>
  value === null || (typeof value === 'number' && Number.isInteger(value) && value >= EARLIEST && value <= LATEST);

function kindOf(name: string, values: readonly Cell[]): QueryAnswer['columns'][number]['kind'] {
  if (values.some((value) => typeof value === 'string')) return 'text';
  const named = TIME_NAMES.has(name) || name.endsWith('_at') || name.endsWith('_time');
  return named && values.some((value) => value !== null) && values.every(isTime) ? 'time' : 'number';
}

/** Runs the question; QueryError says why there is no answer. Numbers beyond 2^53 come as text, bytes as their count. */
export function answerOf(db: Database, sql: string, mostRows = MOST_ROWS): QueryAnswer {
  const statement = prepareReadOnly(db, sql).raw().safeIntegers();
  const names = statement.columns().map(({ name }) => name);
  const rows: Cell[][] = [];
  const began = performance.now();
  let more = false;
  try {
    for (const row of statement.iterate()) {
      more = rows.length === mostRows;
      if (more) break;
      rows.push(row.map(cellOf));
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new QueryError(
      why.includes('out of memory')
        ? 'The question needs more memory than a question may take. Ask for less: a shorter range, fewer instruments.'
        : `The question failed while it was read: ${why}.`,
    );
  }
  const ms = performance.now() - began;
  const columns = names.map((name, at) => ({
    name,
    kind: kindOf(
      name,
      rows.map((row) => row[at] ?? null),
    ),
  }));
  return { columns, rows, more, ms };
}

/** What can be asked about: the views, then the tables of each file as they are kept. */
export function schemaOf(db: Database, withPerson: boolean): QueryTable[] {
  const views = viewsOf(withPerson).map(({ name, says, columns }) => ({
    name,
    says,
    columns: columns.map(([column, meaning]) => ({ name: column, says: meaning })),
  }));
  const tablesOf = (file: 'main' | 'person'): QueryTable[] =>
    db
      .prepare<[], string>(`SELECT name FROM ${file}.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
      .pluck()
      .all()
      .map((name) => ({
        name: file === 'main' ? name : `${file}.${name}`,
        says: null,
        columns: db
          .prepare<[string, string], { name: string; type: string }>('SELECT name, type FROM pragma_table_info(?, ?)')
          .all(name, file)
          .map(({ name: column, type }) => ({ name: column, says: type.toLowerCase() })),
      }));
  return [...views, ...tablesOf('main'), ...(withPerson ? tablesOf('person') : [])];
}
