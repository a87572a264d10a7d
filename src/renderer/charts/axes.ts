import type { Zone } from '../format/time.ts';
import type { Box } from './layout.ts';
import { timeLabel, timeTicks } from './time-axis.ts';
import type { Tokens } from './tokens.ts';
import { type Range, ticksOf, type View } from './view.ts';

/** Grids and axes of panes below each other: each pane has the id of its value axis, and all of them one stretch of time. */

/** Room for a label of the time axis. */
const TIME_LABEL_PX = 84;

export const gridOption = (id: string, { left, top, width, height }: Box): object => ({
  id: `grid-${id}`,
  left,
  top,
  width,
  height,
  // A long word on the axis must not make this pane narrower than the others.
  outerBoundsMode: 'none',
});

const labels = (tokens: Tokens): object => ({ color: tokens.text3, fontFamily: tokens.font, fontSize: 11 });

/** `shown`: with the times; of the lowest pane. */
export const timeAxis = (id: string, shown: boolean, tokens: Tokens): object => ({
  id: `x-${id}`,
  type: 'time',
  gridId: `grid-${id}`,
  axisLine: { show: true, lineStyle: { color: tokens.line1 } },
  axisTick: { show: false },
  axisLabel: { show: shown, hideOverlap: true, margin: 8, ...labels(tokens) },
  splitLine: { show: true, lineStyle: { color: tokens.line1, opacity: 0.6 } },
  axisPointer: { show: false },
});

export const valueAxis = (id: string, tokens: Tokens): object => ({
  id,
  type: 'value',
  gridId: `grid-${id}`,
  position: 'right',
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { show: true, margin: 8, showMinLabel: true, showMaxLabel: true, hideOverlap: true, ...labels(tokens) },
  splitLine: { show: true, lineStyle: { color: tokens.line1 } },
});

export const axesOf = (id: string): object => ({ xAxisId: `x-${id}`, yAxisId: id });

export function timeRange({ from, to }: View, width: number, zone: Zone): object {
  const times = timeTicks(from, to, Math.max(2, width / TIME_LABEL_PX), zone);
  return {
    min: from,
    max: to,
    axisLabel: { customValues: times, formatter: (t: number) => timeLabel(t, to - from, zone) },
    axisTick: { customValues: times },
  };
}

export function valueRange(range: Range, text: (v: number, step: number) => string, values: readonly number[] | null = null): object {
  const customValues = values ?? ticksOf(range);
  return {
    min: range.min,
    max: range.max,
    axisLabel: { customValues, formatter: (v: number) => text(v, range.step), width: 66, overflow: 'break', lineHeight: 12 },
    // The lines of the grid follow the ticks, which are not drawn themselves.
    axisTick: { customValues },
  };
}

/** Of a series that is only looked at. */
export const quiet = { animation: false, silent: true, z: 3 };
export const lineOf = (id: string, pane: string, over: object): object => ({
  id,
  type: 'line',
  ...axesOf(pane),
  ...quiet,
  symbol: 'none',
  dimensions: ['t', 'v'],
  ...over,
});
/** A hollow point: what is not closed yet. */
export const pointOf = (id: string, pane: string, tokens: Tokens, over: object = {}): object => ({
  id,
  type: 'scatter',
  ...axesOf(pane),
  ...quiet,
  z: 5,
  symbol: 'circle',
  symbolSize: 7,
  itemStyle: { color: tokens.surface0, borderColor: tokens.text1, borderWidth: 1.5 },
  ...over,
});
export const paintedOf = (id: string, pane: string, over: object = {}): object => ({
  id,
  type: 'custom',
  ...axesOf(pane),
  ...quiet,
  clip: true,
  renderItem: () => null,
  ...over,
});

const still = { silent: true, animation: false, symbol: 'none' };
export const markedArea = (over: object): object => ({ ...still, ...over });
export const markedTimes = (over: object): object => ({ ...still, label: { show: false }, ...over });
/** Lines at a value: ECharts would round the value to two decimals and draw the line there. */
export const markedValues = (over: object): object => ({ ...still, precision: -1, label: { show: false }, ...over });
export const zeroLine = (tokens: Tokens): object => ({ yAxis: 0, lineStyle: { color: tokens.line2, width: 1, type: 'solid' } });
