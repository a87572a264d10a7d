import { describe, expect, it } from 'vitest';
import type { Divergence } from '#bridge/series.ts';
import { intervalChanges, linesOf, modelOf, rangeOf, settledSteps } from '#renderer/charts/divergence-model.ts';
import { dataOption, structureOption } from '#renderer/charts/divergence-option.ts';
import { layoutOf } from '#renderer/charts/layout.ts';
import { priceLinesOf, priceModelOf } from '#renderer/charts/price-model.ts';
import type { Tokens } from '#renderer/charts/tokens.ts';
import { rowOf } from '../row.ts';

const HOUR = 3_600_000;
const nan = Number.NaN;

const tokens: Tokens = {
  surface0: 'rgb(0,0,0)',
  surface1: 'rgb(1,1,1)',
  line1: 'rgb(2,2,2)',
  line2: 'rgb(3,3,3)',
  text1: 'rgb(4,4,4)',
  text2: 'rgb(5,5,5)',
  text3: 'rgb(6,6,6)',
  text4: 'rgb(7,7,7)',
  warm: ['w1', 'w2', 'w3', 'w4'],
  cool: ['c1', 'c2', 'c3', 'c4'],
  other: ['o1', 'o2', 'o3', 'o4'],
  neutralBar: 'n',
  markLine: 'm',
  band: 'b',
  bandEdge: 'e',
  hatch: 'h',
  font: 'Inter',
};

/** Ten hours: steps, a gap of two, then running observations. */
const data: Divergence = {
  instrument: rowOf().instrument,
  params: { theta: 0.0005, k: 3, n: 12 },
  time: Float64Array.from({ length: 10 }, (_, i) => (i + 1) * HOUR),
  f: Float64Array.of(0.001, 0.001, 0.001, 0.001, nan, nan, 0.002, 0.002, 0.002, 0.002),
  kind: Uint8Array.of(1, 1, 1, 1, 0, 3, 2, 2, 2, 2),
  ema: Float64Array.of(nan, nan, 0.001, 0.001, nan, nan, nan, nan, 0.001, 0.001),
  d: Float64Array.of(nan, nan, 0, 0, nan, nan, nan, nan, 0.001, 0.001),
  neutral: new Float64Array(10).fill(0.000_012_5),
  neutralAssumed: new Uint8Array(10),
  settledAt: Float64Array.of(HOUR),
  settledRate: Float64Array.of(0.004),
  settledIntervalH: Float64Array.of(4),
  settledLate: Uint8Array.of(0),
  entryAt: Float64Array.of(10 * HOUR),
  entrySide: Float64Array.of(1),
  formulaAt: new Float64Array(0),
  formulaSaid: [],
  mark: Float64Array.from({ length: 10 }, (_, i) => 100 + i),
  index: new Float64Array(10).fill(nan),
  completeFrom: HOUR,
  notes: [],
};

describe('settledSteps', () => {
  it('holds each rate for its interval and breaks where the next is late', () => {
    const steps = settledSteps(
      {
        settledAt: Float64Array.of(0, 8 * HOUR, 24 * HOUR),
        settledRate: Float64Array.of(0.008, 0.016, 0.008),
        settledIntervalH: Float64Array.of(8, 8, 8),
        settledLate: new Uint8Array(3),
      },
      27 * HOUR,
    );
    expect(Array.from(steps.time)).toEqual([0, 8 * HOUR, 16 * HOUR, 16 * HOUR + 1, 24 * HOUR, 27 * HOUR, 27 * HOUR + 1]);
    expect(Array.from(steps.value)).toEqual([0.001, 0.002, 0.002, nan, 0.001, 0.001, nan]);
  });

  it('draws nothing for a rate whose interval is not known', () => {
    const steps = settledSteps(
      {
        settledAt: Float64Array.of(0),
        settledRate: Float64Array.of(0.001),
        settledIntervalH: Float64Array.of(nan),
        settledLate: new Uint8Array(1),
      },
      HOUR,
    );
    expect(Array.from(steps.value)).toEqual([nan]);
  });

  it('draws what was learnt later apart, each line to where the other goes on', () => {
    const four = {
      settledAt: Float64Array.of(0, 8 * HOUR, 16 * HOUR, 24 * HOUR),
      settledRate: Float64Array.of(0.008, 0.016, 0.024, 0.008),
      settledIntervalH: Float64Array.of(8, 8, 8, 8),
      settledLate: Uint8Array.of(0, 1, 1, 0),
    };
    const [known, late] = [settledSteps(four, 27 * HOUR), settledSteps(four, 27 * HOUR, 1)];
    expect(Array.from(known.time)).toEqual([0, 8 * HOUR, 8 * HOUR + 1, 24 * HOUR, 27 * HOUR, 27 * HOUR + 1]);
    expect(Array.from(late.time)).toEqual([8 * HOUR, 16 * HOUR, 24 * HOUR, 24 * HOUR + 1]);
    expect(Array.from(late.value)).toEqual([0.002, 0.003, 0.003, nan]);
  });
});

