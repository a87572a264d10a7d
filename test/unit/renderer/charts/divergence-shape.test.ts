import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barRects, extentOf, maxAbs, toneOf } from '#renderer/charts/divergence-shape.ts';

const theta = 0.0005;

describe('toneOf', () => {
  it('is neutral inside the band and grows outside, with the sign', () => {
    expect([0, 0.000_499, 0.0005, -0.0005, 0.0007, 0.001, 0.002, -0.002].map((d) => toneOf(d, theta))).toEqual([0, 0, 1, -1, 2, 3, 4, -4]);
    expect(toneOf(Number.NaN, theta)).toBe(0);
  });
});

describe('extentOf', () => {
  it('shows the band once the data comes near it, and else looks closer, to a limit', () => {
    expect(extentOf(0, theta, 0.25)).toBe(theta / 4);
    expect(extentOf(Number.NaN, theta, 0.25)).toBe(theta / 4);
    expect(extentOf(0.0004, theta, 0.25)).toBeGreaterThan(theta);
    expect(extentOf(0.002, theta, 0.25)).toBeGreaterThan(0.002);
    expect(extentOf(0.0002, theta, 0.02)).toBeLessThan(theta);
    expect(extentOf(0.0002, theta, 0.02)).toBeGreaterThan(0.0002);
  });
});

describe('barRects', () => {
  const toX = (t: number): number => t;
  const toY = (d: number): number => -d;

  it('colours only what is beyond the band', () => {
    const rects = barRects(0, 10, 0, 3, 1, toX, toY, 0);
    expect(rects).toEqual([
      { x: 0, y: -1, width: 10, height: 1, tone: 0 },
      { x: 0, y: -3, width: 10, height: 2, tone: 4 },
    ]);
  });

  it('draws both sides of a column that was above and below', () => {
    const rects = barRects(0, 10, -2, 2, 1, toX, toY, 0);
    expect(rects.map(({ tone }) => Math.sign(tone)).toSorted()).toEqual([-1, 0, 0, 1]);
  });

  it('is neutral alone inside, whatever the bar', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.999, max: 0.999, noNaN: true }), (d) => {
        for (const { tone } of barRects(0, 5, d, d, 1, toX, toY, 0)) expect(tone).toBe(0);
      }),
    );
  });
});

it('finds the largest value past missing ones', () => {
  expect(maxAbs(Float64Array.of(Number.NaN, -3, 2))).toBe(3);
  expect(maxAbs(new Float64Array())).toBe(0);
});
