import { describe, expect, it } from 'vitest';
import { spreadOf } from '#renderer/charts/compared-model.ts';
import { layoutOf, leastHeight } from '#renderer/charts/layout.ts';
import { movingAverage, priceLinesOf, priceModelOf } from '#renderer/charts/price-model.ts';

const HOUR = 3_600_000;
const nan = Number.NaN;

describe('the moving average', () => {
  it('is the mean of the last closes, and none where one of them is not known', () => {
    expect(Array.from(movingAverage(Float64Array.of(1, 2, 3, 4, nan, 5, 6, 7, 9), 3))).toEqual([nan, nan, 2, 3, nan, nan, nan, 6, 22 / 3]);
    expect(Array.from(movingAverage(new Float64Array(0), 3))).toEqual([]);
  });

  it('does not drift over years of hours', () => {
    const value = Float64Array.from({ length: 30_000 }, (_, i) => (i % 2 === 0 ? 1e5 : 1e-5));
    expect(movingAverage(value, 2).at(-1)).toBeCloseTo(50_000.000_005, 8);
  });
});

it('prices have a scale of their own, with the mark of now where it is in view', () => {
  const time = Float64Array.of(HOUR, 2 * HOUR, 3 * HOUR);
  const lines = priceLinesOf({ time, mark: Float64Array.of(100, 101, 102), index: Float64Array.of(99, nan, 100) }, 2);
  const row = { mark: 110, observedAt: 3.5 * HOUR };
  const model = priceModelOf(lines, row, { from: 0, to: 4 * HOUR, live: true }, 500);
  expect(model.now).toEqual({ t: 3.5 * HOUR, mark: 110 });
  expect([model.range.min < 99, model.range.min > 95, model.range.max > 110]).toEqual([true, true, true]);
  expect(priceModelOf(lines, row, { from: 0, to: 3 * HOUR, live: false }, 500).now).toBeNull();
});

it('the spread is at the closes that both know, whichever began first', () => {
  const own = { time: Float64Array.of(2 * HOUR, 3 * HOUR, 4 * HOUR, 5 * HOUR), f: Float64Array.of(4, nan, 6, 7) };
  const other = { time: Float64Array.of(3 * HOUR, 4 * HOUR), f: Float64Array.of(1, 2) };
  expect(Array.from(spreadOf(own, other).value)).toEqual([nan, nan, 4, nan]);
  expect(Array.from(spreadOf(other, own).value)).toEqual([nan, -4]);
  expect(Array.from(spreadOf(own, { time: new Float64Array(0), f: new Float64Array(0) }).value)).toEqual([nan, nan, nan, nan]);
});

it('panes stand below each other, whole and apart, down to the room of the times', () => {
  for (const [price, more] of [
    [false, 0],
    [true, 0],
    [true, 3],
    [false, 6],
  ] as const) {
    const height = Math.max(400, leastHeight({ price, more }));
    const layout = layoutOf(800, height, { price, more });
    const boxes = [...(layout.price ? [layout.price] : []), layout.funding, layout.divergence, ...layout.more];
    expect(boxes).toHaveLength(2 + more + Number(price));
    for (const [i, box] of boxes.entries()) {
      expect(box.height).toBeGreaterThan(36);
      const before = boxes[i - 1];
      if (before) expect(box.top - (before.top + before.height)).toBe(30);
    }
    const last = boxes.at(-1);
    expect((last?.top ?? 0) + (last?.height ?? 0)).toBe(height - 24);
  }
});
