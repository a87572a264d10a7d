import { describe, expect, test } from 'vitest';
import {
  coverageOf,
  dayOfHour,
  dayOfSettlement,
  type FetchedFacts,
  type ObservedFacts,
  whyNotFetched,
  whyNotObserved,
} from '#domain/coverage/calendar.ts';
import { heldHours, hourSlots, settledSlots, type SettledSlotsInput } from '#domain/coverage/slots.ts';
import { HOUR_MS } from '#domain/time.ts';

const DAY = 24 * HOUR_MS;
const D0 = Date.UTC(2026, 0, 5);
const at = (...hours: number[]): Float64Array => Float64Array.from(hours, (h) => D0 + h * HOUR_MS);
const hoursOf = (times: ArrayLike<number>): number[] => Array.from(times, (t) => (t - D0) / HOUR_MS);

describe('settlements that should be there', () => {
  const input = (key: Float64Array, intervalH: number[], more: Partial<SettledSlotsInput> = {}): SettledSlotsInput => ({
    key,
    intervalH: Float64Array.from(intervalH),
    intervalNowH: NaN,
    life: { from: null, to: key.at(-1) ?? 0 },
    proven: [],
    ...more,
  });
  const missing = (given: SettledSlotsInput): number[] => {
    const { time, there } = settledSlots(given);
    return hoursOf(time.filter((_, i) => there[i] === 0));
  };

  test('between rows of 8 h that lie 24 h apart two are missing', () => {
    expect(missing(input(at(0, 24, 32), [8, 8, 8]))).toEqual([8, 16]);
  });
  test('a change from 8 h to 1 h is no hole; one from 1 h to 4 h whose first row comes after 4 h neither', () => {
    expect(missing(input(at(0, 8, 9, 10), [8, 8, 1, 1]))).toEqual([]);
    expect(missing(input(at(0, 1, 5, 9), [1, 1, 4, 4]))).toEqual([]);
  });
  test('after the last row what is due by the interval in force now, but for the hour in which it may still come', () => {
    expect(missing(input(at(0, 8), [8, 8], { life: { from: null, to: D0 + 25 * HOUR_MS } }))).toEqual([16, 24]);
    expect(missing(input(at(0, 8), [8, 8], { life: { from: null, to: D0 + 24.5 * HOUR_MS } }))).toEqual([16]);
    expect(missing(input(at(0, 8), [8, 8], { intervalNowH: 4, life: { from: null, to: D0 + 17 * HOUR_MS } }))).toEqual([12, 16]);
  });
  test('before the first row back to the listing, and nothing where that is not known or the stretch is proven', () => {
    const life = { from: D0 - 20 * HOUR_MS, to: D0 };
    expect(missing(input(at(0), [8], { life }))).toEqual([-16, -8]);
    expect(missing(input(at(0), [8], { life: { ...life, from: null } }))).toEqual([]);
    expect(missing(input(at(0), [8], { life, proven: [{ from: 0, to: D0 }] }))).toEqual([]);
  });
  test('where no interval is known nothing is expected but what is there', () => {
    expect(missing(input(at(0), [NaN], { life: { from: D0 - DAY, to: D0 + 3 * DAY } }))).toEqual([]);
    expect(settledSlots(input(at(0), [NaN])).time).toHaveLength(1);
  });
});

describe('hours', () => {
  test('every close of the stretch, with the share that is there', () => {
    const { time, there } = hourSlots({ from: D0, to: D0 + 3.5 * HOUR_MS }, new Map([[D0 + 2 * HOUR_MS, 0.25]]));
    expect(hoursOf(time)).toEqual([1, 2, 3]);
    expect([...there]).toEqual([0, 0.25, 0]);
  });
  test('a poll is held to the next one, at most three intervals', () => {
    // Every minute from 0:00 to 0:29, one at 1:59: 32 minutes of the first hour, 1 of the second, 2 of the third.
    const polls = Float64Array.from([...Array.from({ length: 30 }, (_, i) => i), 119], (minute) => D0 + minute * 60_000);
    const held = heldHours(polls);
    const shares = [1, 2, 3].map((h) => Math.round((held.get(D0 + h * HOUR_MS) ?? 0) * 60));
    expect(shares).toEqual([32, 1, 2]);
  });
});

