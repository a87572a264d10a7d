import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cumulativeFunding } from '#domain/metrics/catalog/cumulative-funding.ts';
import { emaDivergence } from '#domain/metrics/catalog/ema-divergence.ts';
import { settledDivergence } from '#domain/metrics/catalog/ema-divergence-settled.ts';
import { divergencePerLeverage } from '#domain/metrics/catalog/divergence-per-leverage.ts';
import { costOnMargin } from '#domain/metrics/catalog/cost-on-margin.ts';
import { fundingMoney } from '#domain/metrics/catalog/funding-money.ts';
import { fundingRank } from '#domain/metrics/catalog/funding-rank.ts';
import { fundingVolatility } from '#domain/metrics/catalog/funding-volatility.ts';
import { halfLife } from '#domain/metrics/catalog/half-life.ts';
import { meanFunding } from '#domain/metrics/catalog/mean-funding.ts';
import { premiumHalfLife } from '#domain/metrics/catalog/premium-half-life.ts';
import { regime } from '#domain/metrics/catalog/regime.ts';
import { runBeforeFlip } from '#domain/metrics/catalog/run-before-flip.ts';
import { sameSignRun } from '#domain/metrics/catalog/same-sign-run.ts';
import { sharePositive } from '#domain/metrics/catalog/share-positive.ts';
import { signal } from '#domain/metrics/catalog/signal.ts';
import { signFlips } from '#domain/metrics/catalog/sign-flips.ts';
import { spike } from '#domain/metrics/catalog/spike.ts';
import { stress } from '#domain/metrics/catalog/stress.ts';
import { totalFunding } from '#domain/metrics/catalog/total-funding.ts';
import { unchangedRate } from '#domain/metrics/catalog/unchanged-rate.ts';
import { HOUR_MS } from '#domain/time.ts';
import { START } from '../market.ts';
import { lastOf, results, why } from './evaluated.ts';
import { hoursOf, settlementsOf } from './market.ts';

const every8h = (rates: readonly number[]) => settlementsOf(rates.map((rate, i) => [8 * i, rate, 8]));
const median = (xs: readonly number[]): number => {
  const sorted = [...xs].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};
const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const rank = (xs: readonly number[], x: number): number =>
  (xs.filter((y) => y < x).length + xs.filter((y) => y === x).length / 2) / xs.length;
/** Repeatable noise in -0.5 to 0.5. */
const noise = (count: number, seed = 1): number[] => {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648 - 0.5;
  });
};

describe('signs of settlements', () => {
  const rates = [0.1, 0.1, 0, 0.1, -0.1, -0, -0.1, 0.1];

  test('zero neither ends nor extends a run', () => {
    expect(results(sameSignRun, every8h(rates))).toEqual([1, 2, 2, 3, -1, -1, -2, 1]);
    expect(results(sameSignRun, every8h([0, 0]))).toEqual(['warming-up', 'warming-up']);
  });

  test('a flip tells how long the run before it was', () => {
    expect(results(runBeforeFlip, every8h(rates)).slice(3)).toEqual(['warming-up', 3, 3, 3, -2]);
  });

  test('a rate that stands is told by how long; from two weeks on it is called pinned; a change, and a missing settlement, begin anew', () => {
    expect(results(unchangedRate, every8h([1, 1, 1, 2, 2, -0, 0]))).toEqual([0, 8, 16, 0, 8, 0, 8]);
    expect(
      results(
        unchangedRate,
        settlementsOf([
          [0, 1, 8],
          [8, 1, 8],
          [24, 1, 8],
          [28, 1, 4],
        ]),
      ),
    ).toEqual([0, 8, 0, 4]);
    const weeks = every8h(Array.from({ length: 44 }, () => 0.0001));
    const words = [41, 42].map((row) => unchangedRate.word(results(unchangedRate, weeks)[row] as number, {}, {}));
    expect(words).toEqual(['', 'pinned']);
    expect(why(unchangedRate, weeks, 43)).toMatchObject({ word: 'pinned', window: { first: START, n: 44 }, parts: { rate: 0.0001 } });
  });

  test('flips and positives are counted in (t - days, t], zero is not positive', () => {
    expect(lastOf(signFlips, every8h(rates), { days: 1 })).toBe(1);
    expect(lastOf(sharePositive, every8h(rates), { days: 1 })).toBe(1 / 3);
    expect(lastOf(sharePositive, every8h(rates), { days: 2 })).toBe(2 / 6);
    expect(results(sharePositive, every8h(rates), { days: 1 })[0]).toBe('warming-up');
  });
});

