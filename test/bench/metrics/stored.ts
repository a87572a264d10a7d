import { formulaOf } from '#test/support/formulas.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import { type Instrument, newInstrument } from '#domain/instrument.ts';
import { METRICS } from '#domain/metrics/index.ts';
import { HOUR_MS } from '#domain/time.ts';
import { createMetricColumns } from '#core/read/metrics/metric-columns.ts';
import { createKeptRows } from '#core/read/kept-rows.ts';
import { createMetricSource } from '#core/read/metrics/metric-source.ts';
import { createSharedThread } from '#core/shared-thread.ts';
import { createListings } from '#core/listings.ts';
import { createClock } from '#node/clock.ts';
import { openHistory } from '#node/history/open.ts';
import { bareYear, inMs, random, tell } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';

/**
 * The start of the app: a year of hours of every watched instrument, read from the real history, walked for every metric of one
 * instrument. How long it takes, and how long the thread was away from everything else meanwhile.
 */
const WATCHED = isShort ? 4 : 50;
const HOURS = isShort ? 600 : 8760;
const START = Date.UTC(2025, 8, 1);
const END = START + HOURS * HOUR_MS;
const SINGLE = METRICS.filter(({ on }) => on === 'hour' || on === 'settlement');

const watched = Array.from({ length: WATCHED }, (_, i): Instrument => {
  const symbol = `A${i}USDT`;
  return newInstrument({ venue: 'binance', symbol, asset: `A${i}`, quote: 'USDT', settle: 'USDT' });
});
const folder = mkdtempSync(join(tmpdir(), 'perpscope-bench-'));
const store = await openHistory({ file: join(folder, 'history.sqlite'), demo: false, log: { write: () => undefined }, now: () => END });
const next = random(5);
for (let hour = 0; hour < HOURS; hour++) {
  const observedAt = START + hour * HOUR_MS + HOUR_MS / 2;
  const snapshots = watched.map(({ symbol }) => {
    const index = 100 + next();
    const [rate, mark] = [1e-4 + 1e-5 * next(), index * (1 + 1e-4 * next())];
    const nextFundingAt = Math.ceil(observedAt / (8 * HOUR_MS)) * 8 * HOUR_MS;
    return { symbol, rate, intervalH: 8, nextFundingAt, mark, index, openInterest: 1000 + next(), volume24h: 1e6, interestPer8h: 1e-4 };
  });
  await store.recordPoll({ venue: 'binance', observedAt, pollMs: HOUR_MS, instruments: watched, snapshots, watched: new Set() });
}
for (const { id } of watched) {
  const rows = Array.from({ length: HOURS / 8 }, (_, i) => {
    const stamp = START + (i + 1) * 8 * HOUR_MS;
    return { stamp, rate: 1e-4 + 1e-5 * next(), intervalH: 8, mark: 100 + next(), premium: null };
  });
  await store.recordSettled(id, rows, END, null);
}
await store.maintain(END);

const byId = new Map(watched.map((one) => [one.id, one]));
function instrument(id: string): Instrument {
  const found = byId.get(id);
  if (found === undefined) throw new Error(`${id} is not made here`);
  return found;
}
const clock = createClock({ speed: 1, startAt: null });
const source = createMetricSource({
  rows: createKeptRows(clock),
  formulaOf,
  clock,
  store,
  listings: createListings(),
  live: { view: () => null, closedTo: () => END },
  instrument,
  now: () => END,
  pollMs: () => 30_000,
  book: () => null,
  venues: ['binance'],
  list: () => [],
});
const columns = createMetricColumns({
  clock,
  thread: createSharedThread(clock, nextTurn),
  source,
  reporter: { failed: (what, error) => console.error(what, error) },
  shown: () => SINGLE.map(({ name }) => ({ id: name, choice: { metric: name, params: {} }, list: null })),
  onCells: () => undefined,
});

const delay = monitorEventLoopDelay({ resolution: 1 });
const from = performance.now();
const used = process.threadCpuUsage();
delay.enable();
columns.follow(new Set(byId.keys()));
while (watched.some(({ id }) => Object.values(columns.cells(id)).some(({ reason }) => reason === 'waiting'))) await setTimeout(20);
delay.disable();
const took = performance.now() - from;
const { user, system } = process.threadCpuUsage(used);
await columns.stop();
await store.close();
rmSync(folder, { recursive: true });
tell(
  `a stored year of ${WATCHED} instruments, ${SINGLE.length} columns each, read and walked`,
  `${inMs(took)} (${((user + system) / 1000 / bareYear() / SINGLE.length / WATCHED).toFixed(1)} x bare loops of D over as many rows)`,
);
// The monitor itself looks once a millisecond.
tell(
  '... longest time that the thread was away from everything else',
  `${inMs(delay.max / 1e6 - 1)}, 99.9 % below ${inMs(delay.percentile(99.9) / 1e6 - 1)}`,
);
