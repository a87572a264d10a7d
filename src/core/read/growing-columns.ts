import { firstAfter } from './metrics/frame-tail.ts';

type Columns<C> = { readonly [K in keyof C]: Float64Array };

/** Ascending rows as columns, with room for those to come: a row that is appended copies no others. */
export class GrowingColumns<C extends Columns<C>> {
  readonly #names: readonly (keyof C)[];
  readonly #time: keyof C;
  #columns: Record<keyof C, Float64Array>;
  #length: number;

  /** Rows [first, end) of the columns; `time` is the one that ascends. */
  constructor(time: keyof C, columns: C, first: number, end: number) {
    this.#time = time;
    this.#names = Object.keys(columns) as (keyof C)[];
    this.#length = end - first;
    this.#columns = this.#made((name, column) => column.set(columns[name].subarray(first, end)), this.#length + ROOM);
  }

  /** Rows with times up to `after` stay, and these come behind them. What was handed out before may change. */
  replaceAfter(after: number, columns: C, first: number, end: number): void {
    const stay = firstAfter(this.#times, after);
    const length = stay + end - first;
    if (length > this.#columns[this.#time].length) {
      const before = this.#columns;
      this.#columns = this.#made((name, column) => column.set(before[name].subarray(0, stay)), 2 * length);
    }
    for (const name of this.#names) this.#columns[name].set(columns[name].subarray(first, end), stay);
    this.#length = length;
  }

  /** Views of the rows with times in (from, to]; `only`: of these columns. */
  within<K extends keyof C>(from: number, to: number, only: readonly K[]): Pick<C, K> {
    const [first, end] = [firstAfter(this.#times, from), firstAfter(this.#times, to)];
    const found: Partial<Record<K, Float64Array>> = {};
    for (const name of only) found[name] = this.#columns[name].subarray(first, end);
    return found as Pick<C, K>;
  }

  get #times(): Float64Array {
    return this.#columns[this.#time].subarray(0, this.#length);
  }
  #made(fill: (name: keyof C, column: Float64Array) => void, rows: number): Record<keyof C, Float64Array> {
    return Object.fromEntries(
      this.#names.map((name) => {
        const column = new Float64Array(rows);
        fill(name, column);
        return [name, column];
      }),
    ) as Record<keyof C, Float64Array>;
  }
}

/** Rows. */
const ROOM = 64;
