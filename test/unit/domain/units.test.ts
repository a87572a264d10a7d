import { expect, test } from 'vitest';
import { inUnit, perHour, type RateUnit } from '#domain/units.ts';

test.each<[RateUnit, number]>([
  ['interval', 0.0001],
  ['1h', 0.0000125],
  ['8h', 0.0001],
  ['day', 0.0003],
  ['apr', 0.1095],
])('0.01 %% per 8 h in %s', (unit, expected) => {
  expect(inUnit(perHour(0.0001, 8), 8, unit)).toBeCloseTo(expected, 15);
});

test('the same interest reads the same whatever the interval', () => {
  expect(perHour(0.0001, 8)).toBe(0.0000125);
  expect(perHour(0.00005, 4)).toBe(0.0000125);
  expect(perHour(0.0000125, 1)).toBe(0.0000125);
});

test('without an interval there is a figure per hour only', () => {
  expect(perHour(0.0001, NaN)).toBeNaN();
  expect(inUnit(0.00001, NaN, 'interval')).toBeNaN();
  expect(inUnit(0.00001, NaN, 'apr')).toBeCloseTo(0.0876, 15);
});

test('zero has no sign', () => {
  expect(Object.is(perHour(-0, 8), 0)).toBe(true);
  for (const unit of ['interval', '1h', '8h', 'day', 'apr'] as const) expect(Object.is(inUnit(-0, 8, unit), 0)).toBe(true);
});
