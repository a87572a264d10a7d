import { isRate } from '#domain/bounds.ts';
import type { SnapshotColumns } from '#domain/columns.ts';
import { deriveIntervals } from '#domain/interval.ts';
import type { FrameHours, InstrumentHistory } from '#domain/metrics/frames/hour.ts';
import type { SettlementHistory } from '#domain/metrics/frames/settlement.ts';
import { HOUR_MS, hourClose, settlementKey } from '#domain/time.ts';
import { COLUMNS, type Column, readRows, type Row } from './csv-rows.ts';
import { UsageError } from './usage.ts';

export interface SettlementFile {
  readonly history: InstrumentHistory & SettlementHistory;
  /** The settlements as polls, for metrics over minutes. */
  readonly snapshots: SnapshotColumns;
  readonly last: number;
  /** What was read otherwise than it was written, or not at all: a sentence each. */
  readonly notes: readonly string[];
}

/** A row of another time than all others would make hours by the million. */
const LONGEST_YEARS = 30;
/** What a file observes stands until its next row, at most so long (domain 3.6: three polls; a file does not say how often it looked). */
const HELD_MS = HOUR_MS;

/**
 * A file as the store keeps a history: rows with a rate are settlements, rows without one are prices and open interest between
 * them. All columns but ts_ms and rate may be missing, as may single cells. Throws UsageError with the line.
 */
