import { expect, test } from 'vitest';
import type { CoverageCalendar } from '#bridge/coverage.ts';
import { dayText, totalText, yearsOf } from '../../../../src/renderer/features/coverage/coverage.ts';

const DAY = 86_400_000;
const from = Date.UTC(2025, 11, 30);
const calendar: CoverageCalendar = {
  kind: 'settled',
  day: Float64Array.of(from, from + DAY, from + 2 * DAY, from + 3 * DAY),
  expected: Float64Array.of(3, 3, 3, 3),
  there: Float64Array.of(3, 2, 0, 0),
  missing: [
    { why: 'not-served', rows: Float64Array.of(0, 1, 3, 0) },
    { why: 'not-fetched', rows: Float64Array.of(0, 0, 0, 3) },
  ],
  holes: [],
  holeCount: 2,
  unfillable: null,
};

test('years of weeks that begin on Monday, the newest year first; a year’s edge is in both as its own days', () => {
  const [newest, older, ...rest] = yearsOf(calendar);
  expect([newest?.year, older?.year, rest]).toEqual([2026, 2025, []]);
  // 1 January 2026 was a Thursday.
  expect(newest?.weeks[0]?.map((day) => day?.level ?? null)).toEqual([
    null,
    null,
    null,
    'nothing',
    'open',
    'none-expected',
    'none-expected',
  ]);
  expect(
    older?.weeks
      .at(-1)
      ?.map((day) => day?.level ?? null)
      .slice(0, 4),
  ).toEqual(['none-expected', 'whole', 'half', null]);
  expect(newest?.weeks.flat().filter((day) => day !== null)).toHaveLength(365);
});

test('a day says what it lacks and why; the total never says 100 % where something is missing', () => {
  const [, , day] = yearsOf(calendar)[1]?.weeks.at(-1) ?? [];
  expect(day && dayText(day, 'settled')).toBe('31 Dec 2025 UTC: 2 of 3 settlements. Missing 1: the venue does not give it');
  expect(totalText({ ...calendar, expected: Float64Array.of(100_000), there: Float64Array.of(99_999), holeCount: 1 })).toBe(
    '99,999 of 100,000 settlements (99.99 %), 1 hole',
  );
});