describe('a change of the interval', () => {
  const settled = (...rows: readonly (readonly [hour: number, intervalH: number])[]) => ({
    settledAt: Float64Array.from(rows, ([hour]) => hour * HOUR),
    settledIntervalH: Float64Array.from(rows, ([, intervalH]) => intervalH),
  });

  it('stands where the first interval of the other length began, also where settlements are missing or tell none', () => {
    expect(intervalChanges(settled([8, 8], [16, 8], [17, 1], [18, 1], [22, 4]))).toEqual([
      { at: 16 * HOUR, fromH: 8, toH: 1 },
      { at: 18 * HOUR, fromH: 1, toH: 4 },
    ]);
    expect(intervalChanges(settled([8, 8], [9, nan], [40, 1]))).toEqual([{ at: 39 * HOUR, fromH: 8, toH: 1 }]);
    expect(intervalChanges(settled([8, nan], [16, 8], [24, 8]))).toEqual([]);
  });

  it('is in view before a settlement shows it, by the interval of now; what accrues has none', () => {
    const known = { ...data, ...settled([4, 4], [8, 4]), settledRate: Float64Array.of(0.004, 0.004) };
    const of = (over: object) =>
      modelOf({
        ...{ data: known, lines: linesOf(known, 10 * HOUR), row: { ...rowOf({ observedAt: 10.5 * HOUR, intervalH: 1 }), ...over } },
        ...{ view: { from: 0, to: 11 * HOUR, live: true }, columns: 600, factor: 100, theta: 0.0005 },
      }).changes;
    expect(of({})).toEqual([{ at: 8 * HOUR, fromH: 4, toH: 1 }]);
    expect([of({ intervalH: 4 }), of({ intervalH: null }), of({ continuous: true })]).toEqual([[], [], []]);
  });
});

