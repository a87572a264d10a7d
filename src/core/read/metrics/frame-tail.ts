import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';

type Frame = Frames[FrameKind];
type Column = Float64Array | Uint8Array;

const isColumn = (value: unknown): value is Column => value instanceof Float64Array || value instanceof Uint8Array;
const columnsOf = (part: object): Column[] => Object.values(part).filter(isColumn);
/** Every column of the frame, those of its legs too, always in one order. */
const allColumns = (frame: Frame): Column[] => [...columnsOf(frame), ...('legs' in frame ? frame.legs.flatMap(columnsOf) : [])];

/** Index of the first of ascending times that lies after `t`. */
export function firstAfter(times: Float64Array, t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? NaN) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Row numbers of times in (from, to]. */
export const rowsWithin = ({ time }: Frame, from: number, to: number): { readonly first: number; readonly end: number } => ({
  first: firstAfter(time, from),
  end: firstAfter(time, to),
});

/**
 * Every number of rows [first, end) as one of 53 bits: rows of which a number is another one have another print (but for one case in
 * 2^53). So a state that is kept needs no copy of the rows that led to it. `rest`: a further number of each row.
 */
export function printOf(frame: Frame, first: number, end: number, rest?: (row: number) => number): number {
  const print = new Print();
  for (const column of allColumns(frame)) {
    print.add(end - first);
    for (let row = first; row < end; row++) print.add(column[row] ?? NaN);
  }
  if (rest !== undefined) for (let row = first; row < end; row++) print.add(rest(row));
  return print.value;
}

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);

/** Two hashes of 32 bits over the bits of each number: multiplied by odd numbers, and mixed so that no bit stays where it came in. */
class Print {
  #a = 0x9e3779b9;
  #b = 0x85ebca6b;

  add(x: number): void {
    // Every NaN says the same, whatever its bits.
    number[0] = x === x ? x : NaN;
    const [low, high] = [words[0] ?? 0, words[1] ?? 0];
    let a = Math.imul(this.#a ^ low, 0x85ebca77);
    a = Math.imul(a ^ (a >>> 15) ^ high, 0xc2b2ae3d);
    let b = Math.imul(this.#b ^ high, 0x27d4eb2f);
    b = Math.imul(b ^ (b >>> 13) ^ low, 0x165667b1);
    this.#a = a ^ (a >>> 16);
    this.#b = b ^ (b >>> 14);
  }

  get value(): number {
    return (this.#a >>> 0) * 2 ** 21 + (this.#b >>> 11);
  }
}

/** Rows with times in (from, to] of columns of equal length, and some around them, as views. `time` names the ascending column. */
export function partOf<C extends { readonly [K in T]: Float64Array }, T extends string>(
  columns: C | undefined,
  time: T,
  from: number,
  to: number,
  { before, after } = { before: 0, after: 0 },
): C {
  if (columns === undefined) throw new RangeError(`the rows by ${time} were not read`);
  const first = Math.max(0, firstAfter(columns[time], from) - before);
  const end = firstAfter(columns[time], to) + after;
  // Every column becomes a view of itself: the names and types stay.
  return Object.fromEntries(Object.entries<Float64Array>(columns).map(([name, column]) => [name, column.subarray(first, end)])) as C;
}
