import { describe, expect, test } from 'vitest';
import { fundingZ } from '#domain/metrics/catalog/funding-z.ts';
import { settledRate } from '#domain/metrics/catalog/settled-rate.ts';
import { results, why } from './evaluated.ts';
import { settlementsOf } from './market.ts';

const every8h = (rates: readonly number[]) => settlementsOf(rates.map((rate, i) => [8 * i, rate, 8]));

describe('funding-z', () => {
  // The four before the last have mean 2 and squares of 1, 1, 1 and 1: sample variance 4/3, population variance 1.
  const rates = [1, 3, 1, 3, 5];
  test('t is excluded, sample sd', () => {
    expect(results(fundingZ, every8h(rates), { w: 4 }).slice(0, 4)).toEqual(Array(4).fill('warming-up'));
    expect(results(fundingZ, every8h(rates), { w: 4 })[4]).toBeCloseTo(3 / Math.sqrt(4 / 3), 12);
  });
  test('population sd by name', () => {
    expect(results(fundingZ, every8h(rates), { w: 4, sd: 'population' })[4]).toBeCloseTo(3, 12);
  });
  test('equal rates before it have no deviation', () => {
    expect(results(fundingZ, every8h([1, 1, 1, 2]), { w: 3 })[3]).toBe('flat');
  });
  test('it runs across a change of the interval, on rates as charged', () => {
    const frame = settlementsOf([
      [0, 1, 8],
      [8, 3, 8],
      [12, 1, 4],
      [16, 3, 4],
      [20, 5, 4],
    ]);
    expect(results(fundingZ, frame, { w: 4 })[4]).toBeCloseTo(3 / Math.sqrt(4 / 3), 12);
  });
  test('the audit says what it rests on', () => {
    expect(why(fundingZ, every8h(rates), 4, { w: 4 })).toMatchObject({ parts: { r: 5, mean: 2, sd: Math.sqrt(4 / 3) } });
  });
});

test('settled-rate is what was charged', () => {
  expect(results(settledRate, every8h([0.0001, -0.0002]))).toEqual([0.0001, -0.0002]);
});