describe('the calendar', () => {
  test('a settlement at midnight is the first of its day, the hour that closes then the last of the day before', () => {
    expect(dayOfSettlement(D0)).toBe(D0);
    expect(dayOfHour(D0)).toBe(D0 - DAY);
    expect(dayOfHour(D0 + HOUR_MS)).toBe(D0);
  });
  test('days count what should be there and what is; neighbours of one reason are one hole', () => {
    const time = at(16, 24, 32, 40, 48);
    const { days, holes } = coverageOf({ time, there: Float64Array.of(1, 0, 0, 0, 1) }, dayOfSettlement, (t) =>
      t < D0 + 40 * HOUR_MS ? 'not-fetched' : 'not-served',
    );
    expect(days).toEqual([
      { day: D0, expected: 1, there: 1, missing: {} },
      { day: D0 + DAY, expected: 3, there: 0, missing: { 'not-fetched': 2, 'not-served': 1 } },
      { day: D0 + 2 * DAY, expected: 1, there: 1, missing: {} },
    ]);
    expect(holes.map(({ first, last, rows, why }) => [...hoursOf([first, last]), rows, why])).toEqual([
      [24, 32, 2, 'not-fetched'],
      [40, 40, 1, 'not-served'],
    ]);
  });
  test('two holes with a whole row between them are two', () => {
    const { holes } = coverageOf({ time: at(1, 2, 3), there: Float64Array.of(0, 1, 0) }, dayOfHour, () => 'closed');
    expect(holes).toHaveLength(2);
  });
});

describe('why it is not there', () => {
  const hour = D0 + 10 * HOUR_MS;
  const fetched: FetchedFacts = { notServed: [], asked: [], refused: [] };
  const observed: ObservedFacts = { running: [{ from: D0, to: D0 + DAY }], down: [], deleted: [], refused: [] };
  const all = { from: D0, to: D0 + DAY };

  test('of a venue’s past: refused before not served before late before not asked for', () => {
    expect(whyNotFetched(fetched, hour)).toBe('not-fetched');
    expect(whyNotFetched({ ...fetched, asked: [all] }, hour)).toBe('late');
    expect(whyNotFetched({ ...fetched, asked: [all], notServed: [all] }, hour)).toBe('not-served');
    expect(whyNotFetched({ asked: [all], notServed: [all], refused: [hour] }, hour)).toBe('refused');
  });
  test('of what is observed: deleted, venue down while something ran, closed, refused; what is left is the caller’s word', () => {
    expect(whyNotObserved(observed, hour, 'not-watched')).toBe('not-watched');
    expect(whyNotObserved({ ...observed, refused: [hour - 60_000] }, hour, 'unknown')).toBe('refused');
    expect(whyNotObserved({ ...observed, down: [all] }, hour, 'unknown')).toBe('venue-down');
    expect(whyNotObserved({ ...observed, down: [all], deleted: [all] }, hour, 'unknown')).toBe('deleted');
    const closed = { ...observed, running: [{ from: D0, to: D0 + 2 * HOUR_MS }] };
    expect(whyNotObserved(closed, hour, 'unknown')).toBe('closed');
    // The outage was told while it ran, and nothing ran any more.
    expect(whyNotObserved({ ...closed, down: [all] }, hour, 'unknown')).toBe('closed');
    // Half of the hour nothing ran.
    expect(whyNotObserved({ ...observed, running: [{ from: D0, to: hour - HOUR_MS / 2 }] }, hour, 'unknown')).toBe('closed');
  });
  test('before it was kept what ran, an outage is the venue’s and the rest is not known', () => {
    const late = { ...observed, running: [{ from: D0 + DAY, to: D0 + 2 * DAY }] };
    expect(whyNotObserved(late, hour, 'not-watched')).toBe('unknown');
    expect(whyNotObserved({ ...late, down: [all] }, hour, 'not-watched')).toBe('venue-down');
    expect(whyNotObserved({ ...late, running: [] }, hour, 'not-watched')).toBe('unknown');
  });
});
