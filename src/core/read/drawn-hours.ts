import type { Divergence } from '#bridge/series.ts';
import type { HourColumns, PriceColumns, SettledColumns } from '#domain/columns.ts';
import type { HourlySeries } from '#domain/series.ts';
import { HOUR_MS } from '#domain/time.ts';
import { firstAfter } from './metrics/frame-tail.ts';

/** Hours that columns are made longer by at a time: they grow by one at each close. */
const SPARE_HOURS = 30 * 24;

const NUMBERS = ['f', 'ema', 'd', 'neutral', 'mark', 'index', 'last'] as const;
const BYTES = ['kind', 'neutralAssumed'] as const;
/** Of a row of an hour. */
const ROW_BYTES = 8 * NUMBERS.length + BYTES.length;

/** Columns that the walk of hours fills, from the first of them on. */
type Walked = Pick<Divergence, 'ema' | 'd' | 'neutral' | 'neutralAssumed'>;

/** Prices that were read, of closes of hours. */
export interface ReadPrices {
  readonly prices: Pick<PriceColumns, 'close' | 'mark' | 'index' | 'last'>;
  readonly hours: Pick<HourColumns, 'close' | 'mark' | 'index'>;
}
export type ReadSettled = Pick<SettledColumns, 'key' | 'rate' | 'intervalH'>;

/** The columns of the chart that hours, prices and settlements give; see `Divergence` for each. */
export type DrawnColumns = Pick<
  Divergence,
  'time' | Exclude<(typeof NUMBERS)[number], 'last'> | (typeof BYTES)[number] | 'settledAt' | 'settledRate' | 'settledIntervalH'
>;

/**
 * What is drawn of an instrument's hours. Hours follow one another without a gap, so each has its place; one that is walked again
 * takes the place of what was there, and what lies after it is written anew.
 */
export class DrawnHours {
  #first = NaN;
  #capacity = 0;
  /** Rows up to here were given away as views, and stay as they are: who writes one of them takes other columns first. */
  #given = 0;
  /** Prices were laid up to here. */
  #laid = 0;
  #numbers = columnsOf(NUMBERS, () => new Float64Array());
  #bytes = columnsOf(BYTES, () => new Uint8Array());
  #settled: ReadSettled = { key: new Float64Array(), rate: new Float64Array(), intervalH: new Float64Array() };

  get bytes(): number {
    return this.#capacity * ROW_BYTES + this.#settled.key.length * 24;
  }

  /** The first settlement; NaN: none. */
  get firstSettled(): number {
    return this.#settled.key[0] ?? NaN;
  }

