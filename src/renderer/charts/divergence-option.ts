import type { CustomSeriesRenderItem } from 'echarts';
import type { EChartsCoreOption } from 'echarts/core';
import { formatFixed, intervalText } from '../format/numbers.ts';
import type { Zone } from '../format/time.ts';
import { at, type Bins, type Gap } from './decimate.ts';
import { barRects } from './divergence-shape.ts';
import type { Layout } from './layout.ts';
import type { Model } from './divergence-model.ts';
import type { PaneModel } from './pane-model.ts';
import { timeLabel, timeTicks } from './time-axis.ts';
import { toneColor, type Tokens } from './tokens.ts';
import { type Range, tickDecimals, ticksOf } from './view.ts';

/** Options of the two-pane chart, whose lower pane draws the divergence on its band or a chosen metric: pure functions of what is drawn and of the theme. */

/** A fill that says "nothing is known here"; the page makes it, as patterns need a canvas. */
type Hatch = HTMLCanvasElement;

/** Room for a label of the time axis. */
const TIME_LABEL_PX = 84;

export function structureOption(layout: Layout, tokens: Tokens, zone: Zone): EChartsCoreOption {
  const label = { color: tokens.text3, fontFamily: tokens.font, fontSize: 11 };
  const grid = (box: Layout['funding']): object => ({
    left: box.left,
    top: box.top,
    width: box.width,
    height: box.height,
    // A long word on the axis must not make this pane narrower than the other.
    outerBoundsMode: 'none',
  });
  const xAxis = (gridIndex: number, shown: boolean): object => ({
    id: `x${gridIndex}`,
    type: 'time',
    gridIndex,
    axisLine: { show: true, lineStyle: { color: tokens.line1 } },
    axisTick: { show: false },
    axisLabel: { show: shown, hideOverlap: true, margin: 8, ...label },
    splitLine: { show: true, lineStyle: { color: tokens.line1, opacity: 0.6 } },
    axisPointer: { show: false },
  });
  const yAxis = (id: string, gridIndex: number, shown: boolean): object => ({
    id,
    type: 'value',
    gridIndex,
    position: 'right',
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { show: shown, margin: 8, showMinLabel: true, showMaxLabel: true, hideOverlap: true, ...label },
    splitLine: { show: shown, lineStyle: { color: tokens.line1 } },
  });
  const quiet = { animation: false, silent: true, z: 3 };
  const line = (id: string, over: object): object => ({ id, type: 'line', ...quiet, symbol: 'none', dimensions: ['t', 'v'], ...over });
  return {
    animation: false,
    useUTC: zone === 'utc',
    backgroundColor: 'transparent',
    grid: [grid(layout.funding), grid(layout.divergence)],
    xAxis: [xAxis(0, false), xAxis(1, true)],
    yAxis: [yAxis('f', 0, true), yAxis('d', 1, true), yAxis('mark', 0, false)],
    series: [
      { id: 'gap-f', type: 'custom', ...quiet, z: 1, xAxisIndex: 0, yAxisIndex: 0, clip: true, renderItem: () => null },
      // Dashed, so that it is no average: it has another unit and no axis of its own.
      line('mark', { yAxisIndex: 2, z: 2, lineStyle: { color: tokens.markLine, width: 1, type: [6, 3] } }),
      line('neutral', { z: 2, lineStyle: { color: tokens.line2, width: 1, type: [2, 3] } }),
      { id: 'neutral-name', type: 'scatter', ...quiet, symbolSize: 1, itemStyle: { color: 'transparent' } },
      {
        id: 'changes',
        type: 'scatter',
        ...quiet,
        z: 4,
        symbolSize: 1,
        itemStyle: { color: 'transparent' },
        labelLayout: { hideOverlap: true },
      },
      line('ema', { lineStyle: { color: tokens.text3, width: 1.25 } }),
      line('running', {
        symbol: 'circle',
        symbolSize: 4,
        itemStyle: { color: tokens.surface0, borderColor: tokens.text1, borderWidth: 1 },
        lineStyle: { color: tokens.text1, width: 1.25, type: [1.5, 2.5] },
      }),
      line('settled', { step: 'end', z: 4, lineStyle: { color: tokens.text1, width: 1.5 } }),
      line('late', {
        step: 'end',
        z: 4,
        symbol: 'diamond',
        symbolSize: 6,
        itemStyle: { color: tokens.surface0, borderColor: tokens.text1, borderWidth: 1 },
        lineStyle: { color: tokens.text2, width: 1.25, type: [5, 3] },
      }),
      {
        id: 'now-f',
        type: 'scatter',
        ...quiet,
        z: 5,
        symbol: 'circle',
        symbolSize: 7,
        itemStyle: { color: tokens.surface0, borderColor: tokens.text1, borderWidth: 1.5 },
      },
      { id: 'gap-d', type: 'custom', ...quiet, z: 1, xAxisIndex: 1, yAxisIndex: 1, clip: true, renderItem: () => null },
      { id: 'bars', type: 'custom', ...quiet, xAxisIndex: 1, yAxisIndex: 1, clip: true, renderItem: () => null },
      { id: 'now-d', type: 'custom', ...quiet, z: 4, xAxisIndex: 1, yAxisIndex: 1, clip: true, renderItem: () => null },
      line('pane', { xAxisIndex: 1, yAxisIndex: 1, z: 4, lineStyle: { color: tokens.text1, width: 1.25 } }),
      {
        id: 'now-pane',
        type: 'scatter',
        ...quiet,
        z: 5,
        xAxisIndex: 1,
        yAxisIndex: 1,
        symbol: 'circle',
        symbolSize: 7,
        itemStyle: { color: tokens.surface0, borderColor: tokens.text1, borderWidth: 1.5 },
      },
      { id: 'entries', type: 'scatter', ...quiet, z: 6, xAxisIndex: 1, yAxisIndex: 1, symbol: 'triangle', symbolSize: [9, 7], clip: true },
    ],
  };
}