describe('the chart of ten hours', () => {
  const lines = linesOf(data, 10 * HOUR);
  const view = { from: 0, to: 11 * HOUR, live: true };
  const row = { f: 0.002, d: 0.0012, observedAt: 10.5 * HOUR, neutralPerHour: 0.000_012_5, intervalH: 4, continuous: false };
  const model = modelOf({ data, lines, row, view, columns: 600, factor: 800, theta: 0.0005 });

  it('draws running and settled apart, and names its gaps', () => {
    expect(Array.from(lines.running.value).map(Number.isNaN)).toEqual([true, true, true, true, true, true, false, false, false, false]);
    expect(lines.gaps).toEqual([
      { from: 4 * HOUR, to: 5 * HOUR, label: 'no data' },
      { from: 5 * HOUR, to: 6 * HOUR, label: 'interval unknown' },
    ]);
  });

  it('what runs at the last close has run on to the newest poll; no line joins a poll to a close hours before it', () => {
    const last = (over: object) =>
      Array.from(modelOf({ data, lines, row: { ...row, ...over }, view, columns: 600, factor: 800, theta: 1 }).running.slice(-2));
    expect(last({})).toEqual([10.5 * HOUR, 1.6]);
    expect(last({ observedAt: 10 * HOUR })).toEqual([10 * HOUR, 1.6]);
    const [t] = Array.from(
      modelOf({
        data,
        lines,
        row: { ...row, observedAt: 12 * HOUR },
        view: { ...view, to: 13 * HOUR },
        columns: 600,
        factor: 800,
        theta: 1,
      }).running.slice(-2),
    );
    expect(t).toBe(10 * HOUR);
  });

  it('is in percent of the unit, with the band, the entry and the running hour', () => {
    expect(model.theta).toBeCloseTo(0.4, 12);
    expect(Math.max(...model.bins.high)).toBeCloseTo(0.8, 12);
    expect(model.entries).toEqual([{ t: 10 * HOUR, side: 1 }]);
    expect(model.now?.d).toBeCloseTo(0.96, 12);
    expect(model.bandOutside).toBe(false);
    expect(model.dRange.max).toBeGreaterThan(0.96);
    expect(model.dRange.min).toBe(-model.dRange.max);
  });

  it('rests where it rested then: a change of the interest is a step of the line, and the hour in progress has the terms of now', () => {
    const changed = { ...data, neutral: data.time.map((t) => (t <= 3 * HOUR ? nan : t <= 6 * HOUR ? 0.000_012_5 : 0.000_05)) };
    const { neutral, fRange } = modelOf({
      ...{ data: changed, lines: linesOf(changed, 10 * HOUR), row: { ...row, neutralPerHour: 0.01 } },
      ...{ view, columns: 600, factor: 100, theta: 0.0005 },
    });
    const points = Array.from({ length: neutral.length / 2 }, (_, i) => [(neutral[2 * i] ?? nan) / HOUR, neutral[2 * i + 1]]);
    expect(points).toEqual([
      [0, nan],
      [3, nan],
      [3, 0.001_25],
      [6, 0.001_25],
      [6, 0.005],
      [10, 0.005],
      [10, 1],
      [10.5, 1],
    ]);
    expect(fRange.max).toBeGreaterThan(1);
  });

  it('says when the band is beyond the scale', () => {
    const far = modelOf({ data, lines, row: null, view, columns: 600, factor: 800, theta: 0.05 });
    expect(far.bandOutside).toBe(true);
  });

  it('gives the structure ids that the data is merged into', () => {
    const structure = structureOption(layoutOf(800, 500, { price: true, more: 1 }), tokens, 'utc', 2) as {
      series: { id: string; xAxisId: string; yAxisId: string }[];
      grid: { id: string }[];
      yAxis: { id: string; gridId: string }[];
      useUTC: boolean;
    };
    const pane = { bins: null, line: Float64Array.of(1, 2), holds: false, gaps: [], now: null, range: { min: 0, max: 3, step: 1 } };
    const option = dataOption(
      {
        ...{ model, pane: null, others: [{ settled: Float64Array.of(1, 2), spread: null }, null] },
        price: { model: priceModelOf(priceLinesOf(data, 3), { mark: 110, observedAt: 10.5 * HOUR }, view, 600), height: 100 },
        more: [{ ...pane, ticks: null, tick: String }],
      },
      { tokens, zone: 'utc', hatch: null, width: 600 },
    ) as {
      series: { id: string; data: ArrayLike<unknown> }[];
      xAxis: { min: number; max: number }[];
      yAxis: { id: string }[];
    };
    expect(structure.useUTC).toBe(true);
    expect(option.series.map(({ id }) => id)).toEqual(structure.series.map(({ id }) => id));
    expect(new Set(structure.series.map(({ id }) => id)).size).toBe(structure.series.length);
    expect(option.yAxis.map(({ id }) => id)).toEqual(['price', 'f', 'd', 'metric-0']);
    expect(structure.yAxis.map(({ gridId }) => gridId)).toEqual(structure.grid.map(({ id }) => id));
    const drawn = (wanted: string): number | undefined => option.series.find(({ id }) => id === wanted)?.data.length;
    expect(['mark', 'average', 'other-0', 'other-1', 'spread-0', 'pane-metric-0'].map(drawn)).toEqual([20, 20, 2, 0, 0, 2]);
    expect(option.xAxis.map(({ min, max }) => [min, max])).toEqual([
      [0, 11 * HOUR],
      [0, 11 * HOUR],
      [0, 11 * HOUR],
      [0, 11 * HOUR],
    ]);
  });
});

it('a plateau is not blown up to the height of the pane', () => {
  const range = rangeOf([Float64Array.of(0, 0.01, 1, 0.010_000_001)], []);
  expect(range.max - range.min).toBeGreaterThan(0.0019);
  expect(rangeOf([], [])).toEqual({ min: -1, max: 1, step: 1 });
});
