import { describe, expect, test } from 'vitest';
import { aligned, distributionOf, extremesOf, weekOf } from '#domain/explore/distribution.ts';
import { cumulative, paymentsOf } from '#domain/explore/payments.ts';
import { spreadLives } from '#domain/explore/spread-life.ts';
import { HOUR_MS } from '#domain/time.ts';

const F = (...values: number[]): Float64Array => Float64Array.from(values);
/** A Monday. */
const MONDAY = Date.UTC(2026, 0, 5);
const hours = (...h: number[]): Float64Array => Float64Array.from(h, (one) => MONDAY + one * HOUR_MS);

describe('distribution', () => {
  test('mean, sample sd, percentiles of type 7; unknown values are none', () => {
    const found = distributionOf(F(1, NaN, 2, 3, 4, 10));
    expect(found).toMatchObject({ n: 5, mean: 4, from: 1 });
    // Squares of the distances 9 + 4 + 1 + 0 + 36 = 50, over 4.
    expect(found?.sd).toBeCloseTo(Math.sqrt(12.5), 12);
    // Ranks 0, 0.04, 0.2, 0.4, 1, 2, 3, 3.6, 3.8, 3.96, 4.
    [1, 1.04, 1.2, 1.4, 2, 3, 4, 7.6, 8.8, 9.76, 10].forEach((value, i) => expect(found?.percentiles[i]).toBeCloseTo(value, 12));
  });
  test('bins hold every value, the greatest in the last', () => {
    const found = distributionOf(Float64Array.from({ length: 1000 }, (_, i) => i));
    expect(found?.counts.reduce((sum, one) => sum + one, 0)).toBe(1000);
    // 2 x 499.5 / 10 = 99.9 wide: 10 bins of 99.9.
    expect([found?.counts.length, found?.width]).toEqual([10, 99.9]);
    expect(distributionOf(F(5, 5, 5))).toMatchObject({ counts: [3], width: 0, mean: 5 });
    expect(distributionOf(F(NaN))).toBeNull();
    expect(distributionOf(F(7))?.sd).toBeNaN();
  });
});

test('the week: Monday first, hours in UTC, an empty cell has no mean', () => {
  const week = weekOf(hours(0, 1, 24 * 7, 24 * 6 + 23), F(2, NaN, 4, -1));
  expect(week[0]?.[0]).toEqual({ n: 2, mean: 3 });
  expect(week[0]?.[1]).toEqual({ n: 0, mean: NaN });
  expect(week[6]?.[23]).toEqual({ n: 1, mean: -1 });
});

test('extremes: the greatest and the least, of equal ones the newest first', () => {
  const { high, low } = extremesOf(hours(0, 1, 2, 3), F(1, 5, 5, NaN), 2);
  expect(high.map(({ time }) => (time - MONDAY) / HOUR_MS)).toEqual([2, 1]);
  expect(low.map(({ value }) => value)).toEqual([1, 5]);
});

test('series on one axis: a time of one that the other has not is unknown there', () => {
  const { time, values } = aligned([
    { time: hours(0, 8), value: F(1, 2) },
    { time: hours(4, 8), value: F(3, 4) },
  ]);
  expect([...time]).toEqual([...hours(0, 4, 8)]);
  expect(values.map((column) => [...column])).toEqual([
    [1, NaN, 2],
    [NaN, 3, 4],
  ]);
});

describe('payments', () => {
  const settled = { key: hours(0, 8, 16), rate: F(0.0001, -0.0002, 0.0003), mark: F(100, 110, NaN) };
  test('linear: a long of 1,000 opened at 100 holds 10; it pays 0.1 and receives 0.22; without a mark it is not measured', () => {
    const { payment, total, unmeasured, rates } = paymentsOf(settled, { contract: 'linear', side: 1, notional: 1000, openedAt: 100 });
    expect(payment[0]).toBeCloseTo(-0.1, 12);
    expect(payment[1]).toBeCloseTo(0.22, 12);
    expect(payment[2]).toBeNaN();
    expect(total).toBeCloseTo(0.12, 12);
    expect([unmeasured, rates]).toEqual([1, expect.closeTo(0.0002, 12)]);
  });
  test('a short receives what a long pays; inverse contracts pay coins', () => {
    const short = paymentsOf(settled, { contract: 'linear', side: -1, notional: 1000, openedAt: 100 });
    expect(short.payment[0]).toBeCloseTo(0.1, 12);
    const inverse = paymentsOf(settled, { contract: 'inverse', side: 1, notional: 1000, openedAt: 100 });
    expect(inverse.payment[0]).toBeCloseTo(-0.001, 15);
    expect(inverse.payment[1]).toBeCloseTo(0.2 / 110, 15);
  });
  test('opened at an unknown mark no payment of a linear position is measured', () => {
    expect(paymentsOf(settled, { contract: 'linear', side: 1, notional: 1000, openedAt: NaN }).unmeasured).toBe(3);
  });
  test('a sum goes on over what is not known', () => expect([...cumulative(F(1, NaN, 2))]).toEqual([1, 1, 3]));
});

describe('life of a spread', () => {
  const lives = (first: number[], more: Partial<Parameters<typeof spreadLives>[0]> = {}) =>
    spreadLives({ time: hours(...first.keys()), first: F(...first), second: F(...first.map(() => 1)), level: 2, cost: 8, ...more });
  test('begins at the level, ends before the hour below it; its largest, what it paid, and the hours above the cost', () => {
    const [life, ...rest] = lives([1, 4, 6, 4, 2, 1]);
    expect(rest).toEqual([]);
    // 3, 5 and 3: 3, 8 and 11 paid; only the third is above 8.
    expect(life).toEqual({
      start: MONDAY + HOUR_MS,
      end: MONDAY + 3 * HOUR_MS,
      open: false,
      hours: 3,
      side: 1,
      largest: 5,
      largestAt: MONDAY + 2 * HOUR_MS,
      paid: 11,
      hoursAboveCost: 1,
    });
  });
  test('a change of side, an unknown hour and one that is not stored end it; the last one may be open', () => {
    expect(lives([4, -2, -2]).map(({ side, hours: n, open }) => [side, n, open])).toEqual([
      [1, 1, false],
      [-1, 2, true],
    ]);
    expect(lives([4, NaN, 4])).toHaveLength(2);
    expect(lives([4, 4, 4], { time: hours(0, 1, 3) }).map(({ hours: n }) => n)).toEqual([2, 1]);
  });
});
