import type { QueryAnswer } from '#bridge/query.ts';
import { notation, written } from '../../format/notation.ts';
import { NONE } from '../../format/numbers.ts';

type Column = QueryAnswer['columns'][number];
type Cell = QueryAnswer['rows'][number][number];

/** A number as it is stored, to 10 digits, with the page's mark and nothing between thousands, for it may be a year; a moment in UTC, with its ms where it has some; nothing as a dash. */
export function cellText(cell: Cell, { kind }: Column): string {
  if (cell === null) return NONE;
  if (typeof cell === 'string') return cell;
  if (kind === 'time') return new Date(cell).toISOString().replace('T', ' ').replace('.000Z', 'Z');
  return numberText(Number(cell.toPrecision(10)));
}

/** Every digit that is stored. */
export const exactly = (cell: Cell): string => (cell === null ? 'no value' : typeof cell === 'string' ? cell : numberText(cell));

const numberText = (value: number): string => written(String(value), { decimal: notation().decimal, group: '' });

export interface DrawnLine {
  readonly name: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** More lines than this cannot be told apart. */
const MOST_LINES = 6;

export interface Drawing {
  readonly over: 'time' | 'number';
  readonly xName: string;
  readonly lines: readonly DrawnLine[];
}

/**
 * What of an answer can be drawn: its numbers over its first moment, or over its first number where there is none, in the order
 * of that. Null: there are no two columns of numbers.
 */
export function drawingOf({ columns, rows }: QueryAnswer): Drawing | null {
  const timeAt = columns.findIndex(({ kind }) => kind === 'time');
  const xAt = timeAt !== -1 ? timeAt : columns.findIndex(({ kind }) => kind === 'number');
  const x = columns[xAt];
  if (!x) return null;
  const numberAt = (row: readonly Cell[], at: number): number => {
    const cell = row[at];
    return typeof cell === 'number' ? cell : NaN;
  };
  const ordered = rows.filter((row) => !Number.isNaN(numberAt(row, xAt))).sort((a, b) => numberAt(a, xAt) - numberAt(b, xAt));
  const xs = Float64Array.from(ordered, (row) => numberAt(row, xAt));
  const lines = columns
    .map(({ name, kind }, at) => ({ name, kind, at }))
    .filter(({ kind, at }) => kind === 'number' && at !== xAt)
    .slice(0, MOST_LINES)
    .map(({ name, at }) => ({ name, x: xs, y: Float64Array.from(ordered, (row) => numberAt(row, at)) }));
  return lines.length === 0 || xs.length === 0 ? null : { over: x.kind === 'time' ? 'time' : 'number', xName: x.name, lines };
}
