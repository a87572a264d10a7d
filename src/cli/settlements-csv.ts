import { isRate } from '#domain/bounds.ts';
import type { SnapshotColumns } from '#domain/columns.ts';
import { deriveIntervals } from '#domain/interval.ts';
import type { SettlementHistory } from '#domain/metrics/frames/settlement.ts';
import type { InstrumentHistory } from '#domain/metrics/frames/hour.ts';
import { HOUR_MS, settlementKey } from '#domain/time.ts';
import { UsageError } from './usage.ts';

const COLUMNS = ['ts_ms', 'rate', 'interval_h', 'mark_price', 'index_price', 'open_interest'] as const;
type Column = (typeof COLUMNS)[number];
type Row = Readonly<Record<Column, number>>;

/** Times before this (1973) were meant in seconds, those after that (5138) in micro- or nanoseconds. */
const EARLIEST_MS = 1e11;
const LATEST_MS = 1e14;
/** What programs write where they have no number. */
const NOTHING = new Set(['', '-', 'nan', 'na', 'n/a', 'null', 'none', '#n/a']);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;
/** So much of a line that is not understood is shown. */
const SHOWN = 80;

export interface SettlementFile {
  readonly history: InstrumentHistory & SettlementHistory;
  /** The rows as polls, for metrics over minutes. */
  readonly snapshots: SnapshotColumns;
  readonly last: number;
  /** Rows that say something else than an earlier row of the same settlement; they are left out. */
  readonly conflicts: number;
  /** Rows with a rate that the app refuses from a venue. Here they count: the file is the word of whoever asks. */
  readonly unlikely: number;
}

/**
 * Settlements from text: columns by name in the first line, in any order, or the six in their order without one; all but
 * ts_ms and rate may be missing, as may single cells. Cells stand between commas, semicolons or tabs, in quotes or not. Throws
 * UsageError with the line.
 */
export function readSettlements(text: string, name: string): SettlementFile {
  const lines = text.replace(/^\uFEFF/u, '').split(/\r\n|\n|\r/u);
  const rows = new Map<number, Row>();
  let [conflicts, unlikely] = [0, 0];
  let order: readonly (Column | null)[] | null = null;
  let separator = ',';
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    if (order === null) separator = [',', ';', '\t'].find((one) => line.includes(one)) ?? ',';
    const cells = cellsOf(line, separator);
    if (order === null) {
      order = headerOf(cells, name);
      if (order !== null) continue;
      order = COLUMNS;
    }
    const row = rowOf(order, cells, `${name}, line ${i + 1}`);
    if (!isRate(row.rate, row.interval_h > 0 ? row.interval_h : null)) unlikely++;
    const key = settlementKey(row.ts_ms);
    const before = rows.get(key);
    if (before === undefined) rows.set(key, row);
    else if (before.rate !== row.rate) conflicts++;
  }
  if (rows.size === 0)
    throw new UsageError(`${name} holds no settlements. It needs the columns ${COLUMNS.join(', ')}; all but the first two may be missing.`);
  return { ...historyOf(rows), conflicts, unlikely };
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

function rowOf(order: readonly (Column | null)[], cells: readonly string[], where: string): Row {
  const row: Record<Column, number> = { ts_ms: NaN, rate: NaN, interval_h: NaN, mark_price: NaN, index_price: NaN, open_interest: NaN };
  for (const [i, column] of order.entries()) {
    const cell = cells[i] ?? '';
    if (column === null || NOTHING.has(cell.toLowerCase())) continue;
    const value = NUMBER.test(cell) ? Number(cell) : NaN;
    if (!Number.isFinite(value)) throw new UsageError(`${where}: ${column} is a number, not ${shown(cell)}.`);
    row[column] = value;
  }
  if (Number.isNaN(row.ts_ms) || Number.isNaN(row.rate)) throw new UsageError(`${where}: ts_ms and rate must be there.`);
  if (row.ts_ms < EARLIEST_MS) throw new UsageError(`${where}: ts_ms is in milliseconds since 1970, UTC; ${row.ts_ms} looks like seconds.`);
  if (row.ts_ms > LATEST_MS)
    throw new UsageError(`${where}: ts_ms is in milliseconds since 1970, UTC; ${row.ts_ms} looks like micro- or nanoseconds.`);
  if (row.interval_h < 0) throw new UsageError(`${where}: interval_h is in hours, above 0, not ${row.interval_h}.`);
  return row;
}

/** Enough of it to be recognised, without what a terminal would act on. */
const shown = (text: string): string => JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);

/** As the store keeps them. Prices and open interest of a row are also those of the hour that closes at its key. */
function historyOf(byKey: ReadonlyMap<number, Row>): Omit<SettlementFile, 'conflicts' | 'unlikely'> {
  const all = [...byKey].sort(([a], [b]) => a - b);
  const whole = all.filter(([key]) => key % HOUR_MS === 0);
  const keysOf = (rows: typeof all): Float64Array => Float64Array.from(rows, ([at]) => at);
  const column = (rows: typeof all, name: Column): Float64Array => Float64Array.from(rows, ([, row]) => row[name]);
  const positive = (rows: typeof all, name: Column): Float64Array => column(rows, name).map((value) => (value > 0 ? value : NaN));
  const unknown = (rows: typeof all): Float64Array => new Float64Array(rows.length).fill(NaN);
  const key = keysOf(all);
  const { intervalH } = deriveIntervals(key, positive(all, 'interval_h'));
  const rate = column(all, 'rate');
  const mark = positive(all, 'mark_price');
  const close = keysOf(whole);
  return {
    history: {
      settled: { key, rate, intervalH, mark },
      // Hours in which nothing was observed but the open interest.
      hours: {
        close,
        observedAt: close,
        rate: unknown(whole),
        intervalH: unknown(whole),
        mark: unknown(whole),
        index: unknown(whole),
        openInterest: positive(whole, 'open_interest'),
        premium: unknown(whole),
        coverage: new Float64Array(whole.length),
      },
      prices: { close, mark: positive(whole, 'mark_price'), index: positive(whole, 'index_price') },
    },
    snapshots: {
      observedAt: key,
      rate,
      intervalH,
      mark,
      index: positive(all, 'index_price'),
      openInterest: positive(all, 'open_interest'),
      volume24h: unknown(all),
      nextFundingAt: unknown(all),
    },
    last: key.at(-1) ?? 0,
  };
}
