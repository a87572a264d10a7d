import { isRate } from '#domain/bounds.ts';
import type { SnapshotColumns } from '#domain/columns.ts';
import { deriveIntervals, INTERVAL_REFUTED } from '#domain/interval.ts';
import type { FrameHours, InstrumentHistory } from '#domain/metrics/frames/hour.ts';
import type { SettlementHistory } from '#domain/metrics/frames/settlement.ts';
import { HOUR_MS, hourClose, settlementKey } from '#domain/time.ts';
import { COLUMNS, type Column } from './csv-columns.ts';
import { type CsvOptions, type CsvRows, readRows, type Row, sameName } from './csv-rows.ts';
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
/** So many settlements with two rates are no slip, where they are most of the file. */
const LEAST_DISPUTED = 3;
/** What a file observes stands until its next row, at most so long (domain 3.6: three polls; a file does not say how often it looked). */
const HELD_MS = HOUR_MS;

/**
 * A file as the store keeps a history: rows with a rate are settlements, rows without one are prices and open interest between
 * them. All columns but the time and the rate may be missing, as may single cells. Throws UsageError with the line.
 */
export function readSettlements(text: string, name: string, options: CsvOptions): SettlementFile {
  const read = readRows(text, name, options);
  const { rows, unread, refused } = read;
  checkSpan(rows, name);
  const settlements = new Map<number, Row>();
  const observations = new Map<number, Row>();
  const told = { refused, unlikely: 0, wild: 0, intervals: 0, conflicts: new Set<number>() };
  const disputed = new Set<number>();
  for (const { row, line } of rows) {
    const isSettlement = known(row.rate);
    if (isSettlement && !isRate(row.rate, known(row.interval_h) ? row.interval_h : null)) told.unlikely++;
    if (Math.abs(premiumOf(row)) > 1) told.wild++;
    if (!isSettlement && known(row.interval_h)) told.intervals++;
    const kept = isSettlement ? settlements : observations;
    // Only settlements are known to belong to an hour that they miss by minutes: what was observed was observed when it says.
    const at = isSettlement ? settlementKey(row.ts_ms) : row.ts_ms;
    const before = kept.get(at);
    if (before !== undefined && differ(before, row)) told.conflicts.add(line);
    if (isSettlement && before !== undefined && before.rate !== row.rate) disputed.add(at);
    kept.set(at, before === undefined ? row : filled(before, row));
  }
  for (const { row, line } of rows) {
    const settlement = known(row.rate) ? undefined : settlements.get(row.ts_ms);
    if (settlement !== undefined && differ(settlement, row)) told.conflicts.add(line);
  }
  if (settlements.size === 0)
    throw new UsageError(`${name} holds no settlements. It needs the columns ${COLUMNS.join(', ')}; all but the first two may be missing.`);
  if (disputed.size >= LEAST_DISPUTED && 2 * disputed.size > settlements.size)
    throw new UsageError(
      `${name} has two different rates at ${disputed.size} of its ${settlements.size} settlements: it seems to hold several instruments. Give each a file of its own, or a column symbol.`,
    );
  const { lone, doubts, ...file } = historyOf(settlements, observations);
  return { ...file, notes: [...formNotes(read, options), ...notesOf({ ...told, lone }, unread, observations.size), ...doubts] };
}

/** How times, rates and names were understood, where the file leaves it open. */
function formNotes({ times, percent, symbols, rows, cut }: CsvRows, { symbol, zoneMs }: CsvOptions): string[] {
  const [only] = symbols;
  return [
    times === 'local' && zoneMs === null && 'its times say no zone and are read as UTC. If they are in another one, say so: --zone +08:00.',
    (times === 'seconds' || times === 'microseconds') && `its times are read as ${times} since 1970, by their size.`,
    cut && 'its last line has fewer cells than the one before it and no end: the file may have been cut off there.',
    percent && 'its rates are percent: 0.01 is read as 0.0001.',
    symbols.length > 1 &&
      `it holds ${symbols.length} instruments; ${rows.length} row${rows.length === 1 ? ' is' : 's are'} of ${symbol ?? ''}.`,
    symbols.length === 1 &&
      only !== undefined &&
      symbol !== null &&
      !sameName(only, symbol) &&
      `it says that it is of ${only}, asked for as ${symbol}.`,
  ].filter((note) => note !== false);
}

interface Told extends Record<'refused' | 'unlikely' | 'wild' | 'intervals' | 'lone', number> {
  /** Lines. */
  readonly conflicts: Set<number>;
}

function notesOf({ refused, unlikely, wild, intervals, lone, conflicts }: Told, unread: readonly string[], observations: number): string[] {
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? ' is' : 's are'}`;
  return [
    unread.length > 0 && `the column${unread.length === 1 ? '' : 's'} ${unread.join(', ')} ${unread.length === 1 ? 'is' : 'are'} not read.`,
    refused > 0 &&
      `${count(refused, 'cell')} taken as not there: ${COLUMNS.slice(2).join(', ')} are above 0, and an interval is at most 24 hours.`,
    observations > 0 && `${count(observations, 'row')} read as prices and open interest: without a rate.`,
    intervals > 0 && `${count(intervals, 'interval')} not read: of rows without a rate.`,
    unlikely > 0 && `${count(unlikely, 'rate')} beyond 10 % per hour, which the app refuses from a venue.`,
    wild > 0 && `${count(wild, 'price')} more than 100 % from the index beside it.`,
    lone > 0 &&
      `${count(lone, 'price')} not taken for the hour's: a mark or an index alone, after a pair of both in that hour (a premium never compares two moments).`,
    conflicts.size > 0 &&
      `${count(conflicts.size, 'row')} left out in part${conflicts.size > 1 ? ', the first' : ''} in line ${[...conflicts].reduce((a, b) => Math.min(a, b))}: something else stands at the same time, in an earlier row or in that of the settlement.`,
  ].filter((note) => note !== false);
}

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

