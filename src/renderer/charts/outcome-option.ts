import type { EChartsCoreOption } from 'echarts/core';
import { formatFixed, formatPrice } from '../format/numbers.ts';
import { formatTime, type Zone } from '../format/time.ts';
import type { Tokens } from './tokens.ts';
import { niceStep, tickDecimals, ticksOf, type Range } from './view.ts';

/** What a decision comes to, drawn: money over price, or over time. Neutral: colour belongs to crowding. */

export interface OutcomeLine {
  readonly id: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly style: 'main' | 'expected' | 'zero';
  readonly step?: true;
}

export interface OutcomeMark {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Hollow: an estimate. */
  readonly hollow?: true;
}

export interface Outcome {
  readonly over: 'price' | 'time';
  /** Whether the values are prices, which are not measured from 0. */
  readonly values: 'money' | 'price';
  readonly lines: readonly OutcomeLine[];
  readonly marks: readonly OutcomeMark[];
}

interface Box {
  readonly width: number;
  readonly height: number;
}

const LEFT = 24;
const RIGHT = 76;
/** Room for the names of marks. */
const TOP = { price: 40, time: 10 } as const;
const BOTTOM = 24;
const CHAR_PX = 6.2;

const finite = (values: Iterable<number>): number[] => [...values].filter((value) => Number.isFinite(value));

function rangeOf(values: readonly number[], wanted: number, withZero: boolean): Range {
  const all = withZero ? [0, ...values] : values;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const span = high > low ? high - low : Math.max(Math.abs(high) * 0.01, 1e-9);
  const step = niceStep(span, wanted);
  return { min: low - span * 0.06, max: high + span * 0.06, step };
}

export function xRange({ lines }: Outcome): { readonly min: number; readonly max: number } {
  const xs = lines.flatMap(({ x }) => [x[0] ?? Number.NaN, x.at(-1) ?? Number.NaN]).filter((x) => Number.isFinite(x));
  return { min: Math.min(...xs), max: Math.max(...xs) };
}

/** What is marked beyond the edges of the drawing, in words with an arrow to its side. */
export function beyondText(outcome: Outcome): string {
  const { min, max } = xRange(outcome);
  return outcome.marks
    .filter(({ x }) => x < min || x > max)
    .map(({ x, text }) => (x < min ? `\u2190 ${text} ${formatPrice(x)}` : `${text} ${formatPrice(x)} \u2192`))
    .join(', ');
}

/** In which of the rows above the drawing each mark has its name, so that neighbours do not cover each other. */
export function rowsOf(
  marks: readonly OutcomeMark[],
  { min, max }: { readonly min: number; readonly max: number },
  width: number,
): number[] {
  const inner = Math.max(1, width - LEFT - RIGHT);
  const order = marks.map((mark, i) => ({ mark, i })).sort((a, b) => a.mark.x - b.mark.x);
  const ends: number[] = [];
  const rows = marks.map(() => 0);
  for (const { mark, i } of order) {
    const at = ((mark.x - min) / (max - min || 1)) * inner;
    const half = (mark.text.length * CHAR_PX) / 2;
    let row = ends.findIndex((end) => end + 8 <= at - half);
    if (row === -1) row = ends.length;
    ends[row] = at + half;
    rows[i] = row;
  }
  return rows;
}

