import { unknownColumns } from '#domain/columns.ts';
import type { RawRow } from './rows.ts';

/** Rows of one piece: so few that those of the piece before are gone when memory is cleaned up, and none is copied for having lived on. */
const PIECE = 1024;
/** Of a statement that is read in pieces. */
export const IN_PIECES = `LIMIT ${PIECE}`;

/** Rows ascending in their first field, as numbers that lie one after the other; NULL becomes NaN. */
export class PackedRows {
  readonly #width: number;
  readonly #pieces: Float64Array[] = [];
  #count = 0;

  /** `width`: fields of a row. */
  constructor(width: number) {
    this.#width = width;
  }

  /** The rows after `from`, of a statement with IN_PIECES that gives those after a number. */
  static read(width: number, from: number, after: (from: number) => readonly RawRow[]): PackedRows {
    const packed = new PackedRows(width);
    let rows = after(from);
    packed.#add(rows);
    while (rows.length === PIECE) {
      rows = after(packed.#last);
      packed.#add(rows);
    }
    return packed;
  }

  static of(width: number, rows: readonly RawRow[]): PackedRows {
    const packed = new PackedRows(width);
    packed.#add(rows);
    return packed;
  }

  /** With those of another table; of two with one first field that which was here stays. */
  joined(others: readonly RawRow[]): PackedRows {
    const rest = others[0]?.[0] === this.#last ? others.slice(1) : others;
    if (rest.length === 0) return this;
    if ((rest[0]?.[0] ?? -Infinity) > this.#last) {
      this.#add(rest);
      return this;
    }
    const byKey = new Map([...rest, ...this.#rows()].map((row) => [row[0], row]));
    const all = new PackedRows(this.#width);
    all.#add([...byKey.values()].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)));
    return all;
  }

  /** Columns by the names of the fields, in their order. */
  columns<K extends string>(names: readonly K[]): Record<K, Float64Array> {
    const next = unknownColumns(names.length, this.#count);
    const columns = names.map(() => next());
    const width = this.#width;
    for (const [c, column] of columns.entries()) {
      let i = 0;
      for (const piece of this.#pieces) for (let at = c; at < piece.length; at += width) column[i++] = piece[at] ?? NaN;
    }
    return Object.fromEntries(names.map((name, c) => [name, columns[c]])) as Record<K, Float64Array>;
  }

  get #last(): number {
    return this.#pieces.at(-1)?.at(-this.#width) ?? -Infinity;
  }
  #add(rows: readonly RawRow[]): void {
    if (rows.length === 0) return;
    const width = this.#width;
    const piece = new Float64Array(rows.length * width);
    for (let r = 0, at = 0; r < rows.length; r++) {
      const row = rows[r];
      for (let c = 0; c < width; c++) piece[at++] = row?.[c] ?? NaN;
    }
    this.#pieces.push(piece);
    this.#count += rows.length;
  }
  *#rows(): Iterable<RawRow> {
    for (const piece of this.#pieces)
      for (let at = 0; at < piece.length; at += this.#width) yield [...piece.subarray(at, at + this.#width)];
  }
}
