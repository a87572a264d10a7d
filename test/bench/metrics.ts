import { createRequire } from 'node:module';
import { getHeapStatistics } from 'node:v8';
import { mstd, ema as indicatortsEma } from 'indicatorts';
import { EMA as StreamingEma } from 'trading-signals';
import { emaDivergence } from '#domain/divergence.ts';
import type { FrameInstrument, FrameKind, Frames, HourFrame } from '#domain/metrics/frames/frames.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { hourFrame, type FrameHours } from '#domain/metrics/frames/hour.ts';
import { settlementFrame, type SettlementHistory } from '#domain/metrics/frames/settlement.ts';
import { METRICS } from '#domain/metrics/index.ts';
import type { Metric } from '#domain/metrics/metric.ts';
import { resolveParams, type Params } from '#domain/metrics/params.ts';
import { RollingMoments, rollingSd } from '#domain/metrics/rolling/moments.ts';
import { SortedWindow } from '#domain/metrics/rolling/sorted.ts';
import { evaluate, MetricRun } from '#domain/metrics/run.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { HourColumns, SettledColumns } from '#domain/columns.ts';
import type { Instrument } from '#domain/instrument.ts';
import { createMarket } from '#core/watch/market.ts';
import { createMetricColumns } from '#core/metrics/metric-columns.ts';
import { createMetricSource } from '#core/metrics/metric-source.ts';
import { createTurns } from '#core/turns.ts';
import type { Snapshot } from '#core/venue.ts';
import { isShort } from '#test/support/short.ts';

/**
 * The metrics against bare typed-array loops that do the same with no gaps, no reasons and no care for drift, and against
 * the indicator libraries of npm. Absolute figures belong to the machine; ratios of one run are what a change must not worsen.
 */
const POINTS = isShort ? 20_000 : 1_000_000;
const YEAR = isShort ? 2400 : 8760;
const ROUNDS = isShort ? 2 : 25;
const HISTORIES = isShort ? 10 : 500;
const POLLED = isShort ? 100 : 5000;

interface Indicators {
  ema(input: { period: number; values: readonly number[] }): number[];
  sd(input: { period: number; values: readonly number[] }): number[];
}
// One API; the ES module of the second does not load in Node, its CommonJS one does.
const require = createRequire(import.meta.url);
const simple = require('technicalindicators') as Indicators;
const fast = require('fast-technical-indicators') as Indicators;

const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296 - 0.5;
  };
};
const next = random(7);
const points = new Float64Array(POINTS);
let level = 0;
for (let i = 0; i < POINTS; i++) points[i] = level = 0.97 * level + 1e-5 * next();
const numbers = Array.from(points);

/** The best of several rounds, ms: what the work takes where nothing else runs. Processor time is counted in steps of 4 ms here. */
function timed(work: () => unknown, rounds = ROUNDS): number {
  let best = Infinity;
  for (let i = 0; i < rounds; i++) {
    const from = performance.now();
    work();
    best = Math.min(best, performance.now() - from);
  }
  return best;
}
/** Ms of this thread's processor time: for work that is many times as long as its steps. */
function ofThread(work: () => void): number {
  const from = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1000;
}

function bareEma(n: number): Float64Array[] {
  const ema = new Float64Array(POINTS);
  const d = new Float64Array(POINTS);
  const alpha = 2 / (n + 1);
  let value = points[0]!;
  for (let i = 0; i < POINTS; i++) {
    ema[i] = value;
    d[i] = points[i]! - value;
    value += alpha * (points[i]! - value);
  }
  return [ema, d];
}

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

const instrumentOf = (venue: string, symbol: string): FrameInstrument => ({
  id: `${venue}:${symbol}`,
  venue,
  asset: 'BTC',
  contract: 'linear',
  multiplier: 1,
});