describe('cumulative funding', () => {
  test('is the sum of (t - days, t], once the days are covered', () => {
    expect(results(cumulativeFunding, every8h([1, 2, 3, 4, 5]), { days: 1 })).toEqual(['warming-up', 'warming-up', 6, 9, 12]);
  });

  test('is incomplete while a missing settlement lies in the window', () => {
    const rows = [0, 8, 16, 32, 40, 48, 56, 64].map((hour) => [hour, 1, 8]);
    expect(results(cumulativeFunding, settlementsOf(rows), { days: 1 }).slice(2)).toEqual([3, 'incomplete', 'incomplete', 3, 3, 3]);
    expect(results(totalFunding, settlementsOf(rows)).slice(1, 4)).toEqual([2, 3, 'incomplete']);
    // (from, to] of the audit holds as many rows as it says were used.
    const { from, to, n } = why(cumulativeFunding, settlementsOf(rows), 7, { days: 1 }).window!;
    expect([(to - from) / HOUR_MS, n]).toEqual([24, 3]);
    const missingAt = (row: number) => why(cumulativeFunding, settlementsOf(rows), row, { days: 1 }).window!;
    expect(missingAt(4)).toMatchObject({ missing: 1, latestGap: START + 24 * HOUR_MS });
    for (const row of [2, 5]) expect(missingAt(row)).toMatchObject({ missing: 0, latestGap: null });
    expect(why(totalFunding, settlementsOf(rows), 7, {}).notes).toHaveLength(1);
  });

  test('a change of interval is no hole, nor is a lengthening once the next row has told', () => {
    const shorter = [0, 8, 16, 24, 25, 26].map((hour, i) => [hour, 1, i < 4 ? 8 : 1]);
    expect(lastOf(cumulativeFunding, settlementsOf(shorter), { days: 1 })).toBe(5);
    const longer = [
      [0, 1, 1],
      [1, 1, 1],
      [2, 1, 1],
      [10, 1, NaN],
      [18, 1, 8],
      [26, 1, 8],
    ];
    expect(results(cumulativeFunding, settlementsOf(longer), { days: 1 }).slice(3)).toEqual(['warming-up', 'warming-up', 3]);
    expect(results(totalFunding, settlementsOf(longer)).slice(3)).toEqual(['incomplete', 5, 6]);
  });
});

describe('windows over f', () => {
  test('mean and volatility need half of their window and skip gaps', () => {
    const frame = hoursOf([1e-5, NaN, 3e-5, NaN, 5e-5]);
    expect(results(meanFunding, frame, { hours: 4 })).toEqual([
      'warming-up',
      'gap',
      expect.closeTo(2e-5, 18),
      expect.closeTo(2e-5, 18),
      expect.closeTo(4e-5, 18),
    ]);
    expect(lastOf(fundingVolatility, frame, { hours: 4 })).toBeCloseTo(Math.SQRT2 * 1e-5, 15);
    expect(lastOf(fundingVolatility, hoursOf(new Array<number>(24).fill(1e-5)))).toBe(0);
  });

  test('rank and spike are those of their definitions', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1e-5, 1e-5, 1e-5, 2e-5, -3e-5, NaN), { minLength: 30, maxLength: 60 }), (f) => {
        const frame = hoursOf(f);
        const ranks = results(fundingRank, frame, { days: 1 });
        const spikes = results(spike, frame, { days: 1 });
        f.forEach((x, i) => {
          const window = f.slice(Math.max(0, i - 23), i + 1).filter((y) => !Number.isNaN(y));
          const before = f.slice(Math.max(0, i - 24), i).filter((y) => !Number.isNaN(y));
          expect(ranks[i]).toBe(Number.isNaN(x) ? 'gap' : window.length < 12 ? 'warming-up' : rank(window, x));
          if (Number.isNaN(x) || before.length < 12) {
            expect(spikes[i]).toBe(Number.isNaN(x) ? 'gap' : 'warming-up');
            return;
          }
          const m = median(before);
          const mad = median(before.map((y) => Math.abs(y - m)));
          const scale = mad > 0 ? 1.4826 * mad : 1.2533 * mean(before.map((y) => Math.abs(y - m)));
          if (scale === 0) expect(spikes[i]).toBe('flat');
          else expect(spikes[i]).toBeCloseTo((x - m) / scale, 9);
        });
      }),
    );
  });

  test('a jump after a quiet month is a spike', () => {
    const f = [...noise(720).map((x) => 1e-5 * x), 1e-4];
    expect(why(spike, hoursOf(f), 720)).toMatchObject({ word: 'spike', reason: null });
    expect(why(spike, hoursOf(f), 719).word).toBe('');
  });

  test('where most of the month is flat the mean deviation stands in for the MAD, and the audit says so', () => {
    const f = [...Array.from({ length: 24 }, (_, i) => (i % 8 === 7 ? 3e-5 : 1e-5)), 5e-5];
    const mean = (3 * 2e-5) / 24;
    const { value, parts, notes } = why(spike, hoursOf(f), 24, { days: 1 });
    expect(value).toBeCloseTo(4e-5 / (1.2533 * mean), 9);
    expect(parts).toMatchObject({ median: 1e-5, mad: 0 });
    expect(notes).toContain('MAD is 0: 1.2533 x the mean absolute deviation stands in its place');
    const varied = noise(25).map((x) => 1e-5 * x);
    expect(why(spike, hoursOf(varied), 24, { days: 1 }).notes.join()).not.toContain('MAD is 0');
  });
});

