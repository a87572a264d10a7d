import { expect, test } from 'vitest';
import type { Plan } from '#domain/import/plan.ts';
import { emptyRow, type ImportRow, readRow } from '#domain/import/row.ts';
import { ImportedRows } from '#domain/import/series.ts';
import { HOUR_MS } from '#domain/time.ts';

const T = Date.UTC(2025, 0, 1);
const settled = (hours: number, rate: number, intervalH: number): ImportRow => ({
  ...emptyRow(),
  time: T + hours * HOUR_MS,
  rate,
  intervalH,
});

/** Hours, rates and intervals of the settlements that the rows become. */
function finished(...rows: readonly ImportRow[]) {
  const all = new ImportedRows();
  for (const [i, row] of rows.entries()) all.take('X', row, i + 1);
  const { series, refuted } = all.finish();
  const [time = [], rate = [], intervalH = []] = series[0]?.columns ?? [];
  return { hours: Array.from(time, (t) => (t - T) / HOUR_MS), rates: [...rate], intervals: [...intervalH], refuted };
}

test('rows of a file that begins with the newest ascend; of two of one time the one that stands first in the file is first', () => {
  const { hours, rates } = finished(settled(16, 1, 8), settled(8, 2, 8), settled(8, 3, 8), settled(0, 4, 8));
  expect([hours, rates]).toEqual([
    [0, 8, 8, 16],
    [4, 2, 3, 1],
  ]);
});

test('an interval that begins with a row is not that of what lies before it; one that the distance refutes is the distance', () => {
  // 1 h is in force from 16:00 on, and what was paid there was of 8 h: the store derives it.
  expect(finished(settled(0, 1, 8), settled(8, 1, 8), settled(16, 1, 1), settled(17, 1, 1)).intervals).toEqual([8, 8, NaN, 1]);
  const hourly = finished(...[0, 1, 2, 3].map((h) => settled(h, 1, 8)));
  expect([hourly.intervals, hourly.refuted]).toEqual([[1, 1, 1, 1], 4]);
});

test('a last price that cannot be costs itself, and the line says so', () => {
  const row = emptyRow();
  const plan: Plan = {
    ...{ places: { time: 0, mark: 1, last: 2 }, zoneMs: 0, dates: null, percent: false, interval: 'derived' },
    ...{ closeIs: null, candleMs: 0, interestIn: 'base' },
  };
  const read = (...cells: string[]) => readRow(row, cells, plan, { contract: 'linear', contractSize: null }, T + HOUR_MS);
  expect([read(String(T), '100', '-1'), row.mark, row.last, row.left.length]).toEqual([null, 100, NaN, 1]);
  expect(row.left[0]).toContain('last');
  expect([read(String(T), '100', '99'), row.last, row.left]).toEqual([null, 99, []]);
});