/** A year in which every hour was observed: every hour a new running rate, the dearest case. */
function year(intervalH: number, seed: number): SettlementHistory {
  const noise = random(seed);
  const columns = Array.from({ length: 9 }, () => new Float64Array(YEAR));
  const [close, observedAt, rate, interval, mark, index, openInterest, premium, coverage] = columns as [Float64Array, ...Float64Array[]] &
    Float64Array[];
  const settled: [number, number, number][] = [];
  let price = 100;
  let r = 1e-4;
  for (let i = 0; i < YEAR; i++) {
    price *= 1 + 0.01 * noise();
    r += 0.05 * (1e-4 - r) + 2e-5 * noise();
    close[i] = Date.UTC(2025, 8, 1) + (i + 1) * HOUR_MS;
    observedAt![i] = close[i]! - 30_000;
    rate![i] = r;
    interval![i] = intervalH;
    mark![i] = price * (1 + 3 * r);
    index![i] = price;
    openInterest![i] = 1e6 * (1 + 0.01 * noise());
    premium![i] = 3 * r;
    coverage![i] = 1;
    if ((i + 1) % intervalH === 0) settled.push([close[i]!, r, intervalH]);
  }
  const hours: FrameHours = {
    close,
    observedAt: observedAt!,
    rate: rate!,
    intervalH: interval!,
    mark: mark!,
    index: index!,
    openInterest: openInterest!,
    premium: premium!,
    coverage: coverage!,
  };
  const nth = (n: 0 | 1 | 2): Float64Array => Float64Array.from(settled, (row) => row[n]);
  const none = new Float64Array();
  return { settled: { key: nth(0), rate: nth(1), intervalH: nth(2) }, hours, prices: { close: none, mark: none, index: none } };
}

const toYearEnd = Date.UTC(2025, 8, 1) + YEAR * HOUR_MS;
const levels = (side: number): Float64Array =>
  Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 100 + side * (0.05 + i / 40) : 30));

/** The frames of one instrument; `others` are the rest of its asset and of its list. */
function framesFor(instrument: FrameInstrument, history: SettlementHistory, others: readonly HourFrame[]): Frames {
  const hour = hourFrame(instrument, history, null, toYearEnd);
  const group = [hour, ...others];
  return {
    hour,
    bar: hourFrame(instrument, history, null, toYearEnd),
    settlement: settlementFrame(instrument, history),
    asset: assetFrame(group, instrument.id),
    basket: basketFrame(group, instrument.id),
    book: { instrument, time: Float64Array.of(toYearEnd), books: [{ bids: levels(-1), asks: levels(1) }] },
  };
}

const defaults = METRICS.map((metric): { metric: Metric; params: Params } => ({ metric, params: resolveParams(metric.params, {}) }));

const bestOf = (rounds: number, work: () => number): number => Math.min(...Array.from({ length: isShort ? 1 : rounds }, work));

/** The same numbers in other objects. */
function seenAnew<T>(value: T): T {
  if (value instanceof Float64Array || value instanceof Uint8Array) return value.subarray() as T;
  if (Array.isArray(value)) return value.map(seenAnew) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, seenAnew<unknown>(part)])) as T;
}

