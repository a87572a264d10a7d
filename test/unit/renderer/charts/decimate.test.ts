import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binExtremes, decimateLine, gapsOf, lowerBound, nearest } from '#renderer/charts/decimate.ts';

const HOUR = 3_600_000;
const hours = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => (i + 1) * HOUR);
const valuesOf = (points: Float64Array): number[] => Array.from(points).filter((_, i) => i % 2 === 1);

describe('lowerBound and nearest', () => {
  it('find the place of a time', () => {
    const time = Float64Array.of(10, 20, 30);
    expect([5, 10, 15, 30, 31].map((t) => lowerBound(time, t))).toEqual([0, 0, 1, 2, 3]);
    expect([0, 14, 16, 99].map((t) => nearest(time, t))).toEqual([0, 0, 1, 2]);
    expect(nearest(new Float64Array(), 5)).toBe(-1);
  });
});

describe('decimateLine', () => {
  it('keeps the spike of a year on 300 px', () => {
    const time = hours(8760);
    const value = new Float64Array(8760);
    value[4321] = 9;
    value[7000] = -7;
    const points = decimateLine(time, value, HOUR, 8760 * HOUR, 300);
    expect(points.length / 2).toBeLessThanOrEqual(4 * 302);
    expect(Math.max(...valuesOf(points))).toBe(9);
    expect(Math.min(...valuesOf(points))).toBe(-7);
  });

  it('keeps least and greatest of any series, ascending in time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.constant(Number.NaN)), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 60 }),
        (list, columns) => {
          const value = Float64Array.from(list);
          const points = decimateLine(hours(list.length), value, HOUR, list.length * HOUR, columns);
          const kept = valuesOf(points).filter((v) => !Number.isNaN(v));
          const known = list.filter((v) => !Number.isNaN(v));
          expect(kept.length === 0).toBe(known.length === 0);
          if (known.length > 0) {
            expect(Math.max(...kept)).toBe(Math.max(...known));
            expect(Math.min(...kept)).toBe(Math.min(...known));
          }
          for (let i = 2; i < points.length; i += 2) expect(points[i]).toBeGreaterThan(points[i - 2] ?? Infinity);
        },
      ),
    );
  });

  it('breaks the line at a gap that fills a pixel column', () => {
    const value = Float64Array.from({ length: 1000 }, (_, i) => (i >= 400 && i < 600 ? Number.NaN : 1));
    const points = decimateLine(hours(1000), value, HOUR, 1000 * HOUR, 50);
    expect(valuesOf(points).some(Number.isNaN)).toBe(true);
  });

  it('runs one point past each edge of the view', () => {
    const points = decimateLine(hours(100), Float64Array.from(hours(100)), 40.5 * HOUR, 50.5 * HOUR, 500);
    expect(points[0]).toBe(40 * HOUR);
    expect(points[points.length - 2]).toBe(51 * HOUR);
  });
});

describe('binExtremes', () => {
  it('draws each hour where there is room', () => {
    const bins = binExtremes(hours(3), Float64Array.of(1, Number.NaN, -2), 0, 3 * HOUR, 100, HOUR);
    expect(Array.from(bins.start)).toEqual([0, 2 * HOUR]);
    expect(Array.from(bins.end)).toEqual([HOUR, 3 * HOUR]);
    expect(Array.from(bins.low)).toEqual([1, -2]);
  });

  it('joins hours into columns without losing an extreme', () => {
    const value = Float64Array.from({ length: 2000 }, (_, i) => (i === 777 ? 5 : i === 1500 ? -6 : 0.1));
    const bins = binExtremes(hours(2000), value, 0, 2000 * HOUR, 200, HOUR);
    expect(bins.start.length).toBeLessThanOrEqual(201);
    expect(Math.max(...bins.high)).toBe(5);
    expect(Math.min(...bins.low)).toBe(-6);
  });

  it('cuts the columns at the same times while the view moves', () => {
    const value = Float64Array.from({ length: 2000 }, (_, i) => Math.sin(i));
    const a = binExtremes(hours(2000), value, 0, 1500 * HOUR, 150, HOUR);
    const b = binExtremes(hours(2000), value, 7 * HOUR, 1507 * HOUR, 150, HOUR);
    const shared = new Set(a.start);
    const inside = Array.from(b.start).filter((t) => t > 20 * HOUR && t < 1480 * HOUR);
    expect(inside.length).toBeGreaterThan(100);
    for (const start of inside) expect(shared.has(start)).toBe(true);
  });
});

it('finds gaps with the hours that they cover, one for each reason', () => {
  const reasons = [null, 'no data', 'no data', 'interval unknown', null, 'no data'];
  expect(gapsOf(hours(6), (i) => reasons[i] ?? null, HOUR)).toEqual([
    { from: HOUR, to: 3 * HOUR, label: 'no data' },
    { from: 3 * HOUR, to: 4 * HOUR, label: 'interval unknown' },
    { from: 5 * HOUR, to: 6 * HOUR, label: 'no data' },
  ]);
});
