import { expect, test } from 'vitest';
import { KIND_RUNNING, KIND_STEP } from '#domain/series.ts';
import { measureThreshold } from '#domain/threshold.ts';
import { replaySignals } from '#test/support/replay.ts';

const seriesOf = (length: number, runningFrom: number) => ({
  time: Float64Array.from({ length }, (_, i) => i),
  f: new Float64Array(length),
  kind: Uint8Array.from({ length }, (_, i) => (i < runningFrom ? KIND_STEP : KIND_RUNNING)),
  observation: Float64Array.from({ length }, (_, i) => i),
});

const measured = (runningFrom: number, d: Float64Array, params: { readonly theta: number; readonly k: number }) => {
  const series = seriesOf(d.length, runningFrom);
  return measureThreshold({ ...series, d }, replaySignals(series, d, params).entries);
};

test('how often it fired, on which side, over which hours and sizes', () => {
  const d = Float64Array.of(NaN, 2, 2, 0, -3, -3, -1, NaN, 4, 4, 4, 0.5);
  expect(measured(5, d, { theta: 2, k: 2 })).toEqual({
    fired: 3,
    longFired: 1,
    shortFired: 2,
    hours: 10,
    settledHours: 4,
    runningHours: 6,
    from: 1,
    to: 11,
    p95: 4,
    p99: 4,
    maxAbsD: 4,
  });
});

test('percentiles are of the size of D, type 7', () => {
  const d = Float64Array.from({ length: 101 }, (_, i) => (i % 2 === 0 ? i : -i));
  expect(measured(0, d, { theta: 1000, k: 1 })).toMatchObject({ fired: 0, p95: 95, p99: 99, maxAbsD: 100 });
});

test('without a single D there is nothing to say', () => {
  for (const d of [new Float64Array(), Float64Array.of(NaN, NaN)])
    expect(measured(0, d, { theta: 1, k: 1 })).toEqual({
      fired: 0,
      longFired: 0,
      shortFired: 0,
      hours: 0,
      settledHours: 0,
      runningHours: 0,
      from: null,
      to: null,
      p95: null,
      p99: null,
      maxAbsD: null,
    });
});
