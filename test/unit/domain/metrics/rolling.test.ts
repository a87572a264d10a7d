import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantile } from '#domain/quantile.ts';
import { Autoregression } from '#domain/metrics/rolling/autoregression.ts';
import { ExactSum } from '#domain/metrics/rolling/exact-sum.ts';
import { Lag } from '#domain/metrics/rolling/lag.ts';
import { rollingMean, RollingMoments, rollingSd } from '#domain/metrics/rolling/moments.ts';
import { rollingRanks } from '#domain/metrics/rolling/ranks.ts';
import { SortedWindow } from '#domain/metrics/rolling/sorted.ts';
import { TimeQueue } from '#domain/metrics/rolling/time-queue.ts';

/** Plateaus, zeros of both signs, gaps, tiny and huge values side by side. */
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0.0001, 0.0001, -0.00002, 0, -0) },
  { weight: 3, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, 1e6, -1e-9) },
);
const values = fc.array(value, { maxLength: 200 });
const length = fc.integer({ min: 1, max: 40 });

/** Also values that differ in nothing but their last bits. */
const alike = fc.oneof(
  { weight: 1, arbitrary: value },
  { weight: 2, arbitrary: fc.integer({ min: -40, max: 40 }).map((i) => (1 + Math.abs(i) * Number.EPSILON) * (i < 0 ? -1 : 1)) },
);

test('ranks of a whole column are those of a window that is kept in order', () => {
  fc.assert(
    fc.property(
      fc.array(alike, { maxLength: 200 }),
      fc.integer({ min: 1, max: 4 }),
      length,
      fc.integer({ min: 1, max: 5 }),
      (xs, times, part, need) => {
        // Repeated, a column is longer than what is counted in one go, and full of ties.
        const n = part * times;
        const column = Float64Array.from(Array.from({ length: times }, () => xs).flat());
        const ranks = rollingRanks(column, n, need);
        const sorted = new SortedWindow(n);
        column.forEach((x, i) => {
          sorted.push(x);
          expect(ranks[i]).toBe(Number.isNaN(x) || sorted.count < need ? NaN : sorted.lastRank());
        });
      },
    ),
  );
});

const windowAt = (xs: readonly number[], i: number, n: number): number[] =>
  xs.slice(Math.max(0, i - n + 1), i + 1).filter((x) => !Number.isNaN(x));
const meanOf = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const sdOf = (xs: readonly number[]): number => {
  const mean = meanOf(xs);
  return Math.sqrt(xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (xs.length - 1));
};
const medianOf = (xs: readonly number[]): number => {
  const sorted = [...xs].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};
const close = (a: number, b: number, scale = 1): void => {
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(b), 1e-9 * scale));
};
const largest = (xs: readonly number[]): number => Math.max(1, ...xs.map(Math.abs));

describe('moments of a window', () => {
  test('are those of its values', () => {
    fc.assert(
      fc.property(values, length, (xs, n) => {
        const moments = new RollingMoments(n);
        xs.forEach((x, i) => {
          moments.push(x);
          const window = windowAt(xs, i, n);
          expect(moments.count).toBe(window.length);
          if (window.length > 0) close(moments.mean, meanOf(window), 1e6 * largest(window));
          if (window.length > 1) close(moments.sd, sdOf(window), 1e6 * largest(window));
        });
      }),
    );
  });

  test('over a column are the same numbers', () => {
    fc.assert(
      fc.property(values, length, (xs, n) => {
        const moments = new RollingMoments(n);
        const need = 1 + (n >> 1);
        const sd = rollingSd(Float64Array.from(xs), n, need);
        const mean = rollingMean(Float64Array.from(xs), n, need);
        xs.forEach((x, i) => {
          moments.push(x);
          const known = moments.count >= need;
          expect([mean[i], sd[i]]).toEqual(known ? [moments.mean, moments.sd] : [NaN, NaN]);
        });
      }),
    );
  });

  test('a plateau has an sd of 0 and its own value for a mean, whatever went before', () => {
    const moments = new RollingMoments(30);
    for (const x of [1e9, -3, 0.1, NaN, 1e-12]) moments.push(x);
    for (let i = 0; i < 30; i++) moments.push(0.0001);
    expect(moments.sd).toBe(0);
    expect(moments.mean).toBe(0.0001);
  });

  test('starts afresh after clear', () => {
    const moments = new RollingMoments(3);
    for (const x of [5, 6, 7, 8]) moments.push(x);
    moments.clear();
    moments.push(1);
    expect([moments.count, moments.mean, moments.sd]).toEqual([1, 1, 0]);
  });

  test('does not drift over five years of hours', () => {
    const hours = 5 * 8760;
    const xs = Array.from({ length: hours }, (_, i) =>
      i % 911 === 0 ? 50 : Math.sin(i / 7) * 1e-5 + (i % 5000 < 800 ? 0 : Math.cos(i) * 1e-6),
    );
    const moments = new RollingMoments(720);
    xs.forEach((x, i) => {
      moments.push(x);
      if (i % 997 !== 0 || i < 720) return;
      const window = windowAt(xs, i, 720);
      expect(Math.abs(moments.sd / sdOf(window) - 1)).toBeLessThan(1e-9);
      expect(Math.abs(moments.mean - meanOf(window))).toBeLessThan(1e-15);
    });
  });

  test('refuses a window that is none', () => {
    expect(() => new RollingMoments(0)).toThrow(RangeError);
    expect(() => new SortedWindow(1.5)).toThrow(RangeError);
  });
});

