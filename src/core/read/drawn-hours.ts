import type { Divergence } from '#bridge/series.ts';
import type { HourColumns, PriceColumns, SettledColumns } from '#domain/columns.ts';
import type { SignalHour } from '#domain/signal-run.ts';
import { HOUR_MS } from '#domain/time.ts';
import { firstAfter } from './metrics/frame-tail.ts';

/** Hours that columns are made longer by at a time: they grow by one at each close. */
const SPARE_HOURS = 30 * 24;

const NUMBERS = ['f', 'ema', 'd', 'neutral', 'mark', 'index', 'last'] as const;
const BYTES = ['kind', 'neutralAssumed'] as const;
/** Of a row of an hour. */
const ROW_BYTES = 8 * NUMBERS.length + BYTES.length;

/** The hour that closed at `time`, as it was walked. */
export interface DrawnHour extends Pick<SignalHour, 'ema' | 'd'> {
  readonly time: number;
  readonly f: number;
  readonly kind: number;
  readonly neutral: number;
  readonly neutralAssumed: boolean;
}

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

  /** `to`: where the walk will end, so that room is made once. */
  put({ time, f, kind, ema, d, neutral, neutralAssumed }: DrawnHour, to: number): void {
    if (Number.isNaN(this.#first)) this.#first = time;
    const row = this.#rowOf(time);
    if (row >= this.#capacity) this.#grow(Math.max(row, this.#rowOf(to)) + 1 + SPARE_HOURS);
    this.#numbers.f[row] = f;
    this.#numbers.ema[row] = ema;
    this.#numbers.d[row] = d;
    this.#numbers.neutral[row] = neutral;
    this.#bytes.kind[row] = kind;
    this.#bytes.neutralAssumed[row] = Number(neutralAssumed);
  }

  /** What was read of (from, to] takes the place of what was there. Of prices the venue's candles go before what was observed. */
  lay(from: number, to: number, { prices, hours }: ReadPrices, settled: ReadSettled): void {
    const { mark, index, last } = this.#numbers;
    const start = Math.max(0, this.#rowOf(Math.floor(from / HOUR_MS) * HOUR_MS + HOUR_MS));
    for (const column of [mark, index, last]) column.fill(NaN, Number.isNaN(start) ? 0 : start);
    this.#onto(mark, from, to, hours.close, hours.mark);
    this.#onto(index, from, to, hours.close, hours.index);
    this.#onto(mark, from, to, prices.close, prices.mark);
    this.#onto(index, from, to, prices.close, prices.index);
    this.#onto(last, from, to, prices.close, prices.last);
    const before = firstAfter(this.#settled.key, from);
    const [first, end] = [firstAfter(settled.key, from), firstAfter(settled.key, to)];
    const joined = (name: keyof ReadSettled): Float64Array => {
      const column = new Float64Array(before + end - first);
      column.set(this.#settled[name].subarray(0, before));
      column.set(settled[name].subarray(first, end), before);
      return column;
    };
    this.#settled = { key: joined('key'), rate: joined('rate'), intervalH: joined('intervalH') };
  }

  /** Copies of the hours that closed in (from, to] and the settlements among them; `from` null: all. */
  columns(from: number | null, to: number): DrawnColumns {
    const rows = Number.isNaN(this.#first) ? 0 : this.#rowOf(to) + 1;
    const start = from === null || rows === 0 ? 0 : Math.min(rows, Math.max(0, this.#rowOf(Math.floor(from / HOUR_MS) * HOUR_MS) + 1));
    const { f, ema, d, neutral, mark, index, last } = this.#numbers;
    // Last trades only where they tell of more hours.
    const price = knownCount(last, rows) > knownCount(mark, rows) ? last : mark;
    const { key, rate, intervalH } = this.#settled;
    const [firstSettled, endSettled] = [from === null ? 0 : firstAfter(key, from), firstAfter(key, to)];
    const time = new Float64Array(rows - start);
    for (let i = 0; i < time.length; i++) time[i] = this.#first + (start + i) * HOUR_MS;
    return {
      time,
      f: f.slice(start, rows),
      kind: this.#bytes.kind.slice(start, rows),
      ema: ema.slice(start, rows),
      d: d.slice(start, rows),
      neutral: neutral.slice(start, rows),
      neutralAssumed: this.#bytes.neutralAssumed.slice(start, rows),
      mark: price.slice(start, rows),
      index: index.slice(start, rows),
      settledAt: key.slice(firstSettled, endSettled),
      settledRate: rate.slice(firstSettled, endSettled),
      settledIntervalH: intervalH.slice(firstSettled, endSettled),
    };
  }

  #rowOf(time: number): number {
    return Math.round((time - this.#first) / HOUR_MS);
  }
  /** Later sources win. */
  #onto(column: Float64Array, from: number, to: number, close: Float64Array, values: Float64Array): void {
    const end = firstAfter(close, to);
    for (let i = firstAfter(close, from); i < end; i++) {
      const [row, value] = [this.#rowOf(close[i] ?? NaN), values[i] ?? NaN];
      if (row >= 0 && row < column.length && value === value) column[row] = value;
    }
  }
  #grow(capacity: number): void {
    const numbers = this.#numbers;
    const bytes = this.#bytes;
    this.#capacity = capacity;
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
