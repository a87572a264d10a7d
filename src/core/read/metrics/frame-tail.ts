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

/** Both say the same of the times in (from, to]: what was walked in one of them need not be walked again in the other. */
export function sameRows(a: Frame, b: Frame, from: number, to: number): boolean {
  const inA = rowsWithin(a, from, to);
  const inB = rowsWithin(b, from, to);
  const rows = inA.end - inA.first;
  if (rows !== inB.end - inB.first) return false;
  const [columnsA, columnsB] = [allColumns(a), allColumns(b)];
  if (columnsA.length !== columnsB.length) return false;
  return columnsA.every((column, c) => {
    for (let i = 0; i < rows; i++) if (!Object.is(column[inA.first + i], columnsB[c]?.[inB.first + i])) return false;
    return true;
  });
}

/**
 * Every number of the rows with times in (from, to], column after column: for thousands of tails, that are kept from close to
 * close and would lie between everything that a poll looks for.
 */
export function packRows(frame: Frame, from: number, to: number): Float64Array {
  const { first, end } = rowsWithin(frame, from, to);
  const columns = allColumns(frame);
  const packed = new Float64Array(columns.length * (end - first));
  columns.forEach((column, c) => packed.set(column.subarray(first, end), c * (end - first)));
  return packed;
}

export const samePacked = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((x, i) => Object.is(x, b[i]));

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
