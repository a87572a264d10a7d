import { describe, expect, it } from 'vitest';
import type { MetricSeries } from '#bridge/series.ts';
import { reasonCode } from '#domain/metrics/reason.ts';
import { paneModelOf, paneReading, type PaneStyle, stepOf } from '#renderer/charts/pane-model.ts';

const HOUR = 3_600_000;
const style: PaneStyle = { factor: 100, holds: false, labels: null, tick: (value, step) => `${value}/${step}` };
const view = { from: 0, to: 10 * HOUR, live: true };

function seriesOf(values: readonly (number | null)[], live: number | null = null): MetricSeries {
  return {
    choice: { metric: 'score', params: {} },
    time: Float64Array.from(values, (_, i) => (i + 1) * HOUR),
    value: Float64Array.from(values, (value) => value ?? Number.NaN),
    reason: Uint8Array.from(values, (value) => (value === null ? reasonCode('flat') : 0)),
    live: live === null ? null : { time: (values.length + 0.5) * HOUR, value: live, reason: null, word: '' },
    notes: [],
  };
}

describe('the pane of a chosen metric', () => {
  it('draws bars from zero where values lie on both sides, else a line', () => {
    const bars = paneModelOf(seriesOf([0.01, -0.02, 0.03]), view, 600, style);
    expect([...(bars.bins?.high ?? [])]).toEqual([1, -2, 3]);
    expect(bars.line).toBeNull();
    expect(bars.range.min).toBeLessThan(-2);
    const line = paneModelOf(seriesOf([0.01, 0.02]), view, 600, style);
    expect(line.bins).toBeNull();
    expect([...(line.line ?? [])]).toEqual([HOUR, 1, 2 * HOUR, 2]);
    expect(line.tick(1)).toBe(`1/${line.range.step}`);
  });

  it('says where there is no value, and why', () => {
    const { gaps } = paneModelOf(seriesOf([1, null, null, 2]), view, 600, style);
    expect(gaps).toEqual([{ from: HOUR, to: 3 * HOUR, label: 'flat' }]);
  });

  it('keeps the row in progress apart from those that closed', () => {
    expect(paneModelOf(seriesOf([0.01, -0.02], 0.5), view, 600, style).now).toEqual({ from: 2 * HOUR, t: 2.5 * HOUR, value: 50 });
    expect(paneModelOf(seriesOf([0.01, -0.02]), view, 600, style).now).toBeNull();
  });

  it('names the values of a label on its axis', () => {
    const model = paneModelOf(seriesOf([1, 2]), view, 600, { ...style, factor: 1, labels: { 1: 'new longs', 2: 'new shorts' } });
    expect(model.ticks?.map(model.tick)).toEqual(['new longs', 'new shorts']);
    expect([model.range.min, model.range.max]).toEqual([0.5, 2.5]);
  });
});

describe('reading the pane', () => {
  const series = seriesOf([0.1, null, 0.3], 0.4);

  it('a bar stands for the time up to its row, a line holds from its row on', () => {
    expect(paneReading(series, 2.5 * HOUR, false, true)).toMatchObject({ t: 3 * HOUR, value: 0.3 });
    expect(paneReading(series, 2.5 * HOUR, false, false)).toMatchObject({ t: 2 * HOUR, value: null, reason: 'flat' });
    expect(paneReading(series, 3 * HOUR, false, true)).toMatchObject({ t: 3 * HOUR, isNow: false });
  });

  it('past the last row it is the one in progress', () => {
    expect(paneReading(series, 3.2 * HOUR, false, true)).toMatchObject({ value: 0.4, isNow: true });
    expect(paneReading(series, 3 * HOUR, true, false)).toMatchObject({ value: 0.4, isNow: true });
    expect(paneReading(seriesOf([]), HOUR, false, false)).toBeNull();
  });

  it('one value stands for the least distance of two rows', () => {
    expect(stepOf(Float64Array.of(0, 8, 12, 20).map((h) => h * HOUR))).toBe(4 * HOUR);
    expect(stepOf(new Float64Array())).toBe(24 * HOUR);
  });
});
