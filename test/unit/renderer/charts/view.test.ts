import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, liveView, MIN_SPAN_MS, niceStep, pan, tickDecimals, ticksOf, zoom } from '#renderer/charts/view.ts';

const DAY = 86_400_000;
const now = 1000 * DAY;
const earliest = 700 * DAY;

describe('views', () => {
  it('a live one follows the clock, a moved one stays', () => {
    const live = liveView(7 * DAY, now);
    const later = advance(live, now + DAY);
    expect(later.to - later.from).toBeCloseTo(live.to - live.from, 3);
    expect(later.from - live.from).toBeCloseTo(DAY, 3);
    const moved = pan(live, -3 * DAY, earliest, now);
    expect(moved.live).toBe(false);
    expect(advance(moved, now + DAY)).toBe(moved);
  });

  it('moving back to the present follows the clock again', () => {
    expect(pan(pan(liveView(7 * DAY, now), -3 * DAY, earliest, now), 5 * DAY, earliest, now).live).toBe(true);
  });

  it('zooming keeps the moment under the pointer where it is', () => {
    const view = pan(liveView(30 * DAY, now), -60 * DAY, earliest, now);
    const anchor = view.from + (view.to - view.from) * 0.3;
    const closer = zoom(view, 0.5, anchor, earliest, now);
    expect(closer.to - closer.from).toBeCloseTo((view.to - view.from) / 2, 0);
    expect((anchor - closer.from) / (closer.to - closer.from)).toBeCloseTo(0.3, 6);
  });

  it('stays inside the data and above the least span, whatever is done to it', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('zoom' as const),
        factor: fc.double({ min: 0.05, max: 20, noNaN: true }),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ kind: fc.constant('pan' as const), days: fc.double({ min: -500, max: 500, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let view = liveView(7 * DAY, now);
        for (const each of steps) {
          view =
            each.kind === 'zoom'
              ? zoom(view, each.factor, view.from + (view.to - view.from) * each.at, earliest, now)
              : pan(view, each.days * DAY, earliest, now);
          expect(view.to - view.from).toBeGreaterThanOrEqual(MIN_SPAN_MS * 0.97);
          expect(view.to).toBeLessThanOrEqual(now + (view.to - view.from) * 0.03);
          expect(view.from).toBeGreaterThanOrEqual(earliest - (now - earliest) * 0.06);
        }
      }),
    );
  });
});

describe('ticks', () => {
  it('are round and inside', () => {
    expect(ticksOf({ min: -0.93, max: 0.88, step: 0.5 })).toEqual([-0.5, 0, 0.5]);
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), fc.integer({ min: 2, max: 6 }), (span, wanted) => {
        const count = span / niceStep(span, wanted);
        expect(count).toBeGreaterThan(wanted * 0.6);
        expect(count).toBeLessThan(wanted * 1.7);
      }),
    );
  });

  it('are told apart by as few decimals as will do', () => {
    expect([1, 0.5, 0.25, 0.01, 0.002, 250].map(tickDecimals)).toEqual([0, 1, 2, 2, 3, 0]);
  });
});
