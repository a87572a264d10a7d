import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compoundedApy, inUnit, perHour, type RateUnit } from '#domain/units.ts';

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
  expect(compoundedApy(-0, 8)).toEqual({ kind: 'value', apy: 0 });
});

test('compounded: a figure, or that it is above 10,000 %', () => {
  expect(compoundedApy(0.0001, 8)).toEqual({ kind: 'value', apy: expect.closeTo(1.0001 ** 1095 - 1, 12) as number });
  expect(compoundedApy(0.01, 1)).toEqual({ kind: 'above-cap' });
  expect(compoundedApy(1e9, 1)).toEqual({ kind: 'above-cap' });
  expect(compoundedApy(-1.5, 8)).toEqual({ kind: 'value', apy: -1 });
  expect(compoundedApy(0.0001, NaN)).toEqual({ kind: 'interval-unknown' });
  expect(compoundedApy(0.0001, null)).toEqual({ kind: 'interval-unknown' });
});

test('compounding beats or equals the simple figure and is always a number within the cap', () => {
  fc.assert(
    fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.constantFrom(1, 2, 4, 8, 12, 24), (rate, intervalH) => {
      const result = compoundedApy(rate, intervalH);
      if (result.kind !== 'value') return;
      expect(result.apy).toBeLessThanOrEqual(100);
      if (rate > -1) expect(result.apy).toBeGreaterThanOrEqual(Math.max(-1, inUnit(perHour(rate, intervalH), intervalH, 'apr')) - 1e-9);
    }),
  );
});
