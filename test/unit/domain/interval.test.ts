import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveIntervals, INTERVAL_FROM_GAP, INTERVAL_REFUTED, INTERVAL_STATED, INTERVAL_UNKNOWN } from '#domain/interval.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';

const derive = (hours: readonly number[], stated: Readonly<Record<number, number>> = {}) =>
  deriveIntervals(
    Float64Array.from(hours, (hour) => Math.round(hour * HOUR_MS)),
    Float64Array.from(hours, (_, i) => stated[i] ?? NaN),
  );
const intervals = (...given: Parameters<typeof derive>): number[] => [...derive(...given).intervalH];
const none = NaN;

test('from keys alone: known once a gap repeats, the first row never', () => {
  expect(intervals([0])).toEqual([none]);
  expect(intervals([0, 8])).toEqual([none, none]);
  expect(intervals([0, 8, 16, 24])).toEqual([none, none, 8, 8]);
});

test('what is stated wins over the gap, and says where it came from', () => {
  const { intervalH, source } = derive([0, 8, 12, 20], { 0: 8, 2: 1 });
  expect([...intervalH]).toEqual([8, 8, 1, none]);
  expect([...source]).toEqual([INTERVAL_STATED, INTERVAL_FROM_GAP, INTERVAL_STATED, INTERVAL_UNKNOWN]);
});

test('a missing settlement lengthens a gap but not the interval', () => {
  expect(intervals([0, 4, 8, 16, 20], { 0: 4 })).toEqual([4, 4, 4, none, 4]);
  expect(intervals([0, 8, 16, 40, 48], { 0: 8 })).toEqual([8, 8, 8, none, 8]);
  expect(intervals([0, 8, 760, 768], { 0: 8 })).toEqual([8, 8, none, 8]);
});

test('a shortening is seen at once, a lengthening at its second row', () => {
  expect(intervals([0, 8, 9, 10, 11], { 0: 8 })).toEqual([8, 8, 1, 1, 1]);
  expect(intervals([0, 1, 2, 8, 16, 24], { 0: 1 })).toEqual([1, 1, 1, none, none, 8]);
  expect(intervals([0, 1, 9, 17], { 0: 1 })).toEqual([1, 1, none, 8]);
});

test('a gap that is no interval is unknown, however often it repeats', () => {
  expect(intervals([0, 3, 6, 9], { 0: 8 })).toEqual([8, none, none, none]);
});

test('five minutes make no difference, six do', () => {
  const off = (minutes: number): number => (minutes * MINUTE_MS) / HOUR_MS;
  expect(intervals([0, 8 + off(5), 16, 24 - off(5)], { 0: 8 })).toEqual([8, 8, 8, 8]);
  expect(intervals([0, 8 + off(6), 16], { 0: 8 })).toEqual([8, none, none]);
});

test('no interval is shorter than 1 h or longer than 24 h, stated or not; within that what is stated is kept as it is', () => {
  expect(intervals([0, 0.5, 24.5, 48.5, 72.5], { 0: 48, 1: 0.5 })).toEqual([none, none, none, 24, 24]);
  expect(intervals([0, 3, 6], { 0: 3, 1: 3, 2: 3 })).toEqual([3, 3, 3]);
  expect(intervals([0, 8], { 0: 8, 1: 0 })).toEqual([8, 8]);
});

/** The same statement at every row. */
const always = (hours: number, rows: number): Record<number, number> =>
  Object.fromEntries(Array.from({ length: rows }, (_, i) => [i, hours]));

describe('a stated interval that settlements refute', () => {
  test('hourly settlements that say 8 h: three of them tell, and the two before the third stated the same impossibility', () => {
    expect(intervals([0, 1, 2, 3, 4], always(8, 5))).toEqual([1, 1, 1, 1, 1]);
    expect([...derive([0, 1, 2, 3], always(8, 4)).source]).toEqual(Array.from({ length: 4 }, () => INTERVAL_REFUTED));
    // Two do not.
    expect(intervals([0, 1], always(8, 2))).toEqual([8, 8]);
  });
  test('one that is corrected by the next row is refuted all the same; a first row before a true change is not', () => {
    expect(intervals([-8, 0, 1, 2], { 0: 8, 1: 8, 2: 8, 3: 1 })).toEqual([8, 8, 1, 1]);
    expect(intervals([0, 1, 2], { 0: 8, 1: 1, 2: 1 })).toEqual([8, 1, 1]);
  });
  test('rows that lie as far apart as they say keep their word', () => {
    expect(intervals([0, 8, 16, 17, 18, 19], always(8, 6))).toEqual([8, 8, 8, 1, 1, 1]);
  });
  test('a missing settlement does not give the statement its credit back; as much time as it says does', () => {
    expect(intervals([0, 1, 2, 4, 5, 6], always(8, 6))).toEqual([1, 1, 1, none, 1, 1]);
    expect(intervals([0, 1, 2, 10, 18], always(8, 5))).toEqual([1, 1, 1, 8, 8]);
  });
  test('another word is believed until it is refuted itself', () => {
    expect(intervals([0, 1, 2, 3, 4], { ...always(8, 3), 3: 1, 4: 1 })).toEqual([1, 1, 1, 1, 1]);
    expect(intervals([0, 1, 2, 4, 6], { ...always(8, 3), 3: 4, 4: 4 })).toEqual([1, 1, 1, 2, 2]);
  });
  test('at a change no single short stretch refutes: 1 h to 8 h off the grid, 8 h to 1 h', () => {
    expect(intervals([1, 2, 3, 8, 16], { 0: 1, 1: 1, 2: 1, 3: 8, 4: 8 })).toEqual([1, 1, 1, 8, 8]);
    expect(intervals([0, 8, 9, 10], { 0: 8, 1: 8, 2: 1, 3: 1 })).toEqual([8, 8, 1, 1]);
  });
});

test('a row uses nothing after itself but the two that refute it, and only lawful values come out', () => {
  const gaps = fc.array(fc.tuple(fc.constantFrom(0.5, 1, 2, 3, 4, 8, 8, 8, 12, 16, 24, 752), fc.constantFrom(NaN, NaN, NaN, 1, 4, 8)), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(gaps, (rows) => {
      let hour = 0;
      const keys = Float64Array.from(rows, ([gap]) => (hour += gap) * HOUR_MS);
      const stated = Float64Array.from(rows, ([, value]) => value);
      const { intervalH, source } = deriveIntervals(keys, stated);
      for (let i = 0; i < keys.length; i++) {
        const prefix = deriveIntervals(keys.slice(0, i + 1), stated.slice(0, i + 1));
        for (let row = 0; row <= i; row++)
          if (i - row >= 2 || source[row] !== INTERVAL_REFUTED) expect(prefix.intervalH[row]).toBe(intervalH[row]);
        if (source[i] === INTERVAL_UNKNOWN) expect(intervalH[i]).toBeNaN();
        if (source[i] === INTERVAL_STATED) expect(intervalH[i]).toBe(stated[i]);
        if (source[i] === INTERVAL_REFUTED) expect(intervalH[i]!).toBeLessThan(stated[i]!);
        if (source[i] === INTERVAL_FROM_GAP) expect(keys[i]! - keys[i - 1]!).toBe(intervalH[i]! * HOUR_MS);
      }
    }),
  );
});
