import { describe, expect, test } from 'vitest';
import { intervalOf, offsetOf, rateOf, timeOf } from '#domain/import/cells.ts';
import { HOUR_MS } from '#domain/time.ts';

test('percent is a hundredth, shifted in the digits and not divided', () => {
  expect(rateOf('0.01%', false)).toEqual({ rate: 0.0001, sign: true });
  expect(rateOf('-0.003694 %', false)).toEqual({ rate: -0.00003694, sign: true });
  expect(rateOf('0.01', true)).toEqual({ rate: 0.0001, sign: false });
  expect(rateOf('1e-2', true)).toEqual({ rate: 0.0001, sign: false });
  expect(rateOf('0.01', false)).toEqual({ rate: 0.01, sign: false });
});

test('an interval in minutes or hours is one in hours', () => {
  expect(['480min', '480 m', '8h', '8 hours', '8'].map(intervalOf)).toEqual([8, 8, 8, 8, 8]);
  expect(() => intervalOf('8d')).toThrow('interval_h is a number');
});

test('east of UTC is positive, west negative; beyond 14 h there is none', () => {
  expect(['Z', 'UTC', '+08:00', '-0530'].map(offsetOf)).toEqual([0, 0, 8 * HOUR_MS, -5.5 * HOUR_MS]);
  expect([offsetOf('+15:00'), offsetOf('8')]).toEqual([NaN, NaN]);
});

describe('times', () => {
  const T = Date.UTC(2025, 0, 1);
  test('of a zone are moved by it, and fractions of a millisecond are cut', () => {
    expect(timeOf('2025-01-01 08:00:00', 8 * HOUR_MS)).toEqual({ ms: T, form: 'local' });
    expect(timeOf('2025-01-01T00:00:00-05:00', 8 * HOUR_MS)).toEqual({ ms: T + 5 * HOUR_MS, form: 'words' });
    expect(timeOf(`${T}999`, 0)).toEqual({ ms: T, form: 'microseconds' });
    expect(timeOf(`${T}999999`, 0)).toEqual({ ms: T, form: 'nanoseconds' });
    expect(timeOf('2025-01-01T00:00:00.0019Z', 0).ms).toBe(T + 1);
  });
  test('with the year last are read as it is said which number is the day', () => {
    expect(timeOf('01.02.2025 00:00', 0, 'day-first').ms).toBe(Date.UTC(2025, 1, 1));
    expect(timeOf('01.02.2025 00:00', 0, 'month-first').ms).toBe(Date.UTC(2025, 0, 2));
    expect(() => timeOf('01.02.2025 00:00', 0)).toThrow('nothing says which number is the day');
  });
});