export function readSettlements(text: string, name: string): SettlementFile {
  const { rows, unread, refused } = readRows(text, name);
  const settlements = new Map<number, Row>();
  const observations = new Map<number, Row>();
  let [conflicts, unlikely] = [0, 0];
  checkSpan(rows, name);
  for (const { row } of rows) {
    const key = settlementKey(row.ts_ms);
    const isSettlement = !Number.isNaN(row.rate);
    if (isSettlement && !isRate(row.rate, row.interval_h > 0 ? row.interval_h : null)) unlikely++;
    const kept = isSettlement ? settlements : observations;
    const before = kept.get(key);
    if (before !== undefined && differ(before, row)) conflicts++;
    kept.set(key, before === undefined ? row : filled(before, row));
  }
  if (settlements.size === 0)
    throw new UsageError(`${name} holds no settlements. It needs the columns ${COLUMNS.join(', ')}; all but the first two may be missing.`);
  const notes = [
    unread.length > 0 && `${unread.length === 1 ? 'the column' : 'the columns'} ${unread.join(', ')} ${be(unread.length)} not read.`,
    refused > 0 && `${count(refused, 'cell')} not above 0 (${COLUMNS.slice(2).join(', ')}) ${be(refused)} taken as not there.`,
    observations.size > 0 && `${count(observations.size, 'row')} without a rate ${be(observations.size)} read as prices and open interest.`,
    unlikely > 0 && `${count(unlikely, 'rate')} ${be(unlikely)} beyond 10 % per hour, which the app refuses from a venue.`,
    conflicts > 0 &&
      `${count(conflicts, 'row')} ${conflicts === 1 ? 'says' : 'say'} something else of a time that is there; what came first stays.`,
  ].filter((note) => note !== false);
  return { ...historyOf(settlements, observations), notes };
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
const be = (n: number): string => (n === 1 ? 'is' : 'are');

const known = (value: number): boolean => !Number.isNaN(value);
const VALUES = COLUMNS.slice(1);
const differ = (a: Row, b: Row): boolean => VALUES.some((column) => known(a[column]) && known(b[column]) && a[column] !== b[column]);
/** Of two settlements with different rates the first one stays as it is; else one row may say what the other leaves out. */
function filled(first: Row, second: Row): Row {
  if (known(first.rate) && known(second.rate) && first.rate !== second.rate) return first;
  const row: Record<Column, number> = { ...first };
  for (const column of VALUES) if (!known(row[column])) row[column] = second[column];
  return row;
}

function checkSpan(rows: ReturnType<typeof readRows>['rows'], name: string): void {
  const byTime = rows.toSorted((a, b) => a.row.ts_ms - b.row.ts_ms);
  const [first, last] = [byTime[0], byTime.at(-1)];
  if (first === undefined || last === undefined) return;
  if (last.row.ts_ms - first.row.ts_ms <= LONGEST_YEARS * 366 * 24 * HOUR_MS) return;
  const at = ({ row, line }: typeof first): string => `line ${line} is of ${new Date(row.ts_ms).toISOString()}`;
  throw new UsageError(`${name} spans more than ${LONGEST_YEARS} years: ${at(first)}, ${at(last)}. One of them is not ts_ms.`);
}

type Rows = readonly (readonly [at: number, row: Row])[];
const ascending = (rows: ReadonlyMap<number, Row>): Rows => [...rows].sort(([a], [b]) => a - b);
const timesOf = (rows: Rows): Float64Array => Float64Array.from(rows, ([at]) => at);
const columnOf = (rows: Rows, name: Column): Float64Array => Float64Array.from(rows, ([, row]) => row[name]);
const unknown = ({ length }: Rows): Float64Array => new Float64Array(length).fill(NaN);

function historyOf(settlements: ReadonlyMap<number, Row>, observations: ReadonlyMap<number, Row>): Omit<SettlementFile, 'notes'> {
  const settled = ascending(settlements);
  const key = timesOf(settled);
  const { intervalH } = deriveIntervals(key, columnOf(settled, 'interval_h'));
  const [rate, mark] = [columnOf(settled, 'rate'), columnOf(settled, 'mark_price')];
  // What a settlement says of prices is an observation too; of two at one time the settlement's goes first.
  const all = ascending(new Map([...observations, ...settled.map(([at, row]) => [at, filled(row, observations.get(at) ?? row)] as const)]));
  const { hours, prices } = hoursOf(all);
  return {
    history: { settled: { key, rate, intervalH, mark }, hours, prices },
    snapshots: {
      observedAt: key,
      rate,
      intervalH,
      mark,
      index: columnOf(settled, 'index_price'),
      openInterest: columnOf(settled, 'open_interest'),
      volume24h: unknown(settled),
      nextFundingAt: unknown(settled),
    },
    last: all.at(-1)?.[0] ?? 0,
  };
}

/** The newest prices and open interest of each hour, and the premium held from row to row. */
function hoursOf(all: Rows): { readonly hours: FrameHours; readonly prices: InstrumentHistory['prices'] } {
  const byClose = new Map<number, { row: Record<Column, number>; sum: number; coveredMs: number }>();
  const hourOf = (close: number) => {
    const found = byClose.get(close) ?? {
      row: { ts_ms: NaN, rate: NaN, interval_h: NaN, mark_price: NaN, index_price: NaN, open_interest: NaN },
      sum: 0,
      coveredMs: 0,
    };
    byClose.set(close, found);
    return found;
  };
  for (const [i, [at, row]] of all.entries()) {
    const hour = hourOf(hourClose(at));
    if (known(row.mark_price) || known(row.index_price))
      Object.assign(hour.row, { mark_price: row.mark_price, index_price: row.index_price });
    if (known(row.open_interest)) hour.row.open_interest = row.open_interest;
    const premium = row.mark_price / row.index_price - 1;
    const until = Math.min(all[i + 1]?.[0] ?? at, at + HELD_MS);
    if (!known(premium)) continue;
    for (let from = at; from < until;) {
      const close = hourClose(from + 1);
      const to = Math.min(until, close);
      const held = hourOf(close);
      held.sum += premium * (to - from);
      held.coveredMs += to - from;
      from = to;
    }
  }
  const closed = [...byClose].sort(([a], [b]) => a - b);
  const rows: Rows = closed.map(([close, { row }]) => [close, row]);
  const close = timesOf(rows);
  return {
    hours: {
      close,
      observedAt: close,
      // No running rates, and prices as candles have them.
      rate: unknown(rows),
      intervalH: unknown(rows),
      mark: unknown(rows),
      index: unknown(rows),
      openInterest: columnOf(rows, 'open_interest'),
      premium: Float64Array.from(closed, ([, { sum, coveredMs }]) => (coveredMs > 0 ? sum / coveredMs : NaN)),
      coverage: Float64Array.from(closed, ([, { coveredMs }]) => coveredMs / HOUR_MS),
    },
    prices: { close, mark: columnOf(rows, 'mark_price'), index: columnOf(rows, 'index_price') },
  };
}
