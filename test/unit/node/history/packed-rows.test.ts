import { expect, test } from 'vitest';
import { PackedRows } from '#node/history/packed-rows.ts';
import type { RawRow } from '#node/history/rows.ts';

const PIECE = 1024;
const rowsTo = (count: number): RawRow[] => Array.from({ length: count }, (_, i) => [i + 1, i % 7 === 0 ? null : i / 3, -i]);
/** As a statement with the limit reads them. */
const read = (rows: readonly RawRow[]): PackedRows =>
  PackedRows.read(3, 0, (from) => rows.filter(([key]) => (key ?? 0) > from).slice(0, PIECE));
const columnsOf = (rows: readonly RawRow[]) => ({
  key: rows.map(([key]) => key),
  a: rows.map(([, a]) => a ?? NaN),
  b: rows.map(([, , b]) => b),
});
const columns = (packed: PackedRows) =>
  Object.fromEntries(Object.entries(packed.columns(['key', 'a', 'b'])).map(([name, column]) => [name, [...column]]));

test.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])('%i rows that are read in pieces are all there, in order', (count) => {
  expect(columns(read(rowsTo(count)))).toEqual(columnsOf(rowsTo(count)));
});

test('rows of another table come behind, and of two with one key that which was there stays', () => {
  const other = (...keys: number[]): RawRow[] => keys.map((key) => [key, 0.5, 0.5]);
  const [first, second] = rowsTo(2);
  expect(columns(read(rowsTo(2)).joined(other(3, 4)))).toEqual(columnsOf([...rowsTo(2), ...other(3, 4)]));
  expect(columns(read(rowsTo(2)).joined(other(2, 3)))).toEqual(columnsOf([...rowsTo(2), ...other(3)]));
  expect(columns(read([second ?? []]).joined(other(1, 2, 3)))).toEqual(columnsOf([...other(1), second ?? [], ...other(3)]));
  expect(columns(read([]).joined([first ?? []]))).toEqual(columnsOf([first ?? []]));
});
