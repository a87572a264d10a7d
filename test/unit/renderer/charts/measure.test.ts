import { describe, expect, it } from 'vitest';
import type { Divergence } from '#bridge/series.ts';
import { flipsOf } from '#renderer/charts/divergence-model.ts';
import { measureOf } from '#renderer/charts/measure.ts';
import { measureLines, spanText } from '#renderer/features/chart/measure-words.ts';
import { groupMarkers } from '#renderer/features/chart/markers.ts';
import { rowOf } from '../row.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const nan = Number.NaN;
const hours = (value: (hour: number) => number): Float64Array<ArrayBuffer> => Float64Array.from({ length: 24 }, (_, i) => value(i + 1));

/** A day of hours, settled at 8:00 and 16:00, with two hours of which nothing is known. */
const data: Divergence = {
  instrument: rowOf().instrument,
  params: { theta: 0.0005, k: 3, n: 12 },
  time: hours((hour) => hour * HOUR),
  f: hours((hour) => (hour === 11 || hour === 12 ? nan : hour <= 8 ? 0.000_01 : 0.000_02)),
  kind: Uint8Array.from({ length: 24 }, (_, i) => (i === 10 ? 0 : i === 11 ? 3 : 1)),
  ema: hours(() => 0),
  d: hours(() => 0),
  neutral: hours(() => 0),
  neutralAssumed: new Uint8Array(24),
  settledAt: Float64Array.of(8 * HOUR, 16 * HOUR),
  settledRate: Float64Array.of(0.000_08, 0.000_16),
  settledIntervalH: Float64Array.of(8, 8),
  settledLate: new Uint8Array(2),
  entryAt: new Float64Array(0),
  entrySide: new Float64Array(0),
  formulaAt: new Float64Array(0),
  formulaSaid: [],
  mark: hours((hour) => 100 + hour),
  index: hours(() => nan),
  completeFrom: HOUR,
  notes: [],
};
const style = { unit: '8h', intervalH: 8, zone: 'utc', continuous: false } as const;

describe('a stretch that is measured', () => {
  it('has the settlements after its first close up to its last one, from whichever side it was drawn', () => {
    const all = measureOf(data, 4 * HOUR, 16.3 * HOUR);
    expect(all).toMatchObject({ from: 4 * HOUR, to: 16 * HOUR, settlements: 2, unknownH: 2, mark: [104, 116] });
    expect(all?.paid).toBeCloseTo(0.000_24, 12);
    expect(measureOf(data, 16.3 * HOUR, 4 * HOUR)).toEqual(all);
    // A position that is opened at a settlement is not charged by it.
    expect(measureOf(data, 8 * HOUR, 15 * HOUR)?.settlements).toBe(0);
    expect(measureOf(data, 7 * HOUR, 8 * HOUR)?.settlements).toBe(1);
  });

  it('is nothing where both ends are one close', () => {
    expect(measureOf(data, 4 * HOUR, 4.2 * HOUR)).toBeNull();
    expect(measureOf({ ...data, time: new Float64Array(0) }, 1, 2)).toBeNull();
  });

  it('is said in the unit of the screen, with who paid', () => {
    const all = measureOf(data, 4 * HOUR, 16 * HOUR);
    if (!all) throw new Error('Nothing was measured.');
    expect(measureLines(all, style)).toEqual([
      '12 h: 01 Jan 04:00 to 01 Jan 16:00 UTC',
      'Rate +0.0080 to +0.0160 %/8h, change +0.0080',
      '2 settlements, longs paid 0.0240 %',
      'Mark 104.000 to 116.000, +11.54 %',
      '2 h between are not known',
    ]);
    const others = { ...all, settlements: 1, paid: -0.0001, unknownH: 0, mark: [nan, 116], f: [nan, 0.000_02] } as const;
    expect(measureLines(others, { ...style, unit: 'apr' }).slice(1)).toEqual([
      'Rate \u2013 to +17.52 % APR, change \u2013',
      '1 settlement, shorts paid 0.0100 %',
      'Mark \u2013 to 116.000, \u2013 %',
    ]);
    expect(measureLines({ ...all, settlements: 5, paid: 0 }, { ...style, continuous: true })[2]).toBe('5 h accrued, nothing paid');
    expect(measureLines({ ...all, settlements: 0, paid: 0 }, style)[2]).toBe('no settlement');
  });

  it('counts real hours', () => {
    expect([5 * HOUR, DAY, 2 * DAY + 3 * HOUR].map(spanText)).toEqual(['5 h', '1 d', '2 d 3 h']);
  });
});

it('a flip is where the other side begins to pay; a rate of nothing and one that is not known are none', () => {
  const rates = [0.1, 0.2, 0, -0.1, nan, -0.2, 0.1];
  expect(flipsOf({ settledAt: Float64Array.from(rates, (_, i) => i), settledRate: Float64Array.from(rates) })).toEqual([3, 6]);
});

it('markers that would cover each other stand as one that names them all', () => {
  const opened: string[] = [];
  const marker = (id: string, t: number) => ({ id, t, sign: id, title: `title ${id}`, open: () => void opened.push(id) });
  const groups = groupMarkers([marker('C', 100), marker('A', 0), marker('B', 10)], (t) => t);
  expect(groups.map(({ x, sign, title }) => [x, sign, title])).toEqual([
    [0, '2', 'title A\ntitle B'],
    [100, 'C', 'title C'],
  ]);
  groups[0]?.open();
  expect(opened).toEqual(['A']);
  const many = groupMarkers(
    Array.from({ length: 12 }, (_, i) => marker(`m${i}`, i)),
    (t) => t,
  );
  expect(many.map(({ sign, title }) => [sign, title.split('\n').at(-1)])).toEqual([['9+', 'and 4 more']]);
});
