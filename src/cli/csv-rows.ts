import { UsageError } from './usage.ts';

export const COLUMNS = ['ts_ms', 'rate', 'interval_h', 'mark_price', 'index_price', 'open_interest'] as const;
export type Column = (typeof COLUMNS)[number];
/** NaN: not there. */
export type Row = Readonly<Record<Column, number>>;

export interface CsvRows {
  /** In the order of the file, each with the number of its line. */
  readonly rows: readonly { readonly row: Row; readonly line: number }[];
  /** Columns of the first line that are none of ours. */
  readonly unread: readonly string[];
  /** Cells that say what cannot be: prices, intervals and sizes that are not above 0. They count as not there. */
  readonly refused: number;
}

/** Times before this (1973) were meant in seconds, those after that (5138) in micro- or nanoseconds. */
const EARLIEST_MS = 1e11;
const LATEST_MS = 1e14;
/** What programs write where they have no number. */
const NOTHING = new Set(['', '-', 'nan', 'na', 'n/a', 'null', 'none', '#n/a']);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;
/** So much of a line that is not understood is shown. */
const SHOWN = 80;

/**
 * Rows of text: columns by name in the first line, in any order, or the six in their order without one; cells between commas,
 * semicolons or tabs, in quotes or not. Throws UsageError with the line.
 */
export function readRows(text: string, name: string): CsvRows {
  const lines = text.replace(/^\uFEFF/u, '').split(/\r\n|\n|\r/u);
  const rows: { row: Row; line: number }[] = [];
  let unread: string[] = [];
  let refused = 0;
  let order: readonly (Column | null)[] | null = null;
  let separator = ',';
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    if (order === null) separator = [',', ';', '\t'].find((one) => line.includes(one)) ?? ',';
    const cells = cellsOf(line, separator);
    if (cells.every((cell) => cell === '')) continue;
    if (order === null) {
      order = headerOf(cells, name);
      if (order !== null) {
        unread = cells.filter((cell, column) => cell !== '' && order?.[column] === null);
        continue;
      }
      order = COLUMNS;
    }
    const row = rowOf(order, cells, `${name}, line ${i + 1}`);
    for (const column of ['interval_h', 'mark_price', 'index_price', 'open_interest'] as const) {
      if (row[column] > 0 || Number.isNaN(row[column])) continue;
      row[column] = NaN;
      refused++;
    }
    rows.push({ row, line: i + 1 });
  }
  return { rows, unread, refused };
}

function cellsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*/u.exec(rest);
    const end = rest.indexOf(separator, quoted?.[0].length ?? 0);
    cells.push((quoted?.[1] ?? (end < 0 ? rest : rest.slice(0, end))).trim());
    if (end < 0) return cells;
    rest = rest.slice(end + 1);
  }
}

function headerOf(cells: readonly string[], name: string): (Column | null)[] | null {
  if (cells.every((cell) => NOTHING.has(cell.toLowerCase()) || NUMBER.test(cell))) return null;
  const order = cells.map((cell) => COLUMNS.find((column) => column === cell.toLowerCase()) ?? null);
  for (const needed of ['ts_ms', 'rate'] as const) {
    if (!order.includes(needed)) throw new UsageError(`${name} has no column ${needed}; its first line is ${shown(cells.join(','))}.`);
  }
  const twice = COLUMNS.find((column) => order.indexOf(column) !== order.lastIndexOf(column));
  if (twice !== undefined) throw new UsageError(`${name} has the column ${twice} twice.`);
  return order;
}

function rowOf(order: readonly (Column | null)[], cells: readonly string[], where: string): Record<Column, number> {
  const row: Record<Column, number> = { ts_ms: NaN, rate: NaN, interval_h: NaN, mark_price: NaN, index_price: NaN, open_interest: NaN };
  for (const [i, column] of order.entries()) {
    const cell = cells[i] ?? '';
    if (column === null || NOTHING.has(cell.toLowerCase())) continue;
    const value = NUMBER.test(cell) ? Number(cell) : NaN;
    if (!Number.isFinite(value)) throw new UsageError(`${where}: ${column} is a number, not ${shown(cell)}.`);
    row[column] = value;
  }
  if (Number.isNaN(row.ts_ms)) throw new UsageError(`${where}: ts_ms must be there; the line is ${shown(cells.join(','))}.`);
  if ([row.rate, row.mark_price, row.index_price, row.open_interest].every(Number.isNaN))
    throw new UsageError(
      `${where}: no rate, no price, no open interest; the line is ${shown(cells.join(','))}. A settlement needs its rate.`,
    );
  if (row.ts_ms < EARLIEST_MS) throw new UsageError(`${where}: ts_ms is in milliseconds since 1970, UTC; ${row.ts_ms} looks like seconds.`);
  if (row.ts_ms > LATEST_MS)
    throw new UsageError(`${where}: ts_ms is in milliseconds since 1970, UTC; ${row.ts_ms} looks like micro- or nanoseconds.`);
  if (row.interval_h < 0) throw new UsageError(`${where}: interval_h is in hours, above 0, not ${row.interval_h}.`);
  return row;
}

/** Enough of it to be recognised, without what a terminal would act on. */
const shown = (text: string): string => JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);
