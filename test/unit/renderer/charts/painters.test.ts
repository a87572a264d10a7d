import { expect, test } from 'vitest';
import { barPainter, dotPainter, DOTS, RECTS, strokePainter, traceDots, traceRects } from '#renderer/charts/painters.ts';
import type { Tokens } from '#renderer/charts/tokens.ts';

const tokens = {
  ...{ surface0: '#000', text1: '#fff', neutralBar: 'grey' },
  ...{ warm: ['w1', 'w2', 'w3', 'w4'], cool: ['c1', 'c2', 'c3', 'c4'] },
} as unknown as Tokens;

// One px an hour and a px a unit of D, upwards; the pane is 100 px high.
const api = { coord: ([t = 0, d = 0]: number[]) => [t, 50 - d] };
const params = { coordSys: { x: 0, y: 0, width: 100, height: 100 } };
interface Painted {
  type: string;
  children: { type: string; shape: { rects: object[]; at: number[] }; style: { fill: string } }[];
}
const paint = (painter: unknown): Painted => (painter as (params: object, api: object) => Painted)(params, api);
const bins = {
  start: Float64Array.of(0, 10, 20),
  end: Float64Array.of(10, 20, 30),
  low: Float64Array.of(1, -3, 1),
  high: Float64Array.of(1, -3, 9),
};

test('all bars are one element a colour', () => {
  const { type, children } = paint(barPainter(bins, 2, tokens));
  expect(type).toBe('group');
  expect(children.map((one) => one.type)).toEqual([RECTS, RECTS, RECTS]);
  // Bars of 10 px leave 1 free. Neutral: 1 px up, 2 px down to the band, 2 px up to it; beyond it one each.
  expect(children.map(({ shape }) => shape.rects)).toEqual([
    [
      { x: 0, y: 49, width: 9, height: 1, tone: 0 },
      { x: 10, y: 50, width: 9, height: 2, tone: 0 },
      { x: 20, y: 48, width: 9, height: 2, tone: 0 },
    ],
    [{ x: 10, y: 52, width: 9, height: 1, tone: -2 }],
    [{ x: 20, y: 41, width: 9, height: 7, tone: 4 }],
  ]);
  expect(new Set(children.map(({ style }) => style.fill)).size).toBe(3);
});

test('dots stand on the points of a line, and none where it breaks', () => {
  const { children } = paint(dotPainter(Float64Array.of(1, 2, 3, Number.NaN, 5, 6), tokens));
  expect(children.map(({ type, shape }) => [type, shape.at])).toEqual([[DOTS, [1, 48, 5, 44]]]);
});

test('settlements are strokes of five px on the axis of time', () => {
  const { children } = paint(strokePainter([7, 9], 'grey'));
  expect(children[0]?.shape.rects).toEqual([
    { x: 6.5, y: 94.5, width: 1, height: 5 },
    { x: 8.5, y: 94.5, width: 1, height: 5 },
  ]);
});

test('they are traced one after another in one path', () => {
  const steps: (string | number)[][] = [];
  const path = {
    rect: (...at: number[]) => steps.push(['rect', ...at]),
    moveTo: (...at: number[]) => steps.push(['moveTo', ...at]),
    arc: (...at: number[]) => steps.push(['arc', ...at.slice(0, 3)]),
  };
  traceRects(path, { rects: [{ x: 1, y: 2, width: 3, height: 4 }] });
  traceDots(path as unknown as CanvasPath, { at: [10, 20, 30, 40] });
  expect(steps).toEqual([
    ['rect', 1, 2, 3, 4],
    ['moveTo', 12, 20],
    ['arc', 10, 20, 2],
    ['moveTo', 32, 40],
    ['arc', 30, 40, 2],
  ]);
});
