import { expect, test } from 'vitest';
import { missingBefore } from '#domain/holes.ts';

const HOUR = 3_600_000;
/** Rows as [hour, interval of the row]; the hours before which one is missing. */
const holes = (rows: readonly (readonly [hour: number, intervalH: number])[]): number[] =>
  missingBefore(
    rows.map(([hour]) => hour * HOUR),
    rows.map(([, intervalH]) => intervalH),
  ).map((i) => rows[i]?.[0] ?? NaN);

test.each<[string, readonly (readonly [number, number])[], readonly number[]]>([
  [
    'none missing',
    [
      [0, 8],
      [8, 8],
      [16, 8],
    ],
    [],
  ],
  [
    'one of 8 h',
    [
      [0, 8],
      [8, 8],
      [24, NaN],
      [32, 8],
    ],
    [24],
  ],
  [
    'one of 1 h, which leaves a gap that is an interval elsewhere',
    [
      [0, 1],
      [1, 1],
      [3, NaN],
      [4, 1],
    ],
    [3],
  ],
  [
    'one of 4 h by the interval that was observed',
    [
      [0, 4],
      [8, 4],
      [12, 4],
    ],
    [8],
  ],
  [
    'a change from 8 h to 1 h',
    [
      [0, 8],
      [8, 8],
      [9, 1],
      [10, 1],
    ],
    [],
  ],
  [
    'a change from 1 h to 8 h, told by the row after it',
    [
      [0, 1],
      [1, 1],
      [9, NaN],
      [17, 8],
    ],
    [],
  ],
  [
    'the newest row after a longer gap, of which nothing more is known',
    [
      [0, 1],
      [1, 1],
      [9, NaN],
    ],
    [9],
  ],
  [
    'nothing known at all: no venue settles less often than daily',
    [
      [0, NaN],
      [24, NaN],
      [50, NaN],
    ],
    [50],
  ],
  [
    'stamps of some minutes after the hour',
    [
      [0, 1],
      [1.05, 1],
      [2, 1],
    ],
    [],
  ],
])('%s', (_, rows, expected) => {
  expect(holes(rows)).toEqual(expected);
});
