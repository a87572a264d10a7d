import { expect, test } from 'vitest';
import { backupName, regularAt } from '#node/backup/files.ts';
import { outlived } from '#node/backup/rotation.ts';

const DAY = 86_400_000;
const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** A backup a day for so many days, rotated every day as the app does it. */
function after(days: number, kept: { days: number; weeks: number; months: number }): string[] {
  let there: number[] = [];
  for (let i = 0; i < days; i++) {
    there.push(Date.UTC(2025, 0, 1, 12) + i * DAY);
    const gone = new Set(outlived(there, kept));
    there = there.filter((at) => !gone.has(at));
  }
  return there.map(day);
}

test('after 500 days: the last 7 days, the last day of 4 weeks (from Monday), and of 12 months', () => {
  expect(after(500, { days: 7, weeks: 4, months: 12 })).toEqual([
    ...['2025-06-30', '2025-07-31', '2025-08-31', '2025-09-30', '2025-10-31', '2025-11-30', '2025-12-31'],
    ...['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-26', '2026-04-30', '2026-05-03'],
    ...['2026-05-09', '2026-05-10', '2026-05-11', '2026-05-12', '2026-05-13', '2026-05-14', '2026-05-15'],
  ]);
});

test('of several on a day the newest stays; the newest of all stays always', () => {
  const at = [Date.UTC(2026, 0, 1, 8), Date.UTC(2026, 0, 1, 9), Date.UTC(2026, 0, 2)];
  expect(outlived(at, { days: 2, weeks: 0, months: 0 })).toEqual([at[0]]);
  expect(outlived(at, { days: 0, weeks: 0, months: 0 })).toEqual([at[1], at[0]]);
  expect(outlived([], { days: 7, weeks: 4, months: 12 })).toEqual([]);
});

test('names say when, to the second; those of before a restore are not rotated', () => {
  const at = Date.UTC(2026, 10, 29, 12, 5, 9);
  expect(backupName(at, 'regular')).toBe('backup-2026-11-29T120509Z.perpscope');
  expect(regularAt(`/a/${backupName(at, 'regular')}`)).toBe(at);
  expect(regularAt(backupName(at, 'before-restore'))).toBeNull();
  expect(regularAt('mine.perpscope')).toBeNull();
});