export interface DataStyle {
  readonly tokens: Tokens;
  readonly zone: Zone;
  readonly hatch: Hatch | null;
  readonly showMark: boolean;
  /** Width of the panes in px. */
  readonly width: number;
}

/** `pane`: what the lower pane draws instead of the divergence; null: the divergence. */
export function dataOption(model: Model, style: DataStyle, pane: PaneModel | null = null): EChartsCoreOption {
  const { tokens, zone } = style;
  const { view } = model;
  const span = view.to - view.from;
  const times = timeTicks(view.from, view.to, Math.max(2, style.width / TIME_LABEL_PX), zone);
  const x = {
    min: view.from,
    max: view.to,
    axisLabel: { customValues: times, formatter: (t: number) => timeLabel(t, span, zone) },
    axisTick: { customValues: times },
  };
  const y = (range: Range, text: (v: number, step: number) => string, values: readonly number[] | null = null): object => {
    const customValues = values ?? ticksOf(range);
    return {
      min: range.min,
      max: range.max,
      axisLabel: { customValues, formatter: (v: number) => text(v, range.step), width: 66, overflow: 'break', lineHeight: 12 },
      // The lines of the grid follow the ticks, which are not drawn themselves.
      axisTick: { customValues },
    };
  };
  // About one hollow dot per 7 px still reads as single observations.
  const dots = model.running.length / 2 < style.width / 7;
  const rate = (v: number, step: number): string => formatFixed(v, tickDecimals(step), true);
  return {
    xAxis: [
      { id: 'x0', ...x },
      { id: 'x1', ...x },
    ],
    yAxis: [
      { id: 'f', ...y(model.fRange, rate) },
      { id: 'd', ...(pane ? y(pane.range, pane.tick, pane.ticks) : y(model.dRange, rate)) },
      { id: 'mark', min: model.markRange.min, max: model.markRange.max },
    ],
    series: [
      { id: 'gap-f', data: gapData(model.gaps), renderItem: gapPainter(model.gaps, style, true) },
      { id: 'mark', data: style.showMark ? model.mark : [] },
      { id: 'neutral', data: model.neutral },
      {
        id: 'neutral-name',
        data: namedAt(model.neutral, view.from),
        label: { show: true, position: [4, -12], formatter: 'neutral', color: tokens.text3, fontFamily: tokens.font, fontSize: 10 },
      },
      changeSeries(model, tokens),
      { id: 'ema', data: model.ema },
      { id: 'running', data: model.running, showSymbol: dots },
      { id: 'settled', data: model.settled },
      { id: 'late', data: model.late, showSymbol: model.late.length / 2 < style.width / 7 },
      { id: 'now-f', data: model.now ? [[model.now.t, model.now.f]] : [] },
      ...(pane ? paneSeries(pane, style) : divergenceSeries(model, style)),
    ],
  };
}