describe('a sorted window', () => {
  test('gives ranks, quantiles and deviations of its values', () => {
    fc.assert(
      fc.property(values, length, value, fc.double({ min: 0, max: 1, noNaN: true }), (xs, n, probe, p) => {
        const sorted = new SortedWindow(n);
        xs.forEach((x, i) => {
          sorted.push(x);
          const window = windowAt(xs, i, n);
          expect(sorted.count).toBe(window.length);
          if (window.length === 0) {
            for (const none of [sorted.median(), sorted.quantile(p), sorted.medianDeviation()]) expect(none).toBeNaN();
            return;
          }
          const median = medianOf(window);
          const deviations = window.map((w) => Math.abs(w - median));
          // Of two values that nearly cancel, a few roundings of the larger are what is left.
          const scale = 1000 * largest(window);
          close(sorted.median(), median, scale);
          close(sorted.quantile(p), quantile(Float64Array.from(window), p)!, scale);
          close(sorted.medianDeviation(), medianOf(deviations), scale);
          close(sorted.meanDeviation(), meanOf(deviations), scale);
          if (!Number.isNaN(x)) expect(sorted.lastRank()).toBe(sorted.rank(x));
          for (const asked of [x, probe]) {
            if (Number.isNaN(asked)) continue;
            const below = window.filter((w) => w < asked).length;
            const equal = window.filter((w) => w === asked).length;
            expect(sorted.rank(asked)).toBe((below + equal / 2) / window.length);
          }
        });
      }),
    );
  });
});

describe('an exact sum', () => {
  test('of years of adding and taking away is the sum of what is left', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 50, maxLength: 300 }), (xs) => {
        const sum = new ExactSum();
        xs.forEach((x, i) => {
          sum.add(x);
          if (i >= 30) sum.add(-xs[i - 30]!);
        });
        const fresh = new ExactSum();
        for (const x of xs.slice(-30)) fresh.add(x);
        // One rounding of the result apart at most.
        expect(Math.abs(sum.value - fresh.value)).toBeLessThanOrEqual(Number.EPSILON * Math.abs(fresh.value) + 1e-30);
      }),
    );
  });

  test('keeps what a running sum loses, and has no -0', () => {
    const sum = new ExactSum();
    for (const x of [1e16, 1, -1e16]) sum.add(x);
    expect(sum.value).toBe(1);
    sum.add(-1);
    expect(sum.value).toBe(0);
    expect(new ExactSum().value).toBe(0);
  });
});

test('a lag returns the value n rows before', () => {
  const lag = new Lag(3);
  expect([1, 2, 3, 4, 5].map((x) => lag.push(x))).toEqual([NaN, NaN, NaN, 1, 2]);
});

test('a time queue gives back what it took, in order, through growth', () => {
  const queue = new TimeQueue();
  const out: number[] = [];
  for (let i = 0; i < 500; i++) {
    queue.push(i, i * 2);
    if (i % 3 === 0) out.push(queue.shift());
  }
  while (queue.size > 0) out.push(queue.shift());
  expect(out).toEqual(Array.from({ length: 500 }, (_, i) => i * 2));
  expect(queue.oldest).toBeNaN();
});

describe('an autoregression', () => {
  const naive = (pairs: readonly (readonly [number, number])[]): number => {
    const meanX = meanOf(pairs.map(([x]) => x));
    const meanY = meanOf(pairs.map(([, y]) => y));
    const xx = pairs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
    return pairs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / xx;
  };

  test('is least squares with intercept over the pairs of its window', () => {
    const step = fc.record({ x: fc.double({ min: -1, max: 1, noNaN: true }), gap: fc.constantFrom(1, 1, 1, 2, 7), fresh: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.integer({ min: 3, max: 300 }), (steps, windowMs) => {
        const regression = new Autoregression(windowMs);
        let kept: { t: number; x: number; follows: boolean }[] = [];
        let t = 0;
        for (const { x, gap, fresh } of steps) {
          if (fresh === 0) {
            regression.clear();
            kept = [];
          }
          t += gap;
          regression.push(t, x, gap === 1 && kept.length > 0);
          kept.push({ t, x, follows: gap === 1 && kept.length > 0 });
          kept = kept.filter((row) => row.t > t - windowMs);
          const pairs = kept.slice(1).flatMap((row, i) => (row.follows ? [[kept[i]!.x, row.x] as const] : []));
          expect(regression.values).toBe(kept.length);
          expect(regression.since).toBe(kept[0]!.t);
          if (pairs.length < 2) continue;
          const spread = Math.max(...pairs.map(([x]) => x)) - Math.min(...pairs.map(([x]) => x));
          if (spread > 1e-3) expect(Math.abs(regression.phi - naive(pairs))).toBeLessThan(1e-9);
        }
      }),
    );
  });

  test('of a plateau is none, whatever left the window before', () => {
    const regression = new Autoregression(50);
    for (let t = 0; t < 40; t++) regression.push(t, Math.sin(t), true);
    for (let t = 40; t < 200; t++) regression.push(t, 0.0001, true);
    expect(regression.phi).toBeNaN();
  });
});
