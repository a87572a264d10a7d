import { createRequire } from 'node:module';
import { getHeapStatistics } from 'node:v8';
import { mstd, ema as indicatortsEma } from 'indicatorts';
import { EMA as StreamingEma } from 'trading-signals';
import { emaDivergence } from '#domain/divergence.ts';
import { RollingMoments, rollingSd } from '#domain/metrics/rolling/moments.ts';
import { SortedWindow } from '#domain/metrics/rolling/sorted.ts';
import { bareEma, inMs, random, tell, timed } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';

/**
 * Averages, deviations and quantiles over a series against bare typed-array loops that do the same with no gaps and no care for
 * drift, and against the indicator libraries of npm. Absolute figures belong to the machine; the ratios are what a change must not
 * worsen.
 */
const POINTS = isShort ? 20_000 : 1_000_000;
const ROUNDS = isShort ? 2 : 25;

interface Indicators {
  ema(input: { period: number; values: readonly number[] }): number[];
  sd(input: { period: number; values: readonly number[] }): number[];
}
// One API; the ES module of the second does not load in Node, its CommonJS one does.
const require = createRequire(import.meta.url);
const simple = require('technicalindicators') as Indicators;
const fast = require('fast-technical-indicators') as Indicators;

const next = random(7);
const points = new Float64Array(POINTS);
let level = 0;
for (let i = 0; i < POINTS; i++) points[i] = level = 0.97 * level + 1e-5 * next();
const numbers = Array.from(points);

/** Welford's update with the oldest taken away: it drifts, and never comes back to 0 on a plateau. */
function bareSd(n: number): Float64Array {
  const out = new Float64Array(POINTS);
  let mean = 0;
  let m2 = 0;
  for (let i = 0; i < POINTS; i++) {
    const x = points[i]!;
    if (i < n) {
      const delta = x - mean;
      mean += delta / (i + 1);
      m2 += delta * (x - mean);
    } else {
      const old = points[i - n]!;
      const before = mean;
      mean += (x - old) / n;
      m2 += (x - old) * (x - mean + old - before);
    }
    out[i] = Math.sqrt(Math.max(m2, 0) / (Math.min(i + 1, n) - 1 || 1));
  }
  return out;
}

function bareQuantile(n: number, p: number): Float64Array {
  const out = new Float64Array(POINTS);
  const sorted = new Float64Array(n);
  const find = (x: number, count: number): number => {
    let low = 0;
    let high = count;
    while (low < high) {
      const at = (low + high) >>> 1;
      if (sorted[at]! < x) low = at + 1;
      else high = at;
    }
    return low;
  };
  for (let i = 0; i < POINTS; i++) {
    let count = Math.min(i, n);
    if (i >= n) {
      const gone = find(points[i - n]!, n);
      sorted.copyWithin(gone, gone + 1, n);
      count = n - 1;
    }
    const at = find(points[i]!, count);
    sorted.copyWithin(at + 1, at, count);
    sorted[at] = points[i]!;
    const position = count * p;
    const low = Math.floor(position);
    out[i] = sorted[low]! + (position - low) * (sorted[Math.min(low + 1, count)]! - sorted[low]!);
  }
  return out;
}

function ourQuantile(n: number, p: number): Float64Array {
  const out = new Float64Array(POINTS);
  const window = new SortedWindow(n);
  for (let i = 0; i < POINTS; i++) {
    window.push(points[i]!);
    out[i] = window.quantile(p);
  }
  return out;
}

function streamingEma(n: number): void {
  const ema = new StreamingEma(n);
  for (const x of numbers) ema.add(x);
}

/** Bytes that a million points leave behind. */
function garbageOf(work: () => void): number {
  work();
  const before = getHeapStatistics().total_heap_size;
  const used = process.memoryUsage().heapUsed;
  work();
  return Math.max(0, process.memoryUsage().heapUsed - used) + Math.max(0, getHeapStatistics().total_heap_size - before);
}

function against(what: string, ours: number, bare: number, rivals: Readonly<Record<string, number>>): void {
  tell(`${what}, ${POINTS} points`, `${inMs(ours)}, ${(ours / bare).toFixed(2)} x the bare loop (${inMs(bare)})`);
  for (const [name, theirs] of Object.entries(rivals)) tell(`... ${name}`, `${inMs(theirs)}, ${(theirs / ours).toFixed(1)} x ours`);
}

against(
  'EMA divergence, n = 12',
  timed(() => emaDivergence(points, 12), ROUNDS),
  timed(() => bareEma(points, 12), ROUNDS),
  {
    'trading-signals': timed(() => streamingEma(12), 2),
    technicalindicators: timed(() => simple.ema({ period: 12, values: numbers }), 2),
    indicatorts: timed(() => indicatortsEma(numbers, { period: 12 }), 2),
    'fast-technical-indicators': timed(() => fast.ema({ period: 12, values: numbers }), 2),
  },
);
against(
  'sd, n = 24',
  timed(() => rollingSd(points, 24), ROUNDS),
  timed(() => bareSd(24), ROUNDS),
  {
    technicalindicators: timed(() => simple.sd({ period: 24, values: numbers }), 1),
    indicatorts: timed(() => mstd(numbers, { period: 24 }), 1),
    'fast-technical-indicators': timed(() => fast.sd({ period: 24, values: numbers }), 1),
  },
);
against(
  'sd, n = 720',
  timed(() => rollingSd(points, 720), ROUNDS),
  timed(() => bareSd(720), ROUNDS),
  {},
);
against(
  'rolling quantile, n = 720 (no library has one)',
  timed(() => ourQuantile(720, 0.95), 3),
  timed(() => bareQuantile(720, 0.95), 3),
  {},
);

const kept = new RollingMoments(720);
const ranked = new SortedWindow(720);
const bytes = garbageOf(() => {
  for (let i = 0; i < POINTS; i++) {
    kept.push(points[i]!);
    ranked.push(points[i]!);
  }
});
tell(`allocated by ${POINTS} points of sd and quantile`, `${(bytes / 1024).toFixed(0)} KB`);