/** Ms for every metric over the frames (without the groups' own: those of one instrument); `best`: of each metric, of all rounds. */
function evaluateAll(stored: Frames, withGroups = true, best = new Map<string, number>()): number {
  // Columns of their own: nothing that an earlier round worked out of them is there.
  const frames = seenAnew(stored);
  let all = 0;
  for (const { metric, params } of defaults) {
    if (!withGroups && (metric.on === 'asset' || metric.on === 'basket') && metric.ofLeg !== true) continue;
    const frame: Frames[FrameKind] = frames[metric.on];
    const from = performance.now();
    evaluate(metric, params, frame);
    const took = performance.now() - from;
    all += took;
    best.set(metric.name, Math.min(took, best.get(metric.name) ?? Infinity));
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

/** Twelve columns that a desk may well have chosen: of one instrument, of its settlements, across its venues. */
const CHOSEN = [
  'funding',
  'ema-divergence',
  'premium',
  'annualised-premium',
  'funding-money',
  'mean-funding',
  'signal',
  'spike',
  'score',
  'cumulative-funding',
  'spread',
  'skew',
];
const BENCH_VENUES = ['binance', 'bybit', 'hyperliquid'];
const WARM_HOURS = 80;

/** The app's own columns over instruments of three venues that were walked already; each call is a poll of all of them. */
async function livePolls(columns: readonly string[]): Promise<{ poll(): Promise<number>; stop(): Promise<void> }> {
  const market = createMarket();
  const start = Date.UTC(2026, 0, 1);
  const closed = start + WARM_HOURS * HOUR_MS;
  let now = closed + 60_000;
  const listed = Array.from({ length: POLLED }, (_, i): Instrument => {
    const venue = BENCH_VENUES[i % BENCH_VENUES.length]!;
    const asset = `A${Math.floor(i / BENCH_VENUES.length)}`;
    const symbol = `${asset}USDT`;
    return { id: `${venue}:${symbol}`, venue, symbol, asset, quote: 'USDT', settle: 'USDT', contract: 'linear', multiplier: 1 };
  });
  const answers = (): void => {
    now += 30_000;
    for (const venue of BENCH_VENUES) {
      const instruments = listed.filter((one) => one.venue === venue);
      const snapshots = instruments.map(({ symbol }): Snapshot => {
        const index = 100 + next();
        const [rate, mark] = [1e-4 + 1e-5 * next(), index * (1 + 1e-4 * next())];
        return {
          symbol,
          rate,
          intervalH: 8,
          nextFundingAt: closed + 8 * HOUR_MS,
          mark,
          index,
          openInterest: 1000,
          volume24h: 1e6,
          interestPer8h: 1e-4,
        };
      });
      market.apply(venue, { venueTime: now, instruments, snapshots, refused: [] }, now);
    }
  };
  const hoursOf = (every: number): Float64Array =>
    Float64Array.from({ length: WARM_HOURS / every }, (_, i) => start + (i + 1) * every * HOUR_MS);
  const [key, close] = [hoursOf(8), hoursOf(1)];
  const of = (times: Float64Array, value: () => number): Float64Array => times.map(value);
  const settled: SettledColumns = {
    key,
    stamp: key,
    learntAt: key,
    rate: of(key, () => 1e-4 + 1e-5 * next()),
    intervalH: of(key, () => 8),
    mark: of(key, () => 100 + next()),
  };
  const steady = of(close, () => 100);
  const hours: HourColumns = {
    close,
    observedAt: close,
    rate: of(close, () => 1e-4 + 1e-5 * next()),
    intervalH: of(close, () => 8),
    mark: steady,
    index: steady,
    openInterest: steady,
    volume24h: steady,
    rateMin: steady,
    rateMax: steady,
    premium: of(close, () => 0),
    premiumMin: steady,
    premiumMax: steady,
    coverage: of(close, () => 1),
  };
  const none = new Float64Array();
  const turns = createTurns({ now: () => now, monotonic: () => performance.now(), speed: 1, after: () => () => undefined }, () =>
    Promise.resolve(),
  );
  const source = createMetricSource({
    clock: { now: () => now, monotonic: () => performance.now(), speed: 1, after: () => () => undefined },
    store: {
      settled: () => Promise.resolve(settled),
      hours: () => Promise.resolve(hours),
      prices: () => Promise.resolve({ close: none, mark: none, index: none, last: none }),
      snapshots: () => Promise.reject(new Error('not asked for')),
      books: () => Promise.reject(new Error('not asked for')),
    },
    market,
    live: { view: () => null, closedTo: () => closed },
    instrument: (id) => market.get(id)!.instrument,
    now: () => now,
    pollMs: () => 30_000,
    book: () => null,
    venues: BENCH_VENUES,
    basket: () => [],
  });
  let told = 0;
  answers();
  const shown = createMetricColumns({
    turns,
    source,
    journal: { failed: (what, error) => console.error(what, error) },
    choices: () => columns.map((metric) => ({ metric, params: {} })),
    onCells(ids) {
      told += [...ids].length;
    },
  });
  const ids = listed.map(({ id }) => id);
  const idle = async (): Promise<void> => {
    for (let before = -1; told !== before;) {
      before = told;
      for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  shown.follow(new Set(ids));
  while (ids.some((id) => shown.cells(id).some(({ reason }) => reason === 'waiting'))) await idle();
  return {
    /** Ms of processor time from the poll's answer to the last cell. */
    async poll() {
      answers();
      const from = process.cpuUsage();
      shown.touch(ids);
      await idle();
      const { user, system } = process.cpuUsage(from);
      return (user + system) / 1000;
    },
    stop: () => shown.stop(),
  };
}

/** Bytes that a million points leave behind. */
function garbageOf(work: () => void): number {
  work();
  const before = getHeapStatistics().total_heap_size;
  const used = process.memoryUsage().heapUsed;
  work();
  return Math.max(0, process.memoryUsage().heapUsed - used) + Math.max(0, getHeapStatistics().total_heap_size - before);
}

/** What and how much, one line each. */
export async function benchMetrics(): Promise<[string, string][]> {
  const told: [string, string][] = [];
  const tell = (what: string, figure: string): unknown => told.push([what, figure]);
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const against = (what: string, ours: number, bare: number, rivals: Readonly<Record<string, number>>): void => {
    tell(`${what}, ${POINTS} points`, `${ms(ours)}, ${(ours / bare).toFixed(2)} x the bare loop (${ms(bare)})`);
    for (const [name, theirs] of Object.entries(rivals)) tell(`... ${name}`, `${ms(theirs)}, ${(theirs / ours).toFixed(1)} x ours`);
  };

  against(
    'EMA divergence, n = 12',
    timed(() => emaDivergence(points, 12)),
    timed(() => bareEma(12)),
    {
      'trading-signals': timed(() => streamingEma(12), 2),
      technicalindicators: timed(() => simple.ema({ period: 12, values: numbers }), 2),
      indicatorts: timed(() => indicatortsEma(numbers, { period: 12 }), 2),
      'fast-technical-indicators': timed(() => fast.ema({ period: 12, values: numbers }), 2),
    },
  );
  against(
    'sd, n = 24',
    timed(() => rollingSd(points, 24)),
    timed(() => bareSd(24)),
    {
      technicalindicators: timed(() => simple.sd({ period: 24, values: numbers }), 1),
      indicatorts: timed(() => mstd(numbers, { period: 24 }), 1),
      'fast-technical-indicators': timed(() => fast.sd({ period: 24, values: numbers }), 1),
    },
  );
  against(
    'sd, n = 720',
    timed(() => rollingSd(points, 720)),
    timed(() => bareSd(720)),
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

  const others = [year(8, 2), year(1, 3)].map((history, i) => hourFrame(instrumentOf(`other${i}`, 'BTC'), history, null, toYearEnd));
  const mine = framesFor(instrumentOf('binance', 'BTC'), year(8, 1), others);
  const hourly = framesFor(instrumentOf('hyperliquid', 'BTC'), year(1, 4), others);
  for (let i = 0; i < (isShort ? 1 : 15); i++) evaluateAll(hourly);
  tell(`all ${METRICS.length} metrics, one instrument, one year, 8 h`, ms(bestOf(15, () => evaluateAll(mine))));
  tell('... settling every hour', ms(bestOf(15, () => evaluateAll(hourly))));
  tell('... one row at a time, as columns walk them', ms(bestOf(5, () => walkAll(mine))));

  const best = new Map<string, number>();
  const all = ofThread(() => {
    for (let i = 0; i < HISTORIES; i++) evaluateAll(i % 2 === 0 ? mine : hourly, i % 3 === 0, best);
  });
  tell(
    `... ${HISTORIES} instruments, three to an asset and a list`,
    `${ms(all)} of the thread, longest stretch between two slices ${ms(Math.max(...best.values()))}`,
  );

  for (const columns of [CHOSEN.slice(0, 6), CHOSEN]) {
    const polls = await livePolls(columns);
    let best = Infinity;
    for (let i = 0; i < (isShort ? 2 : 40); i++) best = Math.min(best, await polls.poll());
    await polls.stop();
    tell(`a poll of ${POLLED} instruments, ${columns.length} columns, as the app has them`, ms(best));
  }
  return told;
}

if (import.meta.main) for (const [what, figure] of await benchMetrics()) console.log(`${what.padEnd(70)} ${figure}`);
