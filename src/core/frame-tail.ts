import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';

type Frame = Frames[FrameKind];
type Column = Float64Array | Uint8Array;

const isColumn = (value: unknown): value is Column => value instanceof Float64Array || value instanceof Uint8Array;
const columnsOf = (part: object): Column[] => Object.values(part).filter(isColumn);
/** Every column of the frame, those of its legs too, always in one order. */
const allColumns = (frame: Frame): Column[] => [...columnsOf(frame), ...('legs' in frame ? frame.legs.flatMap(columnsOf) : [])];

/** Index of the first of ascending times that lies after `t`. */
export function firstAfter(times: Float64Array, t: number): number {
  let first = times.length;
  while (first > 0 && (times[first - 1] ?? 0) > t) first--;
  return first;
}

/** Row numbers of times in (from, to]. */
export function rowsWithin({ time }: Frame, from: number, to: number): { readonly first: number; readonly end: number } {
  return { first: firstAfter(time, from), end: firstAfter(time, to) };
}

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

const cut = <T extends object>(part: T, first: number): T =>
  // Columns are cut, everything else stays: the type is the part's own.
  Object.fromEntries(Object.entries(part).map(([name, value]) => [name, isColumn(value) ? value.slice(first) : (value as unknown)])) as T;

/** The rows after `from`, as a frame that holds no more than them. */
export function tailOf(frame: Frame, from: number): Frame {
  const { first } = rowsWithin(frame, from, Infinity);
  return 'legs' in frame ? { ...cut(frame, first), legs: frame.legs.map((leg) => cut(leg, first)) } : cut(frame, first);
}
