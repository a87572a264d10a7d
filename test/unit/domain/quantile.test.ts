import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from '#domain/quantile.ts';

test.each([
  [0, 1],
  [0.25, 1.75],
  [0.5, 2.5],
  [0.95, 3.85],
  [1, 4],
])('type 7 of 1 2 3 4 at %d is %d', (p, expected) => {
  expect(quantile(Float64Array.of(4, 1, 3, 2), p)).toBeCloseTo(expected, 15);
});

test('what is not known does not count; of nothing there is none', () => {
  expect(quantile(Float64Array.of(NaN, 3, NaN, 1), 0.5)).toBe(2);
  expect(quantile(Float64Array.of(NaN), 0.5)).toBeNull();
  expect(quantile(new Float64Array(), 0.5)).toBeNull();
  expect(Object.is(quantile(Float64Array.of(-0), 1), 0)).toBe(true);
});

test('leaves its input as it was', () => {
  const values = Float64Array.of(3, 1, 2);
  quantile(values, 0.5);
  expect([...values]).toEqual([3, 1, 2]);
});

test.each([-0.1, 1.1, NaN])('p = %d is refused', (p) => {
  expect(() => quantile(Float64Array.of(1), p)).toThrow(RangeError);
});

test('lies between the extremes and never falls as p grows', () => {
  const p = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.float64Array({ noNaN: true, min: -1, max: 1, minLength: 1 }), p, p, (values, a, b) => {
      const low = quantile(values, Math.min(a, b))!;
      const high = quantile(values, Math.max(a, b))!;
      expect(low).toBeGreaterThanOrEqual(Math.min(...values));
      expect(high).toBeLessThanOrEqual(Math.max(...values));
      expect(low).toBeLessThanOrEqual(high + 1e-15);
    }),
  );
});
