import { expect, test } from 'vitest';
import { randomOf, stationaryInterval, weeklyInterval, weekOf } from '#domain/evidence/bootstrap.ts';
import { HOUR_MS } from '#domain/time.ts';
import { coverageOf, paidByChance } from '#test/support/chance-series.ts';

// A part of `npm run soak` (test/soak/evidence.ts), which takes 1,000 series and 200 rules.
test('95 % intervals hold the truth in about as many series', () => {
  const held = coverageOf(100, 200, 300);
  expect(held).toBeGreaterThanOrEqual(0.89);
  expect(held).toBeLessThanOrEqual(0.99);
});

test('rules of chance are hardly ever called paid', () => {
  expect(paidByChance(20, { draws: 300, shifts: 200 })).toBeLessThanOrEqual(3);
});

test('without autocorrelation the interval is that of the textbook', () => {
  // 1.96 sd / sqrt(n) of a uniform value.
  const textbook = (1.96 * Math.sqrt(1 / 12)) / 20;
  const ratios = Array.from({ length: 10 }, (_, seed) => {
    const random = randomOf(seed, 0);
    const outcomes = Array.from({ length: 400 }, (_, i) => ({ at: 240 * i * HOUR_MS, value: random() }));
    const { low, high } = stationaryInterval(outcomes, 72, 500, randomOf(seed, 1))!;
    return (high - low) / 2 / textbook;
  });
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  expect(mean).toBeGreaterThan(0.9);
  expect(mean).toBeLessThan(1.1);
});

test('outcomes that come in bunches widen it', () => {
  const random = randomOf(5, 0);
  const each = Array.from({ length: 400 }, () => random());
  const width = (valueOf: (i: number) => number): number => {
    const outcomes = each.map((_, i) => ({ at: 24 * i * HOUR_MS, value: valueOf(i) }));
    const { low, high } = stationaryInterval(outcomes, 480, 500, randomOf(1, 1))!;
    return high - low;
  };
  expect(width((i) => each[i - (i % 10)]!)).toBeGreaterThan(2 * width((i) => each[i]!));
});

test('weeks begin on Mondays, UTC', () => {
  const monday = Date.UTC(2026, 10, 23);
  expect(weekOf(monday) - weekOf(monday - 1)).toBe(1);
  expect(weekOf(monday + 7 * 24 * HOUR_MS - 1)).toBe(weekOf(monday));
});

test('one outcome, or one week, has no interval', () => {
  expect(stationaryInterval([{ at: 0, value: 1 }], 72, 10, randomOf(1, 0))).toBeNull();
  expect(
    weeklyInterval(
      [
        { at: 0, value: 1 },
        { at: HOUR_MS, value: 2 },
      ],
      10,
      randomOf(1, 0),
    ),
  ).toBeNull();
});
