import { CsvError, parse } from 'csv-parse/sync';
import { LONGEST_INTERVAL_H } from '#domain/interval.ts';
import { CellError, intervalOf, isNothing, numberOf, rateOf, shown, type TimeForm, timeOf } from '#domain/import/cells.ts';
import { type Column, type Layout, layoutOf } from './csv-columns.ts';
import { UsageError } from './usage.ts';

/** NaN: not there. */
export type Row = Readonly<Record<Column, number>>;

export interface CsvRows {
  /** In the order of the file, each with the number of its line. */
  readonly rows: readonly { readonly row: Row; readonly line: number }[];
  /** Columns of the first line that are none of ours. */
  readonly unread: readonly string[];
  /** Cells that say what cannot be: prices and sizes that are not above 0, intervals that are not 1 to 24 hours. They count as not there. */
  readonly refused: number;
  /** Names of the instruments in the file, where a column says them. */
  readonly symbols: readonly string[];
  /** How its times are written; null without rows. */
  readonly times: TimeForm | null;
  /** Its rates are percent. */
  readonly percent: boolean;
  /** The last line has no end and fewer cells than the one before: the file may have been cut off there. */
  readonly cut: boolean;
}

export interface CsvOptions {
  /** Of a file of several instruments only the rows of this one; null: a file of several is refused. */
  readonly symbol: string | null;
  /** Ms east of UTC of times that say no zone; null: a person did not say, and they are read as UTC. */
  readonly zoneMs: number | null;
}

/** Times in ts_ms before this (1973) were meant in seconds, those after that (5138) in micro- or nanoseconds. */
const EARLIEST_MS = 1e11;
const LATEST_MS = 1e14;

interface Line {
  readonly cells: readonly string[];
  readonly line: number;
}

/**
 * Rows of text: columns by name in the first line, in any order; cells between commas, semicolons or tabs, in quotes or not.
 * Throws UsageError with the line where the text cannot be what it is taken for: nothing is guessed from the place of a number.
 */
export function readRows(text: string, name: string, { symbol, zoneMs }: CsvOptions): CsvRows {
  const [head, ...lines] = linesOf(text, name);
  if (head === undefined) return { rows: [], unread: [], refused: 0, symbols: [], times: null, percent: false, cut: false };
  const layout = layoutOf(head.cells, name);
  const symbols =
    layout.symbolAt < 0 ? [] : [...new Set(lines.map(({ cells }) => cells[layout.symbolAt] ?? ''))].filter((one) => one !== '');
  const wanted = wantedOf(symbols, symbol, name);
  const rows: { row: Row; line: number }[] = [];
  let refused = 0;
  let times: TimeForm | null = null;
  let isPercent: boolean | null = null;
  for (const { cells, line } of lines) {
    const where = `${name}, line ${line}`;
    assertWidth(cells, layout, where);
    if (wanted !== null && cells[layout.symbolAt] !== wanted) continue;
    const { row, form, sign } = saying(where, () => rowOf(layout, cells, zoneMs ?? 0, where));
    times ??= form;
    if (form !== times)
      throw new UsageError(`${where}: the time is in ${form}, those before in ${times}. One file has one way of writing times.`);
    if (sign !== null && row.rate !== 0) {
      isPercent ??= sign;
      if (sign !== isPercent) throw new UsageError(`${where}: rates with and without % stand in one column. Write all of them in one way.`);
    }
    refused += dropImpossible(row);
    rows.push({ row, line });
  }
  const unread = head.cells.filter((cell, place) => cell !== '' && layout.order[place] === null && place !== layout.symbolAt);
  return { rows, unread, refused, symbols, times, percent: isPercent === true || layout.percent, cut: isCut(text, lines) };
}

const isCut = (text: string, lines: readonly Line[]): boolean => {
  const [before, last] = lines.slice(-2);
  return before !== undefined && last !== undefined && last.cells.length < before.cells.length && !/[\r\n]$/u.test(text);
};

