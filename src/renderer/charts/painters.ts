import type { CustomSeriesRenderItem, CustomSeriesRenderItemReturn } from 'echarts';
import { at, type Bins, type Gap } from './decimate.ts';
import { allRects, type Rect } from './divergence-shape.ts';
import { toneColor, type Tokens } from './tokens.ts';

/** What ECharts has no series for: bars on their band, the bar of the hour in progress, and gaps. */

/** Where the pane stands, px: the type of ECharts depends on the coordinate system. */
type Area = Pick<Rect, 'x' | 'y' | 'width' | 'height'>;

export const gapData = (gaps: readonly Gap[]): number[][] => gaps.map((gap) => [gap.from, gap.to]);
/** Shapes of ours (echarts.ts makes them known): one element for all rectangles of a colour, where ECharts would keep one for each. */
export const RECTS = 'rects';
export interface Rects {
  rects: readonly Pick<Rect, 'x' | 'y' | 'width' | 'height'>[];
}
export function traceRects(path: Pick<CanvasPath, 'rect'>, { rects }: Rects): void {
  for (const { x, y, width, height } of rects) path.rect(x, y, width, height);
}
/** And one for all dots of a line: x and y in turn, px. */
export const DOTS = 'dots';
const DOT_PX = 2;
export interface Dots {
  at: readonly number[];
}
export function traceDots(path: Pick<CanvasPath, 'moveTo' | 'arc'>, { at: places }: Dots): void {
  for (let i = 0; i + 1 < places.length; i += 2) {
    const [x = 0, y = 0] = [places[i], places[i + 1]];
    path.moveTo(x + DOT_PX, y);
    path.arc(x, y, DOT_PX, 0, 2 * Math.PI);
  }
}
const filled = (rects: Rects['rects'], fill: string): object => ({ type: RECTS, shape: { rects }, style: { fill } });
/** ECharts' types know its own shapes alone. */
const painted = (elements: readonly object[]): CustomSeriesRenderItemReturn =>
  ({ type: 'group', children: elements }) as unknown as CustomSeriesRenderItemReturn;

/** Data of a series whose painter draws all of it at once. */
export const atOnce = (times: ArrayLike<number>): number[][] =>
  Array.from(times)
    .slice(0, 1)
    .map((t) => [t, 0]);

export function barPainter(bins: Bins, theta: number, tokens: Tokens): CustomSeriesRenderItem {
  return (_params, api) => {
    const toX = (t: number): number => api.coord([t, 0])[0] ?? 0;
    const toY = (d: number): number => api.coord([0, d])[1] ?? 0;
    const rects = allRects(bins, theta, toX, toY, (wide) => (wide > 4 ? 1 : wide > 2 ? 0.5 : 0));
    const tones = new Set(rects.map(({ tone }) => tone));
    const of = (tone: number): Rect[] => rects.filter((rect) => rect.tone === tone);
    return painted([...tones].map((tone) => filled(of(tone), toneColor(tokens, tone))));
  };
}

/** Hollow dots on the points of a line: t and value in turn, NaN where it breaks. */
export function dotPainter(points: Float64Array, tokens: Tokens): CustomSeriesRenderItem {
  return (_params, api) => {
    const places: number[] = [];
    for (let i = 0; i < points.length; i += 2) {
      const [x = 0, y = Number.NaN] = api.coord([at(points, i), at(points, i + 1)]);
      if (!Number.isNaN(y)) places.push(x, y);
    }
    return painted([{ type: DOTS, shape: { at: places }, style: { fill: tokens.surface0, stroke: tokens.text1, lineWidth: 1 } }]);
  };
}

/** Short strokes on the axis of time. */
export function strokePainter(times: readonly number[], color: string): CustomSeriesRenderItem {
  return (params, api) => {
    const { y, height } = params.coordSys as unknown as Area;
    const rects = times.map((t) => ({ x: (api.coord([t, 0])[0] ?? 0) - 0.5, y: y + height - 5.5, width: 1, height: 5 }));
    return painted([filled(rects, color)]);
  };
}

/** The hour in progress: an outline, as it is not closed and moves no state. */
export function runningBarPainter(theta: number, tokens: Tokens): CustomSeriesRenderItem {
  return (_params, api) => {
    const d = Number(api.value(2));
    const [left = 0, zero = 0] = api.coord([Number(api.value(0)), 0]);
    const [right = 0, top = 0] = api.coord([Number(api.value(1)), d]);
    const tone = Math.abs(d) >= theta ? Math.sign(d) * 3 : 0;
    return {
      type: 'rect',
      shape: { x: left + 0.5, y: Math.min(zero, top), width: Math.max(3, right - left - 1), height: Math.max(1, Math.abs(zero - top)) },
      style: { fill: 'transparent', stroke: tone === 0 ? tokens.text3 : toneColor(tokens, tone), lineWidth: 1 },
    };
  };
}

/** A fill that says "nothing is known here"; the page makes it, as patterns need a canvas. */
export type Hatch = HTMLCanvasElement;

export function gapPainter(
  gaps: readonly Gap[],
  style: { readonly tokens: Tokens; readonly hatch: Hatch | null },
  labelled: boolean,
): CustomSeriesRenderItem {
  return (params, api) => {
    const area = params.coordSys as unknown as Area;
    const x0 = Math.max(area.x, api.coord([Number(api.value(0)), 0])[0] ?? 0);
    const x1 = Math.min(area.x + area.width, api.coord([Number(api.value(1)), 0])[0] ?? 0);
    const width = Math.max(1, x1 - x0);
    const label = gaps[params.dataIndex]?.label ?? '';
    const fill = style.hatch ? { image: style.hatch, repeat: 'repeat' as const } : style.tokens.band;
    const rect = { type: 'rect' as const, shape: { x: x0, y: area.y, width, height: area.height }, style: { fill } };
    if (!labelled || width < label.length * 6 + 12) return rect;
    const text = {
      type: 'text' as const,
      style: {
        text: label,
        x: x0 + width / 2,
        y: area.y + area.height / 2,
        align: 'center' as const,
        verticalAlign: 'middle' as const,
        fill: style.tokens.text3,
        font: `11px ${style.tokens.font}`,
        backgroundColor: style.tokens.surface0,
        padding: [2, 6],
      },
    };
    return { type: 'group', children: [rect, text] };
  };
}