describe('half-life', () => {
  test('of an AR(1) with phi = 0.5 is one interval', () => {
    const shocks = noise(3000);
    let x = 0;
    const rates = shocks.map((shock) => (x = 0.5 * x + 1e-4 * shock));
    expect(lastOf(halfLife, settlementsOf(rates.map((rate, i) => [8 * i, rate, 8])))).toBeGreaterThan(5);
    expect(lastOf(halfLife, settlementsOf(rates.map((rate, i) => [8 * i, rate, 8])))).toBeLessThan(12);
    const hourly = hoursOf(rates, { mark: rates.map((rate) => 1 + rate), index: rates.map(() => 1) });
    expect(lastOf(premiumHalfLife, hourly)).toBeCloseTo(1, 0);
    const everyOther = rates.map((rate, i) => (i % 2 === 0 ? 1 + rate : NaN));
    expect(results(premiumHalfLife, hoursOf(rates, { mark: everyOther, index: rates.map(() => 1) })).at(-2)).toBe('gap');
  });

  test('is exact for a decay without noise', () => {
    const rates = Array.from({ length: 70 }, (_, i) => 1e-4 + 1e-3 * 0.9 ** i);
    expect(lastOf(halfLife, settlementsOf(rates.map((rate, i) => [i, rate, 1])))).toBeCloseTo(Math.log(0.5) / Math.log(0.9), 6);
  });

  test('pairs what follows one another though the stamps are off the hour, and nothing across a missing settlement', () => {
    const rates = Array.from({ length: 70 }, (_, i) => 1e-4 + 1e-3 * 0.9 ** i);
    const off = rates.map((rate, i) => [8 * i + (i % 3) / 4, rate, 8]);
    expect(lastOf(halfLife, settlementsOf(off))).toBeCloseTo((8 * Math.log(0.5)) / Math.log(0.9), 6);
    const missing = off.filter((_, i) => i % 9 !== 8);
    expect(lastOf(halfLife, settlementsOf(missing))).toBeCloseTo((8 * Math.log(0.5)) / Math.log(0.9), 6);
  });

  test('counts only what came since the last change of interval, and needs 60 values', () => {
    const rows = [...noise(100).map((x, i) => [i, x, 1]), ...noise(59, 5).map((x, i) => [104 + 4 * i, x, 4])];
    const out = results(halfLife, settlementsOf(rows));
    expect(out[58]).toBe('warming-up');
    expect(out[59]).not.toBe('warming-up');
    expect(out.at(-1)).toBe('warming-up');
    expect(why(halfLife, settlementsOf(rows), rows.length - 1).window).toMatchObject({ n: 59, need: 60 });
  });

  test('is none of a plateau and of what runs away', () => {
    const ramp = Array.from({ length: 270 }, (_, i) => [8 * i, -1e-4 * (1 + i / 100), 8]);
    expect(new Set(results(halfLife, settlementsOf(ramp)))).toEqual(new Set(['warming-up', 'no-reversion']));
    expect(lastOf(halfLife, settlementsOf(Array.from({ length: 80 }, (_, i) => [i, 0.0001, 1])))).toBe('flat');
    expect(lastOf(halfLife, settlementsOf(Array.from({ length: 80 }, (_, i) => [i, 1.01 ** i, 1])))).toBe('no-reversion');
  });
});

