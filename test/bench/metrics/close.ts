import { replayed } from '#test/support/replay.ts';
import { createCharts } from '#core/read/charts.ts';
import { partOf } from '#core/read/metrics/frame-tail.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { createListings } from '#core/listings.ts';
import { createAlertRules } from '#core/read/alerts/rules.ts';
import { createKeptRows } from '#core/read/kept-rows.ts';
import { createMetricColumns } from '#core/read/metrics/metric-columns.ts';
import { createMetricSource } from '#core/read/metrics/metric-source.ts';
import { SIGNAL_ROWS, SignalLine } from '#core/read/signal-line.ts';
import { createSignalLines } from '#core/read/signal-lines.ts';
import type { AsOf } from '#core/ports/history.ts';
import type { AlertRule } from '#core/settings.ts';
import { formulaOf } from '#test/support/formulas.ts';
import { createSharedThread } from '#core/shared-thread.ts';
import type { HourColumns, PriceColumns, SettledColumns } from '#domain/columns.ts';
import { type Instrument, newInstrument } from '#domain/instrument.ts';
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
};
const candles: PriceColumns = { close, mark: price, index: price, last: all(NaN), learntAt: close };
/** A copy of its own for each answer, in a turn of its own, as one that comes from another thread is; of the columns that are asked for. */
async function answered<C extends object>(columns: C, only: readonly string[] = Object.keys(columns)): Promise<C> {
  await turn();
  const own = Object.entries(columns).filter(([name]) => only.includes(name));
  return Object.fromEntries(own.map(([name, column]: [string, Float64Array]) => [name, column.slice()])) as C;
}
const store = {
  settled: (_: string, from: number, to: number, __?: AsOf, only?: readonly string[]) => answered(partOf(settled, 'key', from, to), only),
  hours: async (_: string, from: number, to: number, __?: AsOf, only?: readonly string[]) =>
    kept(await answered(partOf(hours, 'close', from, to), only)),
  prices: (_: string, from: number, to: number, __?: AsOf, only?: readonly string[]) => answered(partOf(candles, 'close', from, to), only),
  terms: () => Promise.resolve([{ from: START, cap: null, floor: null, interestPer8h: 1e-4 }]),
  spans: () => Promise.resolve([]),
  snapshots: () => Promise.reject(new Error('not asked for')),
  books: () => Promise.reject(new Error('not asked for')),
};
const ids = Array.from({ length: INSTRUMENTS }, (_, i) => `binance:A${i}USDT`);
const instruments = new Map(
  ids.map((id, i) => [id, newInstrument({ venue: 'binance', symbol: `A${i}USDT`, asset: `A${i}`, quote: 'USDT', settle: 'USDT' })]),
);
const instrumentOf = (id: string): Instrument => instruments.get(id) ?? instrument;
const instrument = newInstrument({ venue: 'binance', symbol: 'AUSDT', asset: 'A', quote: 'USDT', settle: 'USDT' });
const framed = () => ({ ...instrument, money: 'USDT', formula: null, interestPer8h: 1e-4 });
/** Of one instrument and of its settlements, as a desk may have chosen them. */
const COLUMNS = [
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
];
const alert = (metric: string, level: number, more: AlertRule['conditions'] = []): AlertRule => ({
  id: metric,
  name: metric,
  on: { list: 'all' },
  conditions: [{ choice: { metric, params: {} }, op: 'outside', level }, ...more],
  k: 3,
  enabled: true,
  since: 0,
});
const ALERTS = [
  alert('ema-divergence', 0.0003),
  alert('funding-rank', 0.99),
  alert('spike', 3),
  alert('score', 2),
  alert('mean-funding', 0.0002, [{ choice: { metric: 'cumulative-funding', params: {} }, op: 'above', level: 0.01 }]),
];

/** Of this thread's processor: what else the machine does is not counted. */
const cpuNow = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
/**
 * The longest stretch between two turns of the event loop so far, all that runs in between together: processor time, which is counted in
 * steps of 4 ms here, or the time that passed where that is less.
 */
