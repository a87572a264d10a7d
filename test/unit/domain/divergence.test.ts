import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Average, ClosedAverage, emaDivergence, whyNoDivergence } from '#domain/divergence.ts';
import { hourlySeries } from '#domain/series.ts';
import { at, isClean, knownAt, market } from './market.ts';

/** Rates per hour with plateaus, signed zeros and gaps. */
const rates = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom(0, -0, 0.0000125, 0.04, NaN), fc.double({ min: -0.1, max: 0.1, noNaN: true })),
      fc.integer({ min: 1, max: 9 }),
    ),
    { maxLength: 30 },
  )
  .map((plateaus) => Float64Array.from(plateaus.flatMap(([value, times]) => new Array<number>(times).fill(value))));
const averages = fc.constantFrom<Average>('ema', 'simple');

/** Straight from the definition, each point by itself: the values since the last gap, seeded, then smoothed. */
function expectedD(f: Float64Array, i: number, n: number, average: Average): number {
  const before = [...f.slice(f.slice(0, i).findLastIndex(Number.isNaN) + 1, i)];
  if (before.length < n) return NaN;
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  if (average === 'simple') return f[i]! - mean(before.slice(-n));
  const alpha = 2 / (n + 1);
  const ema = before.slice(n).reduce((value, next) => alpha * next + (1 - alpha) * value, mean(before.slice(0, n)));
  return f[i]! - ema;
}

test('D_i = f_i - EMA of the hours before it, seeded with the mean of the first n', () => {
  const { ema, d } = emaDivergence(Float64Array.of(1, 2, 3, 7, 5), 3);
  expect([...ema]).toEqual([NaN, NaN, NaN, 2, 4.5]);
  expect([...d]).toEqual([NaN, NaN, NaN, 5, 0.5]);
  expect([...emaDivergence(Float64Array.of(1, 2, 3, 7, 5), 3, 'simple').d]).toEqual([NaN, NaN, NaN, 5, 1]);
});

test('a gap has no D and restarts the warm-up', () => {
  expect([...emaDivergence(Float64Array.of(1, 1, 3, NaN, 1, 1, 4), 2).d]).toEqual([NaN, NaN, 2, NaN, NaN, NaN, 3]);
});

test('equal to the definition at every point', () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 15 }), averages, (f, n, average) => {
      const { d, ema } = emaDivergence(f, n, average);
      for (let i = 0; i < f.length; i++) {
        const expected = expectedD(f, i, n, average);
        if (Number.isNaN(expected)) expect(d[i]).toBeNaN();
        else expect(Math.abs(d[i]! - expected)).toBeLessThanOrEqual(1e-15);
      }
      expect(isClean(d) && isClean(ema)).toBe(true);
    }),
  );
});

test('on a plateau D is exactly zero', () => {
  fc.assert(
    fc.property(fc.double({ min: -0.1, max: 0.1, noNaN: true }), fc.integer({ min: 1, max: 100 }), averages, (value, n, average) => {
      const { d } = emaDivergence(new Float64Array(3 * n).fill(value), n, average);
      expect(d.slice(n).every((x) => Object.is(x, 0))).toBe(true);
    }),
  );
});

describe('live equals replay', () => {
  test('the running hour against the closed ones is what the batch gives for that hour', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 15 }), averages, (f, n, average) => {
        const { d, ema } = emaDivergence(f, n, average);
        const live = new ClosedAverage(n, average);
        for (let i = 0; i < f.length; i++) {
          expect(live.divergence(f[i]!)).toBe(d[i]);
          expect(live.value).toBe(ema[i]);
          live.close(f[i]!);
        }
      }),
    );
  });

  test('at every prefix of what was known of a market', () => {
    fc.assert(
      fc.property(market, fc.integer({ min: 1, max: 6 }), (whole, n) => {
        const to = at(200);
        const all = emaDivergence(hourlySeries(whole.settled, whole.hours, null, to).f, n).d;
        for (let hour = 1; hour <= 200; hour += 13) {
          const then = knownAt(whole, at(hour));
          const { d } = emaDivergence(hourlySeries(then.settled, then.hours, null, at(hour)).f, n);
          expect(d).toEqual(all.slice(0, d.length));
        }
      }),
      { numRuns: 50 },
    );
  });
});

test('five years of hours leave no drift in the simple mean', () => {
  const n = 12;
  const f = Float64Array.from({ length: 43_800 }, (_, i) => (i % 997 === 0 ? 0.1 : 1e-5 * Math.sin(i)));
  const { d } = emaDivergence(f, n, 'simple');
  for (let i = f.length - 100; i < f.length; i++) {
    const mean = f.slice(i - n, i).reduce((sum, value) => sum + value, 0) / n;
    expect(Math.abs(d[i]! - (f[i]! - mean))).toBeLessThanOrEqual(1e-15);
  }
});

test('says how warm it is', () => {
  const closed = new ClosedAverage(3);
  for (const [f, count] of [
    [1, 1],
    [1, 2],
    [NaN, 0],
    [1, 1],
    [1, 2],
    [1, 3],
    [1, 4],
  ] as const) {
    closed.close(f);
    expect(closed.count).toBe(count);
    expect(Number.isNaN(closed.value)).toBe(count < 3);
  }
});

test('a point without D says why', () => {
  expect(whyNoDivergence(1, 0.1, 0.01)).toBeNull();
  expect(whyNoDivergence(2, 0.1, NaN)).toBe('warming-up');
  expect(whyNoDivergence(0, NaN, NaN)).toBe('gap');
  expect(whyNoDivergence(3, NaN, NaN)).toBe('interval-unknown');
});

test.each([0, -1, 2.5, NaN])('n = %d is refused', (n) => {
  expect(() => new ClosedAverage(n)).toThrow(RangeError);
});