/** Lines with something in them, the first one too. */
function linesOf(text: string, name: string): Line[] {
  const first = /[^\r\n]*/u.exec(text.trimStart())?.[0] ?? '';
  const lines: Line[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter: [',', ';', '\t'].find((one) => first.includes(one)) ?? ',',
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: false,
      skip_empty_lines: true,
      trim: true,
      on_record: (cells: string[], { lines: line }) => {
        if (cells.some((cell) => cell !== '')) lines.push({ cells, line });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UsageError(`${name}, line ${String(error['lines'])}: a quote (") is not closed, or stands inside a cell without quotes.`);
  }
  return lines;
}

/** The rows to take where the file tells of several instruments; null: all. */
function wantedOf(symbols: readonly string[], symbol: string | null, name: string): string | null {
  if (symbols.length < 2) return null;
  const found = symbols.find((one) => symbol !== null && sameName(one, symbol));
  if (found !== undefined) return found;
  const some = `${symbols.slice(0, 5).join(', ')}${symbols.length > 5 ? ` and ${symbols.length - 5} more` : ''}`;
  const said = symbol === null ? '' : `, none of them ${symbol}`;
  throw new UsageError(`${name} holds the settlements of several instruments: ${some}${said}. Say which with --symbol ${symbols[0]}.`);
}

/** BTCUSDT, BTC-USDT and "BTCUSDT Perpetual" name one instrument. */
export const sameName = (a: string, b: string): boolean => nameKey(a) === nameKey(b);
const nameKey = (name: string): string =>
  name
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/(?:PERPETUAL|PERP|SWAP)$/u, '');

function assertWidth(cells: readonly string[], { names }: Layout, where: string): void {
  if (cells.slice(names.length).every((cell) => cell === '')) return;
  throw new UsageError(
    `${where} has ${cells.length} cells, the first line names ${names.length} columns: ${shown(cells.join(','))}. A comma inside a number? Write 0.0001 and 97201.1, without commas.`,
  );
}

/** What is wrong with a cell, with its place in front. */
function saying<R>(where: string, read: () => R): R {
  try {
    return read();
  } catch (error) {
    if (error instanceof CellError) throw new UsageError(`${where}: ${error.message}`);
    throw error;
  }
}

type Cells = Record<Column, number>;

function rowOf(layout: Layout, cells: readonly string[], zoneMs: number, where: string) {
  const row: Cells = { ts_ms: NaN, rate: NaN, interval_h: NaN, mark_price: NaN, index_price: NaN, open_interest: NaN };
  let form: TimeForm = 'milliseconds';
  let sign: boolean | null = null;
  for (const [place, column] of layout.order.entries()) {
    const cell = cells[place] ?? '';
    if (column === null || isNothing(cell)) continue;
    if (column === 'ts_ms') {
      if (layout.milliseconds) row.ts_ms = millisecondsOf(cell, where);
      else ({ ms: row.ts_ms, form } = timeOf(cell, zoneMs));
    } else if (column === 'rate') ({ rate: row.rate, sign } = rateOf(cell, layout.percent));
    else row[column] = column === 'interval_h' ? intervalOf(cell) : numberOf(cell, column);
  }
  const line = `the line is ${shown(cells.join(','))}`;
  if (Number.isNaN(row.ts_ms)) throw new UsageError(`${where}: ts_ms must be there; ${line}.`);
  if ([row.rate, row.mark_price, row.index_price, row.open_interest].every(Number.isNaN))
    throw new UsageError(`${where}: no rate, no price, no open interest; ${line}. A settlement needs its rate.`);
  if (row.interval_h < 0) throw new UsageError(`${where}: interval_h is in hours, above 0, not ${row.interval_h}.`);
  return { row, form, sign };
}

/** A time of a column that says milliseconds. */
function millisecondsOf(cell: string, where: string): number {
  const ms = numberOf(cell, 'ts_ms');
  if (ms >= EARLIEST_MS && ms <= LATEST_MS) return ms;
  const unit = ms < EARLIEST_MS ? 'seconds' : 'micro- or nanoseconds';
  throw new UsageError(`${where}: ts_ms is in milliseconds since 1970, UTC; ${ms} looks like ${unit}.`);
}

function dropImpossible(row: Cells): number {
  let refused = 0;
  for (const column of ['interval_h', 'mark_price', 'index_price', 'open_interest'] as const) {
    const most = column === 'interval_h' ? LONGEST_INTERVAL_H : Infinity;
    if (Number.isNaN(row[column]) || (row[column] > 0 && row[column] <= most)) continue;
    row[column] = NaN;
    refused++;
  }
  return refused;
}
