import { formulaOf } from '#test/support/formulas.ts';
import { expect, test, vi } from 'vitest';
import type { MetricChoice } from '#bridge/settings.ts';
import type { SettledColumns } from '#domain/columns.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import { HOUR_MS as HOUR } from '#domain/time.ts';
import type { Reporter } from '#core/reporter.ts';
import { partOf } from '#core/read/metrics/frame-tail.ts';
import { createMetricColumns } from '#core/read/metrics/metric-columns.ts';
import { type FrameReads, readRows, feedKind, rowKind } from '#core/read/metrics/metric-frames.ts';
import type { ViewedColumn } from '#core/views.ts';
import type { Observation } from '#core/read/metrics/metric-live.ts';
import type { MetricSource } from '#core/read/metrics/metric-source.ts';
import { createSharedThread } from '#core/shared-thread.ts';
import { unseen } from '#test/support/unseen.ts';

const START = Date.UTC(2026, 0, 1);
const ID = 'binance:BTCUSDT';
const instrument: FrameInstrument = {
  id: ID,
  venue: 'binance',
  asset: 'BTC',
  money: 'USDT',
  contract: 'linear',
  multiplier: 1,
  formula: formulaOf('binance'),
};

/** Settlements each hour; the rate of hour h is h millionths, unless the test says otherwise. */
class Shelf {
  hours = 400;
  rate = (h: number): number => h * 1e-6;
  missing = new Set<number>();
  reads: { from: number; to: number }[] = [];
  now = 0;
  running = 5e-4;

