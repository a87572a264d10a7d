import { describe, expect, it } from 'vitest';
import type { Divergence } from '#bridge/series.ts';
import { reading } from '#renderer/features/chart/reading.ts';
import { rowOf } from '../row.ts';

const HOUR = 3_600_000;
const data: Divergence = {
  instrument: rowOf().instrument,
  params: { theta: 0.0005, k: 3, n: 12 },
  time: Float64Array.of(HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR),
  f: Float64Array.of(0.001, Number.NaN, 0.002, 0.003),
  kind: Uint8Array.of(1, 0, 2, 3),
  ema: new Float64Array(4).fill(0.0005),
  d: Float64Array.of(0.0005, Number.NaN, 0.0015, 0.0025),
  neutral: Float64Array.of(0.0001, 0.0001, 0.0002, 0.0002),
  neutralAssumed: Uint8Array.of(1, 1, 0, 0),
  settledAt: Float64Array.of(HOUR),
  settledRate: Float64Array.of(0.001),
  settledIntervalH: Float64Array.of(1),
  settledLate: Uint8Array.of(1),
  entryAt: Float64Array.of(3 * HOUR),
  entrySide: Float64Array.of(1),
  formulaAt: new Float64Array(0),
  formulaSaid: [],
  mark: Float64Array.of(10, 11, 12, 13),
  index: new Float64Array(4).fill(Number.NaN),
  completeFrom: null,
  notes: [],
};
const row = rowOf({ f: 0.004, d: 0.001, observedAt: 4.5 * HOUR, neutralPerHour: 0.0003 });

describe('reading', () => {
  it('tells the kind, the ratio, the settlement and the entry of the nearest close', () => {
    const settled = reading(data, row, 1.2 * HOUR, 0.0005);
    expect(settled).toMatchObject({
      t: HOUR,
      kind: 'settled',
      ratio: 1,
      settlement: { rate: 0.001, intervalH: 1, isLate: true },
      entered: 0,
    });
    expect(reading(data, row, 2 * HOUR, 0.0005)).toMatchObject({ kind: 'no data', settlement: null });
    expect(reading(data, row, 2.9 * HOUR, 0.0005)).toMatchObject({ kind: 'running', ratio: 3, entered: 1 });
    expect(reading(data, row, 4 * HOUR, 0.0005)).toMatchObject({ kind: 'interval unknown' });
  });

  it('past the last close it is the hour in progress', () => {
    expect(reading(data, row, 4.4 * HOUR, 0.0005)).toMatchObject({ isNow: true, t: 4.5 * HOUR, f: 0.004, ratio: 2 });
    expect(reading(data, null, 4.4 * HOUR, 0.0005)).toMatchObject({ isNow: false, t: 4 * HOUR });
  });

  it('tells where the rate rested at that close, and that it is assumed where that is not stored', () => {
    const of = (t: number): unknown => {
      const { neutral, isAssumed } = reading(data, row, t, 0.0005) ?? {};
      return [neutral, isAssumed];
    };
    expect([HOUR, 3 * HOUR, 4.4 * HOUR].map(of)).toEqual([
      [0.0001, true],
      [0.0002, false],
      [0.0003, false],
    ]);
  });

  it('is nothing where nothing is stored', () => {
    expect(reading({ ...data, time: new Float64Array() }, row, HOUR, 0.0005)).toBeNull();
  });
});
