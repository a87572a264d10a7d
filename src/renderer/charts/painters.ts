import type { CustomSeriesRenderItem } from 'echarts';
import { at, type Bins, type Gap } from './decimate.ts';
import { barRects } from './divergence-shape.ts';
import { toneColor, type Tokens } from './tokens.ts';

/** What ECharts has no series for: bars on their band, the bar of the hour in progress, and gaps. */

export const gapData = (gaps: readonly Gap[]): number[][] => gaps.map((gap) => [gap.from, gap.to]);
export const barData = ({ start, end, low, high }: Bins): number[][] =>
  Array.from(start, (t, i) => [t, at(end, i), at(low, i), at(high, i)]);

export function barPainter(theta: number, tokens: Tokens): CustomSeriesRenderItem {
  return (_params, api) => {
    const toX = (t: number): number => api.coord([t, 0])[0] ?? 0;
    const toY = (d: number): number => api.coord([0, d])[1] ?? 0;
    const [start, end, low, high] = [0, 1, 2, 3].map((dimension) => Number(api.value(dimension)));
    const wide = toX(end ?? 0) - toX(start ?? 0);
    const rects = barRects(start ?? 0, end ?? 0, low ?? 0, high ?? 0, theta, toX, toY, wide > 4 ? 1 : wide > 2 ? 0.5 : 0);
    return {
      type: 'group',
      children: rects.map(({ x, y, width, height, tone }) => ({
        type: 'rect',
        shape: { x, y, width, height },
        style: { fill: toneColor(tokens, tone) },
      })),
    };
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
    const area = params.coordSys as unknown as { x: number; y: number; width: number; height: number }; // its type depends on the coordinate system
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
