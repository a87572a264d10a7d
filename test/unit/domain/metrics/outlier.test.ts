import { expect, test } from 'vitest';
import { outlierOf } from '#domain/metrics/outlier.ts';

const U = 1e-5;

test('far is beyond four robust deviations of the row, and more than venues differ by that all rest', () => {
  // Median 3, deviations 2 1 0 1 2: MAD 1, so the bound is 4 x 1.4826 = 5.9304 from the median.
  const isFar = outlierOf([1 * U, 2 * U, 3 * U, 4 * U, 5 * U]);
  expect([8.9 * U, 9 * U, -2.9 * U, -3 * U].map(isFar)).toEqual([false, true, false, true]);
  // MAD 0: mean deviation of five equal and one at 60 is 10, the bound 4 x 12.533 = 50.132.
  const five = outlierOf([0, 0, 0, 0, 0, 60 * U]);
  expect([50 * U, 51 * U].map(five)).toEqual([false, true]);
  // 0.001 % per 8 h is 1.25e-6 an hour: less is no news, however alike the others are.
  const alike = outlierOf([0, 0, 0, 0, 0, 0, 0, 1.2e-6]);
  expect([1.2e-6, 1.3e-6].map(alike)).toEqual([false, true]);
});

test('three rates have no crowd', () => {
  expect(outlierOf([1 * U, 1.1 * U, 90 * U])(90 * U)).toBe(false);
  expect(outlierOf([1 * U, 1.1 * U, 1.2 * U, 90 * U])(90 * U)).toBe(true);
});