/** Stated intervals that the settlements of the file refute. */
function doubtsOf(key: Float64Array, stated: Float64Array, intervalH: Float64Array, source: Uint8Array): string[] {
  const first = source.indexOf(INTERVAL_REFUTED);
  if (first < 0) return [];
  const count = source.reduce((sum, one) => sum + (one === INTERVAL_REFUTED ? 1 : 0), 0);
  const at = new Date(key[first] ?? 0).toISOString();
  const [said, apart] = [stated[first] ?? NaN, intervalH[first] ?? NaN];
  return [
    `${count} interval${count === 1 ? ' is' : 's are'} refuted by the settlements, the first at ${at}: the file says ${said} h, its settlements are ${apart} h apart. The distance counts.`,
  ];
}

type Rows = readonly (readonly [at: number, row: Row])[];
const ascending = (rows: ReadonlyMap<number, Row>): Rows => [...rows].sort(([a], [b]) => a - b);
const timesOf = (rows: Rows): Float64Array => Float64Array.from(rows, ([at]) => at);
const columnOf = (rows: Rows, name: Column): Float64Array => Float64Array.from(rows, ([, row]) => row[name]);
const unknown = ({ length }: Rows): Float64Array => new Float64Array(length).fill(NaN);

function historyOf(
  settlements: ReadonlyMap<number, Row>,
  observations: ReadonlyMap<number, Row>,
): Omit<SettlementFile, 'notes'> & { lone: number; doubts: string[] } {
  const settled = ascending(settlements);
  const key = timesOf(settled);
  const stated = columnOf(settled, 'interval_h');
  const { intervalH, source } = deriveIntervals(key, stated);
  const [rate, mark, index] = [columnOf(settled, 'rate'), columnOf(settled, 'mark_price'), columnOf(settled, 'index_price')];
  // What a settlement says of prices is an observation too; of two at one time the settlement's goes first.
  const all = ascending(new Map([...observations, ...settled.map(([at, row]) => [at, filled(row, observations.get(at) ?? row)] as const)]));
  const { hours, prices, lone } = hoursOf(all);
  return {
    history: { settled: { key, rate, intervalH, mark, index }, hours, prices },
    snapshots: {
      observedAt: key,
      rate,
      intervalH,
      mark,
      index,
      openInterest: columnOf(settled, 'open_interest'),
      volume24h: unknown(settled),
      nextFundingAt: unknown(settled),
    },
    last: all.at(-1)?.[0] ?? 0,
    lone,
    doubts: doubtsOf(key, stated, intervalH, source),
  };
}

interface Hour {
  row: Row;
  /** Premium x ms and ms. */
  sum: number;
  coveredMs: number;
}

const NOTHING: Row = { ts_ms: NaN, rate: NaN, interval_h: NaN, mark_price: NaN, index_price: NaN, open_interest: NaN };
const isLone = ({ mark_price, index_price }: Row): boolean => known(mark_price) !== known(index_price);
const premiumOf = ({ mark_price, index_price }: Row): number => mark_price / index_price - 1;

/** The newest prices and open interest of each hour, and the premium held from one reading to the next. */
function hoursOf(all: Rows): { readonly hours: FrameHours; readonly prices: InstrumentHistory['prices']; readonly lone: number } {
  const byClose = new Map<number, Hour>();
  const hourOf = (close: number): Hour => {
    const found = byClose.get(close) ?? { row: NOTHING, sum: 0, coveredMs: 0 };
    byClose.set(close, found);
    return found;
  };
  let lone = 0;
  let held = { at: NaN, premium: NaN };
  const hold = (until: number): void => {
    if (!known(held.premium)) return;
    const end = Math.min(until, held.at + HELD_MS);
    for (let from = held.at; from < end;) {
      const close = hourClose(from + 1);
      const to = Math.min(end, close);
      const hour = hourOf(close);
      hour.sum += held.premium * (to - from);
      hour.coveredMs += to - from;
      from = to;
    }
  };
  for (const [at, row] of all) {
    const hour = hourOf(hourClose(at));
    if (isLone(row) && known(premiumOf(hour.row))) lone++;
    hour.row = newest(hour.row, row);
    // A settlement that says nothing of the premium was no look at it.
    if (known(row.rate) && !known(premiumOf(row))) continue;
    hold(at);
    held = { at, premium: premiumOf(row) };
  }
  hold(all.at(-1)?.[0] ?? NaN);
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
    lone,
  };
}

/** Prices of one moment: a pair where the hour has one. */
function newest(before: Row, row: Row): Row {
  const hasPremium = known(premiumOf(row));
  const takes = hasPremium || (!known(premiumOf(before)) && (known(row.mark_price) || known(row.index_price)));
  const { mark_price, index_price } = takes ? row : before;
  return { ...NOTHING, mark_price, index_price, open_interest: known(row.open_interest) ? row.open_interest : before.open_interest };
}