describe('divergence', () => {
  test('by settlement restarts at a missing one and not at a change of interval', () => {
    const rows = [
      [0, 8, 8],
      [8, 8, 8],
      [16, 16, 8],
      [20, 4, 4],
      [24, 8, 4],
      [32, 4, 4],
      [36, 4, 4],
      [40, 8, 4],
    ];
    expect(results(settledDivergence, settlementsOf(rows), { n: 2 })).toEqual([
      'warming-up',
      'warming-up',
      1,
      expect.closeTo(1 - (1 + (2 / 3) * 1), 12),
      expect.any(Number),
      'warming-up',
      'warming-up',
      1,
    ]);
  });

  test('per leverage, and the cost on margin', () => {
    const frame = hoursOf([1e-5, 1e-5, 5e-5]);
    expect(lastOf(emaDivergence, frame, { n: 2, average: 'simple' })).toBeCloseTo(4e-5, 18);
    expect(lastOf(divergencePerLeverage, frame, { n: 2, leverage: 4 })).toBeCloseTo(1e-5, 18);
    expect(lastOf(costOnMargin, frame, { leverage: 3 })).toBeCloseTo(1.5e-4, 18);
  });

  test('the signal says its state, its side and what it is called', () => {
    const f = [...new Array<number>(6).fill(1e-5), 1e-3, 1e-3, 1e-3, 2e-5];
    const frame = hoursOf(f);
    expect(results(signal, frame, { n: 6, k: 2 }).slice(5)).toEqual(['warming-up', 1, 2, 2, -1]);
    expect(why(signal, frame, 7, { n: 6, k: 2 })).toMatchObject({ word: 'active, longs crowded', parts: { observations: 2, running: 2 } });
    expect(why(signal, frame, 9, { n: 6, k: 2 }).word).toBe('building, longs easing');
  });
});

describe('money and regime', () => {
  const day = (from: number, to: number): number[] => [...new Array<number>(24).fill(from), to];
  const frame = (f: number, price: number, interest: number) =>
    hoursOf(new Array<number>(25).fill(f), { mark: day(100, price), index: day(100, price), openInterest: day(1000, interest) });

  test('funding in money is rate x open interest x mark', () => {
    expect(lastOf(fundingMoney, frame(1e-5, 110, 2000))).toBeCloseTo(1e-5 * 24 * 2000 * 110, 9);
    expect(lastOf(fundingMoney, frame(1e-5, 110, 2000), { per: 'interval' })).toBeCloseTo(1e-5 * 2000 * 110, 9);
    expect(lastOf(fundingMoney, hoursOf([1e-5]))).toBe('no-open-interest');
  });

  test.each([
    [110, 2000, 'new longs, longs pay'],
    [90, 2000, 'new shorts, longs pay'],
    [90, 500, 'longs leaving, longs pay'],
    [110, 500, 'shorts leaving, longs pay'],
  ])('price at %s with open interest at %s: %s', (price, interest, word) => {
    expect(why(regime, frame(1e-5, price, interest), 24).word).toBe(word);
  });

  test('capitulation needs funding below neutral at the foot of its 90 days', () => {
    const hours = 1200;
    const falling = Array.from({ length: hours }, (_, i) => 2000 - i);
    const f = [...noise(hours - 1).map((x) => 1e-5 + 1e-6 * x), -1e-4];
    const washed = hoursOf(f, { mark: falling, openInterest: falling });
    expect(why(regime, washed, hours - 1).word).toBe('capitulation, shorts pay');
    expect(why(regime, washed, hours - 2).word).toBe('longs leaving, longs pay');
    expect(lastOf(regime, frame(1e-5, 100, 1000))).toBe('flat');
    expect(results(regime, washed).slice(0, 25)).toEqual([...new Array<string>(24).fill('warming-up'), 3]);
  });

  test('stress is the mean of three ranks of 90 days, none without all three', () => {
    const hours = 1300;
    const f = noise(hours, 2).map((x) => 1e-4 * x);
    const index = noise(hours, 3).map((x) => 100 + x);
    const mark = index.map((x, i) => x * (1 + 1e-3 * f[(i * 7) % hours]! * 1e4));
    const openInterest = noise(hours, 4).map((x) => 1000 + x);
    const changes = openInterest.slice(24).map((x, i) => x - openInterest[i]!);
    const last = hours - 1;
    const expected =
      (rank(f.map(Math.abs), Math.abs(f[last]!)) +
        rank(changes, changes.at(-1)!) +
        rank(
          mark.map((x, i) => Math.abs(x / index[i]! - 1)),
          Math.abs(mark[last]! / index[last]! - 1),
        )) /
      3;
    const whole = hoursOf(f, { mark, index, openInterest });
    expect(lastOf(stress, whole)).toBeCloseTo(expected, 12);
    expect(Object.keys(why(stress, whole, last).parts)).toEqual(['funding', 'openInterest', 'premium']);
    expect(results(stress, whole)[1079]).toBe('warming-up');
    expect(lastOf(stress, hoursOf(f, { mark, index }))).toBe('no-open-interest');
    expect(lastOf(stress, hoursOf(f, { openInterest }))).toBe('no-price');
  });
});