  /**
   * Hours [first, end) of the series take their place; gives the columns that are for the walk to fill. `to`: where it will end, so that
   * room is made once.
   */
  place({ time, f, kind }: Pick<HourlySeries, 'time' | 'f' | 'kind'>, first: number, end: number, to: number): Walked {
    if (Number.isNaN(this.#first)) this.#first = time[first] ?? NaN;
    const row = this.#rowOf(time[first] ?? NaN);
    const until = row + end - first;
    if (row < this.#given) this.#grow(this.#capacity);
    if (until > this.#capacity) this.#grow(Math.max(until, this.#rowOf(to) + 1) + SPARE_HOURS);
    this.#numbers.f.set(f.subarray(first, end), row);
    this.#bytes.kind.set(kind.subarray(first, end), row);
    const { ema, d, neutral } = this.#numbers;
    return {
      ema: ema.subarray(row, until),
      d: d.subarray(row, until),
      neutral: neutral.subarray(row, until),
      neutralAssumed: this.#bytes.neutralAssumed.subarray(row, until),
    };
  }

  /** What was read of (from, to] takes the place of what was there. Of prices the venue's candles go before what was observed. */
  lay(from: number, to: number, { prices, hours }: ReadPrices, settled: ReadSettled): void {
    const start = Math.max(0, this.#rowOf(Math.floor(from / HOUR_MS) * HOUR_MS + HOUR_MS)) || 0;
    if (start < this.#given) this.#grow(this.#capacity);
    const { mark, index, last } = this.#numbers;
    for (const column of [mark, index, last]) column.fill(NaN, Math.min(start, this.#laid), this.#laid);
    this.#laid = Number.isNaN(this.#first) ? 0 : this.#rowOf(to) + 1;
    this.#onto(hours.close, from, to, mark, hours.mark, index, hours.index);
    this.#onto(prices.close, from, to, mark, prices.mark, index, prices.index);
    this.#onto(prices.close, from, to, last, prices.last);
    const before = firstAfter(this.#settled.key, from);
    const [first, end] = [firstAfter(settled.key, from), firstAfter(settled.key, to)];
    const joined = (name: keyof ReadSettled): Float64Array => {
      const read = settled[name].subarray(first, end);
      if (before === 0) return read;
      const column = new Float64Array(before + end - first);
      column.set(this.#settled[name].subarray(0, before));
      column.set(read, before);
      return column;
    };
    this.#settled = { key: joined('key'), rate: joined('rate'), intervalH: joined('intervalH') };
  }

  /**
   * The hours that closed in (from, to] and the settlements among them; `from` null: all. It stays as it is, whatever is walked later. Of
   * years a copy takes as long as the walk, so all of them are views; a part is a copy, for a view that is sent takes all that is behind it along.
   */
  columns(from: number | null, to: number): DrawnColumns {
    const rows = Number.isNaN(this.#first) ? 0 : this.#rowOf(to) + 1;
    const start = from === null || rows === 0 ? 0 : Math.min(rows, Math.max(0, this.#rowOf(Math.floor(from / HOUR_MS) * HOUR_MS) + 1));
    const { f, ema, d, neutral, mark, index, last } = this.#numbers;
    const lasts = knownCount(last, rows);
    // Last trades only where they tell of more hours.
    const price = lasts > 0 && lasts > knownCount(mark, rows) ? last : mark;
    const { key, rate, intervalH } = this.#settled;
    const [firstSettled, endSettled] = [from === null ? 0 : firstAfter(key, from), firstAfter(key, to)];
    const time = new Float64Array(rows - start);
    for (let i = 0; i < time.length; i++) time[i] = this.#first + (start + i) * HOUR_MS;
    const isAll = start === 0;
    if (isAll) this.#given = Math.max(this.#given, rows);
    const part = <C extends Float64Array | Uint8Array>(column: C): C => (isAll ? column.subarray(0, rows) : column.slice(start, rows)) as C;
    return {
      time,
      f: part(f),
      kind: part(this.#bytes.kind),
      ema: part(ema),
      d: part(d),
      neutral: part(neutral),
      neutralAssumed: part(this.#bytes.neutralAssumed),
      mark: part(price),
      index: part(index),
      settledAt: key.slice(firstSettled, endSettled),
      settledRate: rate.slice(firstSettled, endSettled),
      settledIntervalH: intervalH.slice(firstSettled, endSettled),
    };
  }

  #rowOf(time: number): number {
    return Math.round((time - this.#first) / HOUR_MS);
  }
  /** Columns take what is known of a source's values, two at a time; later sources win. */
  #onto(
    close: Float64Array,
    from: number,
    to: number,
    column: Float64Array,
    values: Float64Array,
    other?: Float64Array,
    others?: Float64Array,
  ): void {
    const [first, start, end] = [this.#first, firstAfter(close, from), firstAfter(close, to)];
    for (let i = start; i < end; i++) {
      const row = Math.round(((close[i] ?? NaN) - first) / HOUR_MS);
      if (!(row >= 0 && row < column.length)) continue;
      const value = values[i] ?? NaN;
      if (value === value) column[row] = value;
      if (other === undefined || others === undefined) continue;
      const second = others[i] ?? NaN;
      if (second === second) other[row] = second;
    }
  }
  #grow(capacity: number): void {
    const numbers = this.#numbers;
    const bytes = this.#bytes;
    this.#capacity = capacity;
    this.#given = 0;
    this.#numbers = columnsOf(NUMBERS, (name) => longer(numbers[name], new Float64Array(capacity).fill(NaN, numbers[name].length)));
    this.#bytes = columnsOf(BYTES, (name) => longer(bytes[name], new Uint8Array(capacity)));
  }
}

function longer<C extends Float64Array | Uint8Array>(column: C, into: C): C {
  into.set(column);
  return into;
}

const columnsOf = <N extends string, C>(names: readonly N[], make: (name: N) => C): Record<N, C> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<N, C>;

function knownCount(column: Float64Array, rows: number): number {
  let count = 0;
  for (let i = 0; i < rows; i++) if (column[i] === column[i]) count++;
  return count;
}
