import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { hourFrame } from '#domain/metrics/frames/hour.ts';
import { METRICS } from '#domain/metrics/index.ts';
import type { Metric } from '#domain/metrics/metric.ts';
import { resolveParams, type Params } from '#domain/metrics/params.ts';
import { evaluate, MetricRun } from '#domain/metrics/run.ts';
import { bareYear, inMs, ofThread, tell, timed } from '#test/support/bench.ts';
import { framesFor, instrumentOf, YEAR_END, yearOf } from '#test/support/made-year.ts';
import { isShort } from '#test/support/short.ts';

/** Every metric over a year of hours in which every hour was observed: by its batch form, and row by row as columns walk it. */
const HISTORIES = isShort ? 10 : 500;
const ROUNDS = isShort ? 1 : 15;

const defaults = METRICS.map((metric): { metric: Metric; params: Params } => ({ metric, params: resolveParams(metric.params, {}) }));

const least = (rounds: number, work: () => number): number => Math.min(...Array.from({ length: rounds }, work));

/** The same numbers in other objects. */
function seenAnew<T>(value: T): T {
  if (value instanceof Float64Array || value instanceof Uint8Array) return value.subarray() as T;
  if (Array.isArray(value)) return value.map(seenAnew) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, seenAnew<unknown>(part)])) as T;
}

/** Ms for every metric over the frames (without the groups' own: those of one instrument). */
function evaluateAll(stored: Frames, withGroups = true): number {
  // Columns of their own: nothing that an earlier round worked out of them is there.
  const frames = seenAnew(stored);
  let all = 0;
  for (const { metric, params } of defaults) {
    if (!withGroups && (metric.on === 'asset' || metric.on === 'basket') && metric.ofLeg !== true) continue;
    const frame: Frames[FrameKind] = frames[metric.on];
    all += timed(() => evaluate(metric, params, frame), 1);
  }
  return all;
}

function walkAll(frames: Frames): number {
  let all = 0;
  for (const { metric, params } of defaults) {
    const frame: Frames[FrameKind] = frames[metric.on];
    const run = new MetricRun(metric, params);
    all += timed(() => {
      for (let row = 0; row < frame.time.length; row++) run.push(frame, row);
    }, 1);
  }
  return all;
}

const others = [yearOf(8, 2), yearOf(1, 3)].map((history, i) => hourFrame(instrumentOf(`other${i}`, 'BTC'), history, null, YEAR_END));
const mine = framesFor(instrumentOf('binance', 'BTC'), yearOf(8, 1), others);
const hourly = framesFor(instrumentOf('hyperliquid', 'BTC'), yearOf(1, 4), others);
for (let i = 0; i < ROUNDS; i++) evaluateAll(hourly);
const bare = bareYear() * METRICS.length;
const compared = (ms: number): string => `${inMs(ms)}, ${(ms / bare).toFixed(1)} x bare loops of D over as many rows`;
tell(`all ${METRICS.length} metrics, one instrument, one year, settling every 8 h`, compared(least(ROUNDS, () => evaluateAll(mine))));
tell('... settling every hour', compared(least(ROUNDS, () => evaluateAll(hourly))));
tell('... row by row, settling every 8 h', compared(least(ROUNDS, () => walkAll(mine))));
tell('... row by row, settling every hour', compared(least(ROUNDS, () => walkAll(hourly))));
const all = ofThread(() => {
  for (let i = 0; i < HISTORIES; i++) evaluateAll(i % 2 === 0 ? mine : hourly, i % 3 === 0);
});
tell(
  `... ${HISTORIES} instruments, three to an asset and a list`,
  `${inMs(all)} of the thread, ${(all / bare / HISTORIES).toFixed(1)} x bare loops`,
);
