import { windowBounds } from '#bridge/settings.ts';
import { boundsToKeep, placeWindow, type Rectangle } from '#main/bounds.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const primary: Rectangle = { x: 0, y: 25, width: 1920, height: 1055 };
const right: Rectangle = { x: 1920, y: 0, width: 2560, height: 1440 };

describe('a window comes back', () => {
  test('in the middle of the primary screen at the first start, and not larger than it', () => {
    expect(placeWindow(null, [primary])).toEqual({ x: 240, y: 102, width: 1440, height: 900 });
    expect(placeWindow(null, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({ x: 0, y: 0, width: 1280, height: 720 });
  });

  const left = [
    { x: 100, y: 100, width: 1200, height: 800 },
    { x: 2500, y: 300, width: 1600, height: 1000 },
    { x: 1500, y: 200, width: 1200, height: 800 }, // over both screens
    { x: 1700, y: 900, width: 1200, height: 800 }, // half below the edge, its title in reach
  ];
  test.each(left)('where it was left: %j', (saved) => {
    expect(placeWindow(saved, [primary, right])).toEqual(saved);
  });

  test('on the primary screen when its own is gone', () => {
    expect(placeWindow({ x: 2500, y: 300, width: 1600, height: 1000 }, [primary])).toEqual({ x: 160, y: 52, width: 1600, height: 1000 });
  });

  test('within reach when its title is not on any screen', () => {
    expect(placeWindow({ x: 300, y: -400, width: 1000, height: 700 }, [primary])).toEqual({ x: 300, y: 25, width: 1000, height: 700 });
    expect(placeWindow({ x: -950, y: 300, width: 1000, height: 700 }, [primary])).toEqual({ x: 0, y: 300, width: 1000, height: 700 });
  });

  test('no larger than a screen that is smaller now', () => {
    expect(placeWindow({ x: 0, y: 25, width: 3000, height: 2000 }, [primary])).toEqual({ x: 0, y: 25, width: 1920, height: 1055 });
  });
});

const any = fc.record({
  x: fc.integer({ min: -20_000, max: 20_000 }),
  y: fc.integer({ min: -20_000, max: 20_000 }),
  width: fc.integer({ min: 400, max: 20_000 }),
  height: fc.integer({ min: 300, max: 20_000 }),
});
const screenArea = fc.record({
  x: fc.integer({ min: -5000, max: 5000 }),
  y: fc.integer({ min: -5000, max: 5000 }),
  width: fc.integer({ min: 640, max: 6000 }),
  height: fc.integer({ min: 480, max: 4000 }),
});

test('whatever was saved, a hand can take the window by its title, and a second start changes nothing', () => {
  fc.assert(
    fc.property(fc.option(any), screenArea, fc.array(screenArea, { maxLength: 2 }), (saved, first, others) => {
      const screens: [Rectangle, ...Rectangle[]] = [first, ...others];
      const placed = placeWindow(saved, screens);
      const reachable = screens.some(
        (screen) =>
          Math.min(placed.x + placed.width, screen.x + screen.width) - Math.max(placed.x, screen.x) >= 120 &&
          placed.y >= screen.y &&
          placed.y + 24 <= screen.y + screen.height,
      );
      expect(reachable).toBe(true);
      if (others.length === 0) expect(placeWindow(placed, screens)).toEqual(placed);
    }),
  );
});

test('what is kept can be read back', () => {
  fc.assert(
    fc.property(any, fc.boolean(), (normal, maximized) => {
      expect(windowBounds.safeParse(boundsToKeep(normal, maximized)).success).toBe(true);
    }),
  );
  expect(boundsToKeep({ x: 1.4, y: 2.6, width: 399.7, height: 10 }, true)).toEqual({
    x: 1,
    y: 3,
    width: 400,
    height: 300,
    maximized: true,
  });
});