/** A line where the interval became another one, and what it became at its top: no gap and no jump of what is paid. */
function changeSeries({ changes, fRange }: Model, tokens: Tokens): object {
  return {
    id: 'changes',
    data: changes.map((change) => ({
      value: [change.at, fRange.max],
      label: { formatter: `${intervalText(change.fromH)} \u2192 ${intervalText(change.toH)}` },
    })),
    label: { show: true, position: [4, 3], color: tokens.text2, fontFamily: tokens.font, fontSize: 10 },
    markLine: {
      ...still,
      label: { show: false },
      lineStyle: { color: tokens.text4, width: 1, type: [1, 3] },
      data: changes.map((change) => ({ xAxis: change.at })),
    },
  };
}

/** The first point of the line in view, at the edge of the view where the line comes in from before it. */
function namedAt(points: Float64Array, from: number): number[][] {
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [t, value, until] = [at(points, i), at(points, i + 1), at(points, i + 2)];
    if (!Number.isNaN(value) && (t >= from || until > from)) return [[Math.max(t, from), value]];
  }
  return [];
}

const gapData = (gaps: readonly Gap[]): number[][] => gaps.map((gap) => [gap.from, gap.to]);
const barData = ({ start, end, low, high }: Bins): number[][] => Array.from(start, (t, i) => [t, at(end, i), at(low, i), at(high, i)]);
const still = { silent: true, animation: false, symbol: 'none' };
/** Lines at a value: ECharts would round the value to two decimals and draw the line there. */
const markedAt = { ...still, precision: -1 };
const zeroLine = (tokens: Tokens): object => ({ yAxis: 0, lineStyle: { color: tokens.line2, width: 1, type: 'solid' } });

function divergenceSeries(model: Model, style: DataStyle): object[] {
  const { tokens } = style;
  const { theta, view } = model;
  return [
    { id: 'gap-d', data: gapData(model.gaps), renderItem: gapPainter(model.gaps, style, false) },
    {
      id: 'bars',
      data: barData(model.bins),
      renderItem: barPainter(theta, tokens),
      markArea: { ...still, itemStyle: { color: tokens.band }, data: model.bandOutside ? [] : [[{ yAxis: -theta }, { yAxis: theta }]] },
      markLine: {
        ...markedAt,
        lineStyle: { color: tokens.bandEdge, width: 1, type: [4, 3] },
        label: { show: false },
        data: [zeroLine(tokens), ...(model.bandOutside ? [] : [{ yAxis: theta }, { yAxis: -theta }])],
      },
    },
    {
      id: 'now-d',
      data: model.now && !Number.isNaN(model.now.d) ? [[Math.max(model.lastClose, view.from), model.now.t, model.now.d]] : [],
      renderItem: runningBarPainter(theta, tokens),
    },
    { id: 'pane', data: [] },
    { id: 'now-pane', data: [] },
    {
      id: 'entries',
      data: model.entries.map(({ t, side }) => ({
        value: [t, side * model.dRange.max * 0.94],
        symbolRotate: side > 0 ? 0 : 180,
        itemStyle: { color: side > 0 ? tokens.warm[3] : tokens.cool[3] },
      })),
    },
  ];
}

/** A chosen metric has no threshold of its own: all of it is neutral. */
function paneSeries(pane: PaneModel, style: DataStyle): object[] {
  const { tokens } = style;
  const { now } = pane;
  const neutral = Number.POSITIVE_INFINITY;
  const hasZero = pane.range.min <= 0 && pane.range.max >= 0;
  return [
    { id: 'gap-d', data: gapData(pane.gaps), renderItem: gapPainter(pane.gaps, style, true) },
    {
      id: 'bars',
      data: pane.bins ? barData(pane.bins) : [],
      renderItem: barPainter(neutral, tokens),
      markArea: { ...still, data: [] },
      markLine: { ...markedAt, label: { show: false }, data: hasZero && !pane.ticks ? [zeroLine(tokens)] : [] },
    },
    { id: 'now-d', data: pane.bins && now ? [[now.from, now.t, now.value]] : [], renderItem: runningBarPainter(neutral, tokens) },
    { id: 'pane', data: pane.line ?? [], step: pane.holds ? 'end' : false },
    { id: 'now-pane', data: pane.line && now ? [[now.t, now.value]] : [] },
    { id: 'entries', data: [] },
  ];
}

function barPainter(theta: number, tokens: Tokens): CustomSeriesRenderItem {
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
function runningBarPainter(theta: number, tokens: Tokens): CustomSeriesRenderItem {
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

function gapPainter(gaps: readonly Gap[], style: DataStyle, labelled: boolean): CustomSeriesRenderItem {
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