export function outcomeStructure({ width, height }: Box, tokens: Tokens, zone: Zone, over: Outcome['over']): EChartsCoreOption {
  const label = { color: tokens.text3, fontFamily: tokens.font, fontSize: 11 };
  const quiet = { type: 'line', animation: false, silent: true, symbol: 'none' };
  return {
    animation: false,
    useUTC: zone === 'utc',
    backgroundColor: 'transparent',
    grid: [
      {
        left: LEFT,
        top: TOP[over],
        width: Math.max(40, width - LEFT - RIGHT),
        height: Math.max(30, height - TOP[over] - BOTTOM),
        outerBoundsMode: 'none',
      },
    ],
    xAxis: [
      {
        type: over === 'time' ? 'time' : 'value',
        axisLine: { show: true, onZero: false, lineStyle: { color: tokens.line1 } },
        axisTick: { show: false },
        axisLabel: { hideOverlap: true, margin: 8, ...label },
        splitLine: { show: false },
      },
    ],
    yAxis: [
      {
        type: 'value',
        position: 'right',
        axisLine: { show: false },
        axisLabel: { margin: 8, showMinLabel: true, showMaxLabel: true, hideOverlap: true, ...label },
        splitLine: { show: true, lineStyle: { color: tokens.line1 } },
      },
    ],
    series: [
      { id: 'main', ...quiet, z: 4, lineStyle: { color: tokens.text1, width: 1.5 } },
      { id: 'expected', ...quiet, z: 3, lineStyle: { color: tokens.text2, width: 1.25, type: [2, 3] } },
      { id: 'marks', type: 'scatter', animation: false, silent: true, z: 5, symbol: 'circle', symbolSize: 7 },
    ],
  };
}

export function outcomeData(outcome: Outcome, { width, height }: Box, tokens: Tokens, zone: Zone): EChartsCoreOption {
  const { lines, marks, over, values } = outcome;
  const x = xRange(outcome);
  const inside = marks.filter((mark) => mark.x >= x.min && mark.x <= x.max);
  const rows = rowsOf(inside, x, width);
  const y = rangeOf(finite(lines.flatMap((line) => [...line.y])), Math.max(2, Math.round(height / 45)), values === 'money');
  const decimals = tickDecimals(y.step);
  const ticks = ticksOf(y);
  const xs = over === 'price' ? ticksOf({ ...x, step: niceStep(x.max - x.min, Math.max(2, width / 110)) }) : null;
  const xDecimals = tickDecimals(niceStep(x.max - x.min, Math.max(2, width / 110)));
  const line = (id: OutcomeLine['style']): object => {
    const found = lines.find(({ style }) => style === id);
    return { id, data: found ? Array.from(found.x, (at, i) => [at, found.y[i] ?? Number.NaN]) : [], step: found?.step ? 'end' : false };
  };
  const clock = (t: number): string => (x.max - x.min > 3 * 86_400_000 ? formatTime(t, 'day', zone) : formatTime(t, 'minute', zone));
  return {
    xAxis: [
      {
        min: x.min,
        max: x.max,
        axisLabel: {
          ...(xs ? { customValues: xs } : {}),
          formatter: (v: number) => (over === 'time' ? clock(v) : formatFixed(v, xDecimals)),
        },
      },
    ],
    yAxis: [
      {
        min: y.min,
        max: y.max,
        axisLabel: {
          customValues: ticks,
          formatter: (v: number) => (values === 'price' ? formatPrice(v) : formatFixed(v, decimals, true)),
        },
        axisTick: { show: false, customValues: ticks },
      },
    ],
    series: [
      {
        ...line('main'),
        markLine: {
          silent: true,
          animation: false,
          symbol: 'none',
          precision: -1,
          label: { show: false },
          lineStyle: { color: tokens.line2, width: 1, type: [2, 3] },
          data: [
            ...(values === 'money' ? [{ yAxis: 0, lineStyle: { color: tokens.bandEdge, type: 'solid' } }] : []),
            ...inside.map((mark) => ({ xAxis: mark.x })),
          ],
        },
      },
      line('expected'),
      {
        id: 'marks',
        data: inside.map((mark, i) => ({
          value: [mark.x, mark.y],
          itemStyle: {
            color: mark.hollow ? tokens.surface0 : tokens.text1,
            borderColor: tokens.text1,
            borderWidth: 1.5,
          },
          label: {
            show: true,
            formatter: mark.text,
            position: 'top',
            // From the point to its row above the drawing.
            offset: [0, (rows[i] ?? 0) * 12 - (y.max - mark.y) * ((height - TOP[over] - BOTTOM) / (y.max - y.min)) - 22],
            color: tokens.text2,
            fontFamily: tokens.font,
            fontSize: 10,
          },
        })),
      },
    ],
  };
}