  readonly #none = new Float64Array(0);
  #settled(): SettledColumns {
    const hours = Array.from({ length: this.hours + 1 }, (_, h) => h).filter((h) => !this.missing.has(h));
    const key = Float64Array.from(hours, (h) => START + h * HOUR);
    const unknown = new Float64Array(key.length).fill(NaN);
    return {
      key,
      stamp: key,
      rate: Float64Array.from(hours, this.rate),
      intervalH: new Float64Array(key.length).fill(1),
      mark: unknown,
      premium: unknown,
      learntAt: key,
    };
  }
  readonly store: FrameReads = {
    settled: (_, from, to) => {
      this.reads.push({ from, to });
      return Promise.resolve(partOf(this.#settled(), 'key', from, to));
    },
    interest: () => Promise.resolve({ at: this.#none, value: this.#none, learntAt: this.#none }),
    settledSeen: unseen((...input: Parameters<FrameReads['settled']>) => this.store.settled(...input)),
    hours: () => {
      const n = this.#none;
      const rates = { rate: n, rateMin: n, rateMax: n, premium: n, premiumMin: n, premiumMax: n };
      return Promise.resolve({
        ...rates,
        close: n,
        observedAt: n,
        intervalH: n,
        mark: n,
        index: n,
        openInterest: n,
        volume24h: n,
        coverage: n,
        nextFundingAt: n,
        interestPer8h: n,
        cap: n,
        floor: n,
        thinned: [],
      });
    },
    prices: () => Promise.resolve({ close: this.#none, mark: this.#none, index: this.#none, last: this.#none, learntAt: this.#none }),
    snapshots: () => Promise.reject(new Error('not asked for')),
    books: () => Promise.reject(new Error('not asked for')),
    terms: () => Promise.resolve([]),
  };
  get closedTo(): number {
    return START + this.hours * HOUR;
  }
  readonly #observation = (): Observation => ({
    instrument,
    observedAt: this.closedTo + 60_000,
    intervalH: 1,
    freshness: 'fresh',
    now: this.closedTo + 60_000,
    snapshot: {
      symbol: 'BTCUSDT',
      rate: this.running,
      intervalH: 1,
      nextFundingAt: null,
      mark: null,
      index: null,
      openInterest: null,
      volume24h: null,
      interestPer8h: null,
    },
  });
  readonly #ids = [ID];
  readonly source: MetricSource = {
    moment: () => this.#observation,
    byAsset: () => new Map(),
    assetsVersion: () => 0,
    feed: ({ metric, params }, id, list) => ({
      key: `${metric.on} ${id}`,
      kind: feedKind(metric, params, list),
      ids: () => this.#ids,
      legs: () => [instrument],
      closedTo: () => this.closedTo,
      read: (from, to) => readRows(this.store, { ...rowKind(metric, params), legs: [instrument], from, to }),
      live: () => null,
    }),
  };
}

/** As windows show them. */
const viewed = (choices: readonly MetricChoice[]): ViewedColumn[] => choices.map((choice) => ({ id: choice.metric, choice, list: null }));

/** Columns over a shelf; `settled` waits until they have nothing to do. */
function open(shelf: Shelf, choices: readonly MetricChoice[], pauses: { count: number } = { count: 0 }) {
  const failed: string[] = [];
  const told: string[][] = [];
  const reporter: Pick<Reporter, 'failed'> = { failed: (what) => failed.push(what) };
  // Time passes with every look at the clock, so that a slice is over after few of them.
  let ms = 0;
  const thread = createSharedThread({ now: () => 0, monotonic: () => ms++, speed: 1, after: () => () => undefined }, () => {
    pauses.count++;
    return new Promise((resolve) => setImmediate(resolve));
  });
  const time = { now: 0 };
  const columns = createMetricColumns({
    clock: { monotonic: () => time.now, speed: 1 },
    thread,
    reporter,
    source: shelf.source,
    shown: () => viewed(choices),
    onCells: (ids) => told.push([...ids]),
  });
  const values = async (): Promise<(number | string | null)[]> => {
    for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
    return Object.values(columns.cells(ID)).map(({ value, reason }) => value ?? reason);
  };
  columns.follow(new Set([ID]));
  return { columns, values, failed, told, time };
}
const fresh = async (shelf: Shelf, choices: readonly MetricChoice[]) => open(shelf, choices).values();

const CHOICES: readonly MetricChoice[] = [
  { metric: 'ema-divergence', params: {} },
  { metric: 'mean-funding', params: {} },
  { metric: 'funding', params: {} },
];

test('a close is read and walked alone; the past is not read again', async () => {
  const shelf = new Shelf();
  const { columns, values } = open(shelf, CHOICES);
  const before = await values();
  shelf.reads = [];
  for (let i = 0; i < 5; i++) {
    shelf.hours++;
    columns.refresh(ID, Infinity);
    await values();
  }
  expect(shelf.reads.length).toBe(5);
  expect(Math.min(...shelf.reads.map(({ from }) => from))).toBeGreaterThan(START + 200 * HOUR);
  expect(await values()).not.toEqual(before);
  expect(await values()).toEqual(await fresh(shelf, CHOICES));
});

test('polls read nothing, change the row in progress only, and tell of what changed', async () => {
  const shelf = new Shelf();
  const { columns, values, told } = open(shelf, CHOICES);
  const [d, mean, f] = await values();
  shelf.reads = [];
  told.length = 0;
  columns.touch([ID]);
  await values();
  expect(told).toEqual([]);
  shelf.running = 7e-4;
  columns.touch([ID, 'bybit:ELSE']);
  const now = await values();
  expect(shelf.reads).toEqual([]);
  expect(told).toEqual([[ID]]);
  expect([(now[0] as number) - (d as number), now[2]]).toEqual([expect.closeTo(2e-4, 12), 7e-4]);
  expect([f, now[1]]).toEqual([5e-4, mean]);
});

test.each([
  ['a settlement that came late', (shelf: Shelf) => shelf.missing.delete(395), START + 395 * HOUR],
  ['one that was not told of', (shelf: Shelf) => shelf.missing.delete(395), Infinity],
  ['older history', (shelf: Shelf) => shelf.missing.delete(20), START + 20 * HOUR],
])('%s: what was walked is walked anew', async (_, change, changedFrom) => {
  const shelf = new Shelf();
  shelf.missing = new Set([395, 20]);
  const choices = [
    { metric: 'ema-divergence', params: { n: 3 } },
    { metric: 'total-funding', params: {} },
  ];
  const { columns, values } = open(shelf, choices);
  await values();
  change(shelf);
  shelf.hours++;
  columns.refresh(ID, changedFrom);
  expect(await values()).toEqual(await fresh(shelf, choices));
});

test('a column that is added walks; one that stays keeps its value meanwhile', async () => {
  const shelf = new Shelf();
  let choices: readonly MetricChoice[] = CHOICES.slice(0, 1);
  const failed: string[] = [];
  const thread = createSharedThread({ now: () => 0, monotonic: () => 0, speed: 1, after: () => () => undefined }, () => Promise.resolve());
  const time = { now: 0 };
  const columns = createMetricColumns({
    clock: { monotonic: () => time.now, speed: 1 },
    thread,
    reporter: { failed: (what: string) => failed.push(what) },
    source: shelf.source,
    shown: () => viewed(choices),
    onCells: () => undefined,
  });
  columns.follow(new Set([ID]));
  const wait = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  await wait();
  const [d] = Object.values(columns.cells(ID));
  choices = [...CHOICES].reverse();
  columns.choose();
  expect(Object.values(columns.cells(ID)).map(({ reason }) => reason)).toEqual(['waiting', 'waiting', null]);
  await wait();
  expect(Object.values(columns.cells(ID)).map(({ value }) => typeof value)).toEqual(['number', 'number', 'number']);
  expect(Object.values(columns.cells(ID))[2]).toEqual(d);
  columns.follow(new Set());
  expect(Object.values(columns.cells(ID)).map(({ reason }) => reason)).toEqual(['waiting', 'waiting', 'waiting']);
  expect(failed).toEqual([]);
});

test('long history is walked in slices, and a stop ends it', async () => {
  const shelf = new Shelf();
  shelf.hours = 20_000;
  const pauses = { count: 0 };
  const { columns } = open(shelf, CHOICES, pauses);
  while (pauses.count < 10) await new Promise((resolve) => setImmediate(resolve));
  expect(Object.values(columns.cells(ID)).map(({ reason }) => reason)).toEqual(['waiting', 'waiting', 'waiting']);
  await columns.stop();
  const stopped = pauses.count;
  await new Promise((resolve) => setImmediate(resolve));
  expect(pauses.count).toBe(stopped);
});

test('a metric that fails over a close says nothing old: its cells wait until it has begun again', async () => {
  const shelf = new Shelf();
  const { columns, values, failed } = open(shelf, CHOICES);
  await values();
  const broken = vi.spyOn(MetricRun.prototype, 'push').mockImplementationOnce(() => {
    throw new Error('no such thing');
  });
  shelf.hours++;
  columns.refresh(ID, Infinity);
  await values();
  broken.mockRestore();
  expect(failed).toEqual([`work out columns of hour ${ID}`]);
  expect(Object.values(columns.cells(ID))[0]?.reason).toBe('waiting');
  shelf.hours++;
  columns.refresh(ID, Infinity);
  expect(await values()).toEqual(await fresh(shelf, CHOICES));
});

test('a read that fails is told of and tried again with the next close', async () => {
  const shelf = new Shelf();
  const good = shelf.store.settled;
  Object.assign(shelf.store, { settled: () => Promise.reject(new Error('the disk is gone')) });
  const { columns, values, failed } = open(shelf, CHOICES);
  expect(await values()).toEqual(['waiting', 'waiting', 'waiting']);
  expect(failed).toEqual([`work out columns of hour ${ID}`]);
  Object.assign(shelf.store, { settled: good });
  columns.refresh(ID, Infinity);
  expect(await values()).toEqual(await fresh(shelf, CHOICES));
});

test('a read that goes on failing is tried less and less often, and at once when it works again by a close', async () => {
  const shelf = new Shelf();
  const good = shelf.store.settled;
  Object.assign(shelf.store, { settled: () => Promise.reject(new Error('the disk is gone')) });
  const { columns, values, failed, time } = open(shelf, CHOICES);
  await values();
  const SECOND = 1000;
  for (; time.now < 600 * SECOND; time.now += SECOND) {
    columns.tick();
    await Promise.resolve();
    for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
  }
  // After 5, 10, 20 and 40 s, then every minute, and not 120 times.
  expect(failed).toHaveLength(1 + 4 + 8);
  Object.assign(shelf.store, { settled: good });
  columns.refresh(ID, Infinity);
  expect(await values()).toEqual(await fresh(shelf, CHOICES));
});
