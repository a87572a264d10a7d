import type { WindowBounds } from '#bridge/settings.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A window as far as its place goes. */
export interface Placeable {
  getBounds(): Rectangle;
  setBounds(bounds: Rectangle): void;
}

const firstSize = { width: 1440, height: 900 };
const leastSize = { width: 400, height: 300 };
/** As much of the title bar must be on a screen that a hand can take the window by it. */
const grip = { width: 120, height: 24 };

const overlap = (from: number, length: number, otherFrom: number, otherLength: number): number =>
  Math.max(0, Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom));

const area = (a: Rectangle, b: Rectangle): number => overlap(a.x, a.width, b.x, b.width) * overlap(a.y, a.height, b.y, b.height);

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, high));

/**
 * Where the window goes (device-independent pixels): as it was left, unless its screen is gone or smaller now.
 * `screens` are work areas, the primary first; there is at least one.
 */
export function placeWindow(saved: Rectangle | null, screens: readonly [Rectangle, ...Rectangle[]]): Rectangle {
  const primary = screens[0];
  if (saved === null) return centred(firstSize, primary);
  const screen = screens.reduce((best, next) => (area(saved, next) > area(saved, best) ? next : best));
  if (area(saved, screen) === 0) return centred(saved, primary);
  const placed = { x: saved.x, y: saved.y, ...fitted(saved, screen) };
  if (screens.some((candidate) => inReach(placed, candidate))) return placed;
  return {
    ...placed,
    x: clamp(placed.x, screen.x, screen.x + screen.width - placed.width),
    y: clamp(placed.y, screen.y, screen.y + screen.height - placed.height),
  };
}

export const isSame = (a: Rectangle, b: Rectangle): boolean => a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

const inReach = (window: Rectangle, screen: Rectangle): boolean =>
  overlap(window.x, window.width, screen.x, screen.width) >= grip.width &&
  window.y >= screen.y &&
  window.y + grip.height <= screen.y + screen.height;

function fitted(size: { width: number; height: number }, screen: Rectangle): { width: number; height: number } {
  return {
    width: clamp(size.width, Math.min(leastSize.width, screen.width), screen.width),
    height: clamp(size.height, Math.min(leastSize.height, screen.height), screen.height),
  };
}

function centred(size: { width: number; height: number }, screen: Rectangle): Rectangle {
  const { width, height } = fitted(size, screen);
  return { x: screen.x + Math.floor((screen.width - width) / 2), y: screen.y + Math.floor((screen.height - height) / 2), width, height };
}

/** What is kept of a window: its normal bounds, so that a maximized one comes back maximized over a sensible size. */
export function boundsToKeep(normal: Rectangle, maximized: boolean): WindowBounds {
  return {
    x: Math.round(normal.x),
    y: Math.round(normal.y),
    width: Math.max(leastSize.width, Math.round(normal.width)),
    height: Math.max(leastSize.height, Math.round(normal.height)),
    maximized,
  };
}
