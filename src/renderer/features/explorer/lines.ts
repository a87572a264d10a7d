import type { EChartsCoreOption } from 'echarts/core';
import { decimateLine } from '../../charts/decimate.ts';
import { timeLabel, timeTicks } from '../../charts/time-axis.ts';
import type { Tokens } from '../../charts/tokens.ts';
import { niceStep, tickDecimals, ticksOf, type Range } from '../../charts/view.ts';
import type { Zone } from '../../format/time.ts';
import { STROKES } from '../query/query-option.ts';

/** Lines of one unit that share a pane. */
export interface LinePane {
  readonly title: string;
  /** The shown figure per unit of value. */
  readonly factor: number;
  readonly figure: (shown: number, decimals: number) => string;
  readonly lines: readonly { readonly name: string; readonly time: Float64Array; readonly value: Float64Array; readonly holds: boolean }[];
}

export interface LineBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const LEFT = 16;
const RIGHT = 84;
const BOTTOM = 24;
const HEAD = 22;
const TIME_LABEL_PX = 84;

/** Panes below each other on one time axis. */
export function boxesOf(count: number, width: number, height: number): LineBox[] {
  const each = Math.max(40, (height - BOTTOM) / Math.max(1, count));
  return Array.from({ length: count }, (_, i) => ({
    left: LEFT,
    top: i * each + HEAD,
    width: Math.max(40, width - LEFT - RIGHT),
    height: Math.max(20, each - HEAD - 6),
  }));
}

/** Room for what is drawn, in shown figures. */
export function rangeOfPane({ lines, factor }: LinePane, height: number): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const { value } of lines)
    for (const one of value) {
      if (one * factor < low) low = one * factor;
      if (one * factor > high) high = one * factor;
    }
  if (low > high) return { min: -1, max: 1, step: 1 };
  const span = high > low ? high - low : Math.max(Math.abs(high) * 0.1, 1e-9);
  return { min: low - span * 0.06, max: high + span * 0.06, step: niceStep(span, Math.max(2, Math.round(height / 45))) };
}

export function linesStructure(panes: readonly LinePane[], boxes: readonly LineBox[], tokens: Tokens, zone: Zone): EChartsCoreOption {
  const label = { color: tokens.text3, fontFamily: tokens.font, fontSize: 11 };
  return {
    animation: false,
    useUTC: zone === 'utc',
    backgroundColor: 'transparent',
    grid: boxes.map((box) => ({ ...box, outerBoundsMode: 'none' })),
    xAxis: boxes.map((_, i) => ({
      type: 'time',
      gridIndex: i,
      axisLine: { show: true, onZero: false, lineStyle: { color: tokens.line1 } },
      axisTick: { show: false },
      axisLabel: { show: i === boxes.length - 1, hideOverlap: true, margin: 8, ...label },
      splitLine: { show: true, lineStyle: { color: tokens.line1, opacity: 0.6 } },
    })),
    yAxis: boxes.map((_, i) => ({
      type: 'value',
      gridIndex: i,
      position: 'right',
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { margin: 8, showMinLabel: true, showMaxLabel: true, hideOverlap: true, ...label },
      splitLine: { show: true, lineStyle: { color: tokens.line1 } },
    })),
    series: panes.flatMap(({ lines }, pane) =>
      lines.map(({ holds }, i) => {
        const { tone, type } = STROKES[i % STROKES.length] ?? { tone: 'text1' as const, type: 'solid' as const };
        return {
          id: `${pane} ${i}`,
          type: 'line',
          xAxisIndex: pane,
          yAxisIndex: pane,
          animation: false,
          silent: true,
          symbol: 'none',
          step: holds ? 'end' : false,
          dimensions: ['t', 'v'],
          lineStyle: { color: tokens[tone], width: 1.25, type },
        };
      }),
    ),
  };
}

export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

export function linesData(panes: readonly LinePane[], boxes: readonly LineBox[], { from, to }: TimeSpan, zone: Zone): EChartsCoreOption {
  const width = boxes[0]?.width ?? 100;
  const ticks = timeTicks(from, to, Math.max(2, width / TIME_LABEL_PX), zone);
  const ranges = panes.map((pane, i) => rangeOfPane(pane, boxes[i]?.height ?? 100));
  return {
    xAxis: boxes.map(() => ({
      min: from,
      max: to,
      axisLabel: { customValues: ticks, formatter: (t: number) => timeLabel(t, to - from, zone) },
      axisTick: { show: false, customValues: ticks },
    })),
    yAxis: ranges.map((range, i) => ({
      min: range.min,
      max: range.max,
      axisLabel: { customValues: ticksOf(range), formatter: (v: number) => panes[i]?.figure(v, tickDecimals(range.step)) ?? String(v) },
      axisTick: { show: false, customValues: ticksOf(range) },
    })),
    series: panes.flatMap(({ lines, factor }, pane) =>
      lines.map(({ time, value }, i) => ({
        id: `${pane} ${i}`,
        data: decimateLine(
          time,
          value.map((one) => one * factor),
          from,
          to,
          width,
        ),
      })),
    ),
  };
}

/** The span of all that is drawn. */
export function spanOf(panes: readonly LinePane[]): TimeSpan {
  const ends = panes.flatMap(({ lines }) => lines.flatMap(({ time }) => [time[0], time.at(-1)])).filter((t) => t !== undefined);
  return ends.length === 0 ? { from: 0, to: 1 } : { from: Math.min(...ends), to: Math.max(Math.max(...ends), Math.min(...ends) + 1) };
}

/** The point under the pointer: of the lines of the pane at `y`, the one whose value at that time lies nearest; null where nothing is drawn. */
export function pointAt(
  panes: readonly LinePane[],
  boxes: readonly LineBox[],
  { from, to }: TimeSpan,
  x: number,
  y: number,
): { readonly pane: number; readonly line: number; readonly time: number; readonly value: number } | null {
  const pane = boxes.findIndex((box) => y >= box.top - HEAD && y <= box.top + box.height + 6);
  const box = boxes[pane];
  const drawn = panes[pane];
  if (box === undefined || drawn === undefined) return null;
  const t = from + ((x - box.left) / box.width) * (to - from);
  const range = rangeOfPane(drawn, box.height);
  const shown = range.max - ((y - box.top) / box.height) * (range.max - range.min);
  const points = drawn.lines.flatMap(({ time, value }, line) => {
    const after = time.findIndex((one) => one >= t);
    const rows = after === -1 ? [time.length - 1] : [after, after - 1];
    const row = rows
      .filter((i) => i >= 0 && !Number.isNaN(value[i] ?? NaN))
      .sort((a, b) => Math.abs((time[a] ?? 0) - t) - Math.abs((time[b] ?? 0) - t))[0];
    return row === undefined ? [] : [{ pane, line, time: time[row] ?? 0, value: value[row] ?? NaN }];
  });
  const away = ({ value }: { value: number }): number => Math.abs(value * drawn.factor - shown);
  return points.sort((a, b) => away(a) - away(b))[0] ?? null;
}
