/** Runs in the page of charts.ts: one chart of one library, its first paint, its steps of panning and zooming, and its heap. */
import { LineSeries, createChart as createLightweight, type UTCTimestamp } from 'lightweight-charts';
import { init } from 'echarts/core';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { gridOption, timeAxis, timeRange, valueAxis } from '#renderer/charts/axes.ts';
import { createChart } from '#renderer/charts/echarts.ts';
import { at } from '#renderer/charts/decimate.ts';
import { movingAverage, priceModelOf } from '#renderer/charts/price-model.ts';
import { PRICE, priceData, priceRange, priceSeries } from '#renderer/charts/price-option.ts';
import { readTokens } from '#renderer/charts/tokens.ts';
import type { View } from '#renderer/charts/view.ts';
import { random } from '#test/support/bench.ts';

export type Library = 'perpscope' | 'uplot' | 'lightweight-charts' | 'echarts';

/** Ms of each step, and what the heap holds above the page and its data, bytes. */
export interface Drawn {
  readonly first: number;
  /** The same of another chart in the same page, whose code has run. */
  readonly again: number;
  readonly pan: readonly number[];
  readonly zoom: readonly number[];
  readonly heap: number;
}

const MINUTE_MS = 60_000;
const START = Date.UTC(2024, 0, 1);
const WIDTH = 1000;
const HEIGHT = 420;
/** Both lines of every chart: a value at each minute and its average over a day. */
const AVERAGE = 1440;

interface Columns {
  readonly time: Float64Array;
  readonly value: Float64Array;
  readonly average: Float64Array;
}
/** Shows a stretch of the time, ms. */
type Show = (from: number, to: number) => void;

function columnsOf(points: number): Columns {
  const next = random(5);
  const time = Float64Array.from({ length: points }, (_, i) => START + i * MINUTE_MS);
  let level = 50_000;
  const value = time.map(() => (level += 20 * next()));
  return { time, value, average: movingAverage(value, AVERAGE) };
}

const makers: Record<Library, (box: HTMLElement, columns: Columns) => Show> = {
  perpscope(box, { time, value, average }) {
    const tokens = readTokens(document.documentElement);
    const pane = { left: 8, top: 8, width: WIDTH - 80, height: HEIGHT - 40 };
    const lines = { mark: { time, value }, index: { time, value: new Float64Array() }, average: { time, value: average } };
    const chart = createChart(box);
    chart.setOption({
      animation: false,
      useUTC: true,
      grid: [gridOption(PRICE, pane)],
      xAxis: [timeAxis(PRICE, true, tokens)],
      yAxis: [valueAxis(PRICE, tokens)],
      series: priceSeries(tokens),
    });
    return (from, to) => {
      const view: View = { from, to, live: false };
      const model = priceModelOf(lines, null, view, pane.width);
      chart.setOption({
        xAxis: [{ id: `x-${PRICE}`, ...timeRange(view, pane.width, 'utc') }],
        yAxis: [priceRange(model, pane.height)],
        series: priceData(model),
      });
    };
  },
  uplot(box, { time, value, average }) {
    const line = (stroke: string): uPlot.Series => ({ stroke, width: 1.25 });
    const chart = new uPlot(
      {
        ...{ width: WIDTH, height: HEIGHT, ms: 1, legend: { show: false }, cursor: { show: false } },
        series: [{}, line('#ddd'), line('#888')],
      },
      [time, value, average],
      box,
    );
    return (min, max) => chart.setScale('x', { min, max });
  },
  'lightweight-charts'(box, { time, value, average }) {
    const chart = createLightweight(box, { width: WIDTH, height: HEIGHT });
    for (const [color, column] of [
      ['#ddd', value],
      ['#888', average],
    ] as const) {
      const series = chart.addSeries(LineSeries, { color, lineWidth: 1, lastValueVisible: false, priceLineVisible: false });
      // Its own form of data is a part of what it costs.
      series.setData(
        Array.from(time, (t, i) => ({ time: (t / 1000) as UTCTimestamp, value: at(column, i) })).filter((one) => !Number.isNaN(one.value)),
      );
    }
    chart.timeScale().applyOptions({ minBarSpacing: 0.0001 });
    return (from, to) => chart.timeScale().setVisibleRange({ from: (from / 1000) as UTCTimestamp, to: (to / 1000) as UTCTimestamp });
  },
  echarts(box, { time, value, average }) {
    const chart = init(box, null, { renderer: 'canvas' });
    const line = (color: string, column: Float64Array): object => {
      const data = new Float64Array(time.length * 2);
      for (let i = 0; i < time.length; i++) {
        data[2 * i] = at(time, i);
        data[2 * i + 1] = at(column, i);
      }
      return {
        ...{ type: 'line', symbol: 'none', sampling: 'lttb', animation: false, silent: true },
        lineStyle: { color, width: 1.25 },
        data,
      };
    };
    chart.setOption({
      animation: false,
      useUTC: true,
      xAxis: { type: 'time' },
      yAxis: { type: 'value', scale: true },
      series: [line('#ddd', value), line('#888', average)],
    });
    return (min, max) => chart.setOption({ xAxis: { min, max } });
  },
};

/** Resolves once what was drawn is in a frame. */
function frame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
  });
}

async function steps(show: Show, views: readonly (readonly [number, number])[]): Promise<number[]> {
  const took: number[] = [];
  for (const [from, to] of views) {
    const began = performance.now();
    show(from, to);
    await frame();
    took.push(performance.now() - began);
  }
  return took;
}

interface Measured extends Performance {
  readonly memory: { readonly usedJSHeapSize: number };
}
declare const gc: () => void;
async function heapNow(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    gc();
    await frame();
  }
  return (performance as Measured).memory.usedJSHeapSize;
}

export async function draw(library: Library, points: number, stepCount: number): Promise<Drawn> {
  const columns = columnsOf(points);
  const [first, last] = [at(columns.time, 0), at(columns.time, points - 1)];
  const whole = last - first;
  const before = await heapNow();
  const open = async (): Promise<{ show: Show; ms: number }> => {
    const box = document.createElement('div');
    box.style.cssText = `width:${WIDTH}px;height:${HEIGHT}px`;
    document.body.replaceChildren(box);
    await frame();
    const began = performance.now();
    const show = makers[library](box, columns);
    show(first, last);
    await frame();
    return { show, ms: performance.now() - began };
  };
  const { show, ms } = await open();

  const part = (i: number): number => i / stepCount;
  // Half of it moves from the left end to the right; then all of it shrinks to a hundredth, and grows again.
  const panned = Array.from({ length: stepCount }, (_, i) => [first + (part(i) * whole) / 2, first + ((1 + part(i)) * whole) / 2] as const);
  const zoomed = Array.from({ length: stepCount }, (_, i) => {
    const half = (whole * 0.01 ** (1 - Math.abs(1 - 2 * part(i)))) / 2;
    return [(first + last) / 2 - half, (first + last) / 2 + half] as const;
  });
  const pan = await steps(show, panned);
  const zoom = await steps(show, zoomed);
  const heap = (await heapNow()) - before;
  return { first: ms, again: (await open()).ms, pan, zoom, heap };
}

Object.assign(window, { draw });
