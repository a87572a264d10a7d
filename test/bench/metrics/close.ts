import { analyse } from '#core/read/analysis.ts';
import { createCharts } from '#core/read/charts.ts';
import { partOf } from '#core/read/metrics/frame-tail.ts';
import { SignalLine } from '#core/read/signal-line.ts';
import { createTurns } from '#core/turns.ts';
import type { HourColumns, PriceColumns, SettledColumns } from '#domain/columns.ts';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { bareYear, inMs, random, tell } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';
import { unseen } from '#test/support/unseen.ts';
import { kept } from '#test/support/kept.ts';

/** An hour's close of many watched instruments with years each, and their charts, on stored columns in memory: the maths and the copies, no disk. */
const INSTRUMENTS = isShort ? 20 : 500;
const HOURS = isShort ? 3000 : 3 * 8760;
const START = Date.UTC(2023, 8, 1);
const PARAMS = { theta: 0.0003, k: 3, n: 12 };
/** What the thread that serves the screen may be held at a time. */
const LONGEST_MS = 8;

const next = random(5);
const close = Float64Array.from({ length: HOURS + 1 }, (_, i) => START + (i + 1) * HOUR_MS);
const rate = close.map(() => 1e-4 + 2e-4 * next());
const price = close.map(() => 100 + next());
const all = (value: number): Float64Array => new Float64Array(close.length).fill(value);
const hours: HourColumns = {
  close,
  observedAt: close.map((t) => t - 30_000),
  rate,
  intervalH: all(8),
  mark: price,
  index: price,
  openInterest: price,
  volume24h: price,
  rateMin: rate,
  rateMax: rate,
  premium: all(0.0003),
  premiumMin: all(0.0003),
  premiumMax: all(0.0003),
  coverage: all(1),
  nextFundingAt: all(NaN),
  interestPer8h: all(1e-4),
  cap: all(NaN),
  floor: all(NaN),
};
const key = close.filter((t) => t % (8 * HOUR_MS) === 0);
const none = new Float64Array(key.length).fill(NaN);
const settled: SettledColumns = {
  key,
  stamp: key,
  rate: key.map(() => 1e-4),
  intervalH: key.map(() => 8),
  mark: none,
  premium: none,
  learntAt: key,
  ...unseen(key),
};
const candles: PriceColumns = { close, mark: price, index: price, last: all(NaN), learntAt: close };
/** A copy of its own for each answer, as one that comes from another thread is. */
const copied = <C extends object>(columns: C): C =>
  Object.fromEntries(Object.entries(columns).map(([name, column]: [string, Float64Array]) => [name, column.slice()])) as C;
const store = {
  settled: (_: string, from: number, to: number) => Promise.resolve(copied(partOf(settled, 'key', from, to))),
  hours: (_: string, from: number, to: number) => Promise.resolve(kept(copied(partOf(hours, 'close', from, to)))),
  prices: (_: string, from: number, to: number) => Promise.resolve(copied(partOf(candles, 'close', from, to))),
  terms: () => Promise.resolve([{ from: START, cap: null, floor: null, interestPer8h: 1e-4 }]),
  spans: () => Promise.resolve([]),
};
const instrument = newInstrument({ venue: 'binance', symbol: 'AUSDT', asset: 'A', quote: 'USDT', settle: 'USDT' });
const framed = () => ({ ...instrument, money: 'USDT', formula: null, interestPer8h: 1e-4 });
const ids = Array.from({ length: INSTRUMENTS }, (_, i) => `binance:A${i}USDT`);

/** Of this thread's processor: what else the machine does is not counted. */
const cpuNow = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
/** The longest stretch between two turns of the event loop so far. */
let longest = 0;
let turnedAt = 0;
const clock = { now: () => Date.now(), monotonic: () => performance.now(), speed: 1, after: () => () => undefined };
const turns = createTurns(clock, async () => {
  longest = Math.max(longest, cpuNow() - turnedAt);
  await new Promise((resolve) => setImmediate(resolve));
  turnedAt = cpuNow();
});
async function atOnce(to: number, lines: readonly SignalLine[]): Promise<{ cpuMs: number; longestMs: number }> {
  const from = cpuNow();
  longest = 0;
  turnedAt = from;
  const slice = turns.slice();
  for (const line of lines) {
    await line.advance(to, slice);
    line.view();
    if (slice.over()) await slice.pause();
  }
  return { cpuMs: cpuNow() - from, longestMs: Math.max(longest, cpuNow() - turnedAt) };
}

const lines = ids.map((id) => new SignalLine(id, PARAMS, store, framed));
const [before, now] = [START + HOURS * HOUR_MS, START + (HOURS + 1) * HOUR_MS];
const first = await atOnce(before, lines);
tell(`${INSTRUMENTS} signals over ${HOURS} hours each, at the start`, `${inMs(first.cpuMs)}, longest at a time ${inMs(first.longestMs)}`);
const hour = await atOnce(now, lines);
tell(`${INSTRUMENTS} signals at an hour's close`, `${inMs(hour.cpuMs)}, longest at a time ${inMs(hour.longestMs)} (at most ${LONGEST_MS})`);
const from = cpuNow();
await analyse(store, framed(), now, PARAMS);
const replayMs = cpuNow() - from;
tell('one of them by a replay of everything', inMs(replayMs));
const bareMs = bareYear();
tell('the close of one; its replay', `${(hour.cpuMs / INSTRUMENTS / bareMs).toFixed(1)} x bare; ${(replayMs / bareMs).toFixed(1)} x bare`);

const charts = createCharts({
  store,
  events: { on: () => () => undefined },
  framed,
  params: () => PARAMS,
  closedTo: () => now,
});
/** Processor time is counted in steps of 4 ms: the mean of many. */
async function asked(times: number): Promise<number> {
  const at = cpuNow();
  for (let i = 0; i < times; i++) await charts.divergence(instrument, null);
  return (cpuNow() - at) / times;
}
tell(`a chart of ${HOURS} hours, the first time`, `${inMs(await asked(1))} (at most 30)`);
tell('the same again, mean of 50', `${inMs(await asked(50))} (at most 5)`);
