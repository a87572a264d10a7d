import { at, type Bins } from './decimate.ts';

/**
 * The signature drawing: divergence on its own band, neutral inside and coloured outside. The sparkline and the big
 * pane draw the rectangles that this file makes; only the painter differs.
 */

/** 0 inside the band; 1 to 4 warm above it, -1 to -4 cool below, growing with |D|/theta. */
export function toneOf(d: number, theta: number): number {
  const ratio = Math.abs(d) / theta;
  if (!(ratio >= 1)) return 0;
  const level = ratio < 1.25 ? 1 : ratio < 1.75 ? 2 : ratio < 2.5 ? 3 : 4;
  return d > 0 ? level : -level;
}

/**
 * The value at the edge of the drawing, symmetric about zero: the largest |D|, and the band with it once that comes
 * near. At least `leastShare` of theta, so that what is far inside the band stays small.
 */
export function extentOf(maxAbsD: number, theta: number, leastShare: number): number {
  const largest = Number.isFinite(maxAbsD) ? maxAbsD : 0;
  return largest > theta * 0.6 ? Math.max(largest, theta) * 1.12 : Math.max(largest * 1.12, theta * leastShare);
}

export function maxAbs(value: Float64Array): number {
  let largest = 0;
  for (const v of value) if (Math.abs(v) > largest) largest = Math.abs(v);
  return largest;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** As toneOf. */
  readonly tone: number;
}

/** Rectangles of one bar: from zero to the band in neutral, what is beyond it in colour. */
export function barRects(
  start: number,
  end: number,
  low: number,
  high: number,
  theta: number,
  toX: (t: number) => number,
  toY: (d: number) => number,
  gapPx: number,
): Rect[] {
  const left = toX(start);
  const right = toX(end);
  const width = Math.max(1, right - left - gapPx);
  const rects: Rect[] = [];
  const add = (from: number, to: number, tone: number): void => {
    if (from === to) return;
    const top = Math.min(toY(from), toY(to));
    const height = Math.abs(toY(from) - toY(to));
    rects.push({ x: left, y: top, width, height: tone === 0 ? Math.max(height, 0.75) : Math.max(height, 1), tone });
  };
  add(0, Math.min(Math.max(high, 0), theta), 0);
  add(0, Math.max(Math.min(low, 0), -theta), 0);
  if (high >= theta) add(theta, high, toneOf(high, theta));
  if (low <= -theta) add(-theta, low, toneOf(low, theta));
  return rects;
}

/** `gapOf`: what of its width, px, a bar leaves free to its neighbour. */
export function allRects(
  bins: Bins,
  theta: number,
  toX: (t: number) => number,
  toY: (d: number) => number,
  gapOf: (width: number) => number,
): Rect[] {
  const rects: Rect[] = [];
  for (let i = 0; i < bins.start.length; i += 1) {
    const [start, end] = [at(bins.start, i), at(bins.end, i)];
    rects.push(...barRects(start, end, at(bins.low, i), at(bins.high, i), theta, toX, toY, gapOf(toX(end) - toX(start))));
  }
  return rects;
}
