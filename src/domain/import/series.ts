import { deriveIntervals, gapInterval, INTERVAL_REFUTED } from '../interval.ts';
import { settlementKey } from '../time.ts';
import { type ImportRow, isHourClose } from './row.ts';

/** What imported rows are: settlements, hourly closes, open interest. */
export const IMPORT_KINDS = ['settled', 'price', 'interest'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** Fields of a row of each kind, its time first, the line of the file last. NaN: not known. */
export const IMPORT_FIELDS = {
  settled: ['stamp', 'rate', 'intervalH', 'mark', 'premium', 'line'],
  price: ['close', 'mark', 'index', 'last', 'line'],
  interest: ['at', 'value', 'line'],
} as const satisfies Record<ImportKind, readonly string[]>;

/** Rows of one instrument and kind, ascending; columns in the order of IMPORT_FIELDS. */
export interface ImportSeries {
  readonly symbol: string;
  readonly kind: ImportKind;
  readonly columns: readonly Float64Array[];
}

const FIRST_ROWS = 1024;

/** Rows side by side, as they come. */
class Rows {
  readonly #width: number;
  #values: Float64Array;
  #length = 0;
  #ascends = true;

  constructor(width: number) {
    this.#width = width;
    this.#values = new Float64Array(FIRST_ROWS * width);
  }

  /** Fields in their order; those beyond the width are not looked at. */
  push(a: number, b: number, c: number, d: number, e: number, f: number): void {
    const at = this.#length * this.#width;
    if (at + this.#width > this.#values.length) {
      const more = new Float64Array(this.#values.length * 2);
      more.set(this.#values);
      this.#values = more;
    }
    if (at > 0 && a < (this.#values[at - this.#width] ?? 0)) this.#ascends = false;
    const values = this.#values;
    values[at] = a;
    values[at + 1] = b;
    values[at + 2] = c;
    if (this.#width > 3) {
      values[at + 3] = d;
      values[at + 4] = e;
    }
    if (this.#width > 5) values[at + 5] = f;
    this.#length++;
  }

  /** Columns, ascending in the first; of rows of one time the one that stands first in the file is first. */
  columns(): Float64Array[] {
    const [values, width, length] = [this.#values, this.#width, this.#length];
    const order = new Uint32Array(length);
    for (let i = 0; i < length; i++) order[i] = i;
    if (!this.#ascends) order.sort((a, b) => values[a * width]! - values[b * width]! || a - b);
    this.#values = new Float64Array(0);
    return Array.from({ length: width }, (_, field) => Float64Array.from(order, (row) => values[row * width + field]!));
  }
}

/** Gathers what lines become, by instrument and kind. */
export class ImportedRows {
  readonly #rows = new Map<string, Record<ImportKind, Rows>>();
  /** Prices between the hours, which are not kept. */
  between = 0;

  /** Takes a row of `readRow` that was not refused. */
  take(symbol: string, row: ImportRow, line: number): void {
    const of = this.#of(symbol);
    if (!Number.isNaN(row.rate)) of.settled.push(row.time, row.rate, row.intervalH, row.mark, row.premium, line);
    else if (!(Number.isNaN(row.mark) && Number.isNaN(row.index) && Number.isNaN(row.last))) {
      if (isHourClose(row.closesAt)) of.price.push(row.closesAt, row.mark, row.index, row.last, line, NaN);
      else if (Number.isNaN(row.interest)) this.between++;
    }
    if (!Number.isNaN(row.interest)) of.interest.push(row.time, row.interest, line, NaN, NaN, NaN);
  }

  #of(symbol: string): Record<ImportKind, Rows> {
    const found = this.#rows.get(symbol);
    if (found !== undefined) return found;
    const made = {
      settled: new Rows(IMPORT_FIELDS.settled.length),
      price: new Rows(IMPORT_FIELDS.price.length),
      interest: new Rows(IMPORT_FIELDS.interest.length),
    };
    this.#rows.set(symbol, made);
    return made;
  }

  /** All of it, once: what was taken is let go. `refuted`: how many stated intervals the settlements themselves refute. */
  finish(): { readonly series: readonly ImportSeries[]; readonly refuted: number } {
    let refuted = 0;
    const series: ImportSeries[] = [];
    for (const [symbol, of] of this.#rows) {
      for (const kind of IMPORT_KINDS) {
        const columns = of[kind].columns();
        if ((columns[0]?.length ?? 0) === 0) continue;
        if (kind === 'settled') refuted += holdIntervals(columns);
        series.push({ symbol, kind, columns });
      }
      this.#rows.delete(symbol);
    }
    return { series, refuted };
  }
}

/**
 * Holds stated intervals against the settlements: where one is longer than what lies between three of them, the distance takes its place. One
 * that begins with a row (a dump may state that at a change) is taken out where what lies before the row is the one that was paid for; the
 * store derives it from the distance. Gives how many were refuted.
 */
function holdIntervals([stamps = new Float64Array(), , intervals = new Float64Array()]: readonly Float64Array[]): number {
  const keys = stamps.map(settlementKey);
  // Of two rows of one settlement the first counts.
  const rows: number[] = [];
  for (let i = 0; i < keys.length; i++) if (i === 0 || keys[i] !== keys[i - 1]) rows.push(i);
  const own = Float64Array.from(rows, (row) => keys[row]!);
  const stated = Float64Array.from(rows, (row) => intervals[row]!);
  const { source, intervalH } = deriveIntervals(own, stated);
  let refuted = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (source[i] === INTERVAL_REFUTED) {
      refuted++;
      intervals[row] = intervalH[i]!;
    } else if (i > 0 && stated[i] !== stated[i - 1] && gapInterval(own[i]! - own[i - 1]!) === stated[i - 1]!) intervals[row] = NaN;
  }
  return refuted;
}
