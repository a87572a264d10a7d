import { expect, test } from 'vitest';
import { forecastRecord, type Foreteller, type RecordMoment } from '#domain/forecast-record.ts';
import { HOUR_MS } from '#domain/time.ts';

const N = 40;
const T = Date.UTC(2026, 0, 1);
/** Every 8 h: 1, 2, 1, 2 ... bp; polls 60, 15 and 5 minutes before are 0.4, 0.2 and 0.1 bp above it. */
const rate = Float64Array.from({ length: N }, (_, i) => (i % 2 === 0 ? 1e-4 : 2e-4));
const plus = (bp: number): Float64Array => rate.map((one) => one + bp * 1e-4);
const key = rate.map((_, i) => T + i * 8 * HOUR_MS);
const settled = { key, rate, intervalH: rate.map(() => 8), seen60: plus(0.4), seen15: plus(0.2), seen5: plus(0.1) };
/** At every hour -1 bp in the first four hours of an interval, then 1.5 bp. */
const time = Float64Array.from({ length: N * 8 }, (_, i) => T + (i - 8) * HOUR_MS);
const forecast = { time, value: time.map((_, i) => (i % 8 < 4 ? -1e-4 : 1.5e-4)) };
const score = (record: ReturnType<typeof forecastRecord>, moment: RecordMoment, by: Foreteller) =>
  record.scores.find((one) => one.moment === moment && one.by === by);
const bp = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number((value * 1e4).toFixed(6));

test('each foreteller at each moment: error, bias, who pays, up or down, and against no change', () => {
  const record = forecastRecord({ settled, forecast });
  expect([record.settlements, record.from, record.to]).toEqual([N, T, T + (N - 1) * 8 * HOUR_MS]);
  // 60 minutes before: seven hours of the interval are over.
  expect(score(record, 60, 'forecast')).toMatchObject({ n: N, side: 1, turn: 1 });
  expect(bp(score(record, 60, 'forecast')?.error)).toBe(0.5);
  expect(score(record, 60, 'forecast')?.skill).toBeCloseTo(0.5, 9);
  // One interval before: the first close of the interval, on the wrong side.
  expect([bp(score(record, null, 'forecast')?.error), score(record, null, 'forecast')?.side]).toEqual([2.5, 0]);
  expect([60, 15, 5].map((moment) => bp(score(record, moment as RecordMoment, 'running')?.error))).toEqual([0.4, 0.2, 0.1]);
  expect(bp(score(record, 15, 'running')?.bias)).toBe(0.2);
  // What the venue shows an interval before is of the settlement that is due then.
  expect(score(record, null, 'running')).toMatchObject({ n: 0, error: null });
  expect(score(record, 5, 'no-change')).toMatchObject({ n: N - 1, turn: null, side: 1, skill: 0 });
  expect(bp(score(record, 5, 'no-change')?.error)).toBe(1);
  // Three settlements of the day before: 4/3 before a settlement of 2 bp, 5/3 before one of 1.
  expect(bp(score(record, null, 'last-day')?.error)).toBeCloseTo(2 / 3, 5);
  expect(score(record, null, 'last-day')?.n).toBe(N - 3);
});

test('with fewer than 30 settlements nothing is said but their number', () => {
  const few = Object.fromEntries(Object.entries(settled).map(([name, values]) => [name, values.slice(0, 29)])) as typeof settled;
  expect(score(forecastRecord({ settled: few, forecast }), 15, 'running')).toEqual({
    ...{ moment: 15, by: 'running', n: 29, error: null, bias: null, side: null, turn: null, skill: null },
  });
});

test('a change of the interval is compared per hour; over a hole nothing is unchanged; nothing is known before it is settled', () => {
  const hourly = {
    key: Float64Array.of(T, T + HOUR_MS, T + 2 * HOUR_MS, T + 5 * HOUR_MS),
    rate: Float64Array.of(8e-4, 1e-4, 3e-4, 1e-4),
    intervalH: Float64Array.of(8, 1, 1, 1),
    ...{ seen60: new Float64Array(4).fill(NaN), seen15: new Float64Array(4).fill(NaN), seen5: Float64Array.of(NaN, 1e-4, NaN, NaN) },
  };
  const { scores } = forecastRecord({ settled: hourly, forecast: { time: new Float64Array(), value: new Float64Array() } });
  const n = (moment: RecordMoment, by: Foreteller) => scores.find((one) => one.moment === moment && one.by === by)?.n;
  // 8 bp of 8 h is 1 bp an hour: unchanged. Of the last one the two before it are missing.
  expect([n(null, 'no-change'), n(60, 'no-change'), n(5, 'no-change'), n(5, 'running')]).toEqual([2, 2, 2, 1]);
});