let longest = 0;
let turned = { cpu: 0, at: 0 };
function measureTurn(): void {
  const now = { cpu: cpuNow(), at: performance.now() };
  longest = Math.max(longest, Math.min(now.cpu - turned.cpu, now.at - turned.at));
  turned = now;
  setImmediate(measureTurn).unref();
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
let taken = 0;
const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  speed: 1,
  after(_: number, work: () => void) {
    const timer = setImmediate(work);
    return () => clearImmediate(timer);
  },
};
const thread = createSharedThread(clock, async () => {
  await turn();
  taken++;
});
const [before, now] = [START + HOURS * HOUR_MS, START + (HOURS + 1) * HOUR_MS];
let closedTo = before;
const failed = (what: string, error: unknown): never => {
  throw new Error(what, { cause: error });
};
const source = createMetricSource({
  rows: createKeptRows(clock),
  formulaOf,
  clock,
  store: {
    ...store,
    interest: () => Promise.resolve({ at: new Float64Array(), value: new Float64Array(), learntAt: new Float64Array() }),
    settled: (...range) => counted(store.settled(...range)),
    settledSeen: unseen((...range: Parameters<typeof store.settled>) => counted(store.settled(...range))),
  },
  listings: createListings(),
  live: { view: () => null, closedTo: () => closedTo },
  instrument: instrumentOf,
  now: () => closedTo + 60_000,
  pollMs: () => 30_000,
  book: () => null,
  venues: ['binance'],
  list: () => ids,
});
let reads = 0;
function counted<T>(read: Promise<T>): Promise<T> {
  reads++;
  return read;
}
const lines = ids.map((id) => new SignalLine(PARAMS, source.feed(SIGNAL_ROWS, id, null)));
const columns = createMetricColumns({
  clock,
  thread,
  source,
  reporter: { failed },
  shown: () => COLUMNS.map((metric) => ({ id: metric, choice: { metric, params: {} }, list: null })),
  onCells: () => undefined,
});
const rules = createAlertRules({
  clock,
  source,
  live: { closedTo: () => closedTo },
  now: () => closedTo,
  thread,
  reporter: { failed, guard: async (_, write) => write().then(() => true) },
  settings: () => ({
    ...defaultSettings([]),
    lists: [{ id: 'all', name: 'All', assets: [], seeded: [], items: [...ids] }],
    alerts: ALERTS,
  }),
  news: {
    load: () => Promise.resolve(),
    entered: () => Promise.resolve(false),
    standing: () => Promise.resolve([]),
    happened: () => Promise.resolve(false),
    isSpent: () => false,
    acknowledge: () => Promise.resolve(),
    log: () => Promise.resolve([]),
  },
  onChange: () => undefined,
});
/** All that was begun is over: nothing turns the event loop any more but this. */
async function idle(): Promise<void> {
  for (let before = -1; before !== taken + reads;) {
    before = taken + reads;
    for (let i = 0; i < 100; i++) await turn();
  }
}
async function measured(work: () => Promise<void>): Promise<{ cpuMs: number; longestMs: number; reads: number }> {
  const from = cpuNow();
  await turn();
  longest = reads = 0;
  await work();
  await turn();
  return { cpuMs: cpuNow() - from, longestMs: longest, reads };
}
async function signals(): Promise<void> {
  const slice = thread.slice();
  for (const line of lines) {
    await line.advance(closedTo, slice);
    if (slice.over()) await slice.pause();
  }
}
async function everything(): Promise<void> {
  await signals();
  for (const id of ids) {
    columns.refresh(id, Infinity);
    rules.refresh(id, Infinity);
  }
  await idle();
}

measureTurn();
const first = await measured(signals);
tell(`${INSTRUMENTS} signals over ${HOURS} hours each, at the start`, `${inMs(first.cpuMs)}, longest at a time ${inMs(first.longestMs)}`);
const others = await measured(async () => {
  columns.follow(new Set(ids));
  rules.arrange();
  await idle();
});
tell(
  `... ${COLUMNS.length} columns and ${ALERTS.length} rules of them`,
  `${inMs(others.cpuMs)}, longest at a time ${inMs(others.longestMs)}`,
);
const bareMs = bareYear();
closedTo = now;
const hour = await measured(everything);
const judged = rules.states().filter(({ at }) => at === now || (at ?? 0) > now - 8 * HOUR_MS).length;
if (judged !== INSTRUMENTS * ALERTS.length) throw new Error(`${judged} of the rules were judged`);
tell(
  `${INSTRUMENTS} signals, ${COLUMNS.length} columns, ${ALERTS.length} rules at an hour's close`,
  `${inMs(hour.cpuMs)} of a core (at most 2000), longest at a time ${inMs(hour.longestMs)} (at most ${LONGEST_MS}), ${hour.reads} reads`,
);
const late = key.at(-3) ?? 0;
for (const line of lines) line.changed(late - 100 * HOUR_MS);
const corrected = await measured(async () => {
  await signals();
  for (const id of ids) {
    columns.refresh(id, late - 100 * HOUR_MS);
    rules.refresh(id, late - 100 * HOUR_MS);
  }
  await idle();
});
tell(
  '... after a correction of the week before in each of them',
  `${inMs(corrected.cpuMs)}, longest at a time ${inMs(corrected.longestMs)}`,
);
await columns.stop();
await rules.stop();
const from = cpuNow();
await replayed(store, framed(), now, PARAMS);
const replayMs = cpuNow() - from;
tell('one of them by a replay of everything', inMs(replayMs));
tell('the close of one; its replay', `${(hour.cpuMs / INSTRUMENTS / bareMs).toFixed(1)} x bare; ${(replayMs / bareMs).toFixed(1)} x bare`);

const charts = createCharts({
  lines: createSignalLines({
    params: () => PARAMS,
    newLine: (id, params, draws) => new SignalLine(params, source.feed(SIGNAL_ROWS, id, null), draws),
  }),
  thread,
  closedTo: () => now,
  spans: () => Promise.resolve([]),
  formulaOf: () => null,
});
/** Processor time is counted in steps of 4 ms: the mean of many. */
async function asked(times: number): Promise<number> {
  const at = cpuNow();
  for (let i = 0; i < times; i++) await charts.divergence(instrument, null);
  return (cpuNow() - at) / times;
}
tell(`a chart of ${HOURS} hours, the first time`, `${inMs(await asked(1))} (at most 30)`);
tell('the same again, mean of 50', `${inMs(await asked(50))} (at most 5)`);
