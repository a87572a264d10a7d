import { Worker } from 'node:worker_threads';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { HistoryStore } from '#core/ports/history.ts';
import type { Log } from '#core/ports/log.ts';
import { extractHistory, inspect } from '#node/backup/backup-file.ts';
import { HistoryError } from '#node/history/errors.ts';
import { openHistory, openHistoryReader } from '#node/history/open.ts';
import { buffersOf } from '#node/history/protocol.ts';
import { startWorker } from '#node/history/start-worker.ts';
import { WorkerClient } from '#node/history/worker-client.ts';
import { HOUR, instrument, leavesOf, overwrite, PAGE, poll, silent, snapshot, T0, tempDir } from './support.ts';

const BTC = instrument('BTC').id;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(
  file = join(tempDir(), 'history.sqlite'),
  values: { demo?: boolean; log?: Log; now?: () => number; mine?: () => boolean } = {},
) {
  const store: HistoryStore = await openHistory({ file, demo: false, log: silent, now: () => T0, ...values });
  closers.push(() => store.close());
  return { store, file };
}

async function openReader(file: string, demo = false) {
  const reader = await openHistoryReader({ file, demo, log: silent, now: () => T0 + 9 * HOUR });
  closers.push(() => reader.close());
  return reader;
}

describe('the store in its worker', () => {
  test('answers in the order asked, with columns that belong to the asker', async () => {
    const { store } = await open();
    const asked = [store.recordPoll(poll(T0 + 1, [snapshot('BTC')])), store.recordPoll(poll(T0 + 2, [snapshot('BTC')]))];
    const { observedAt } = await store.snapshots(BTC, 0, Infinity);
    expect(observedAt).toEqual(Float64Array.of(T0 + 1, T0 + 2));
    await Promise.all(asked);
  });

  test('serves every method of the port', async () => {
    let now = T0;
    const { store } = await open(undefined, { now: () => now });
    await store.recordPoll(poll(T0 + 1, [snapshot('BTC')]));
    expect(
      await store.recordSettled(BTC, [{ stamp: T0 + 3, rate: 1e-4, intervalH: 8, mark: null, premium: null }], T0, { from: 0, to: T0 }),
    ).toEqual({
      inserted: 1,
      known: 0,
      conflicts: 0,
    });
    await store.recordPrices(BTC, [{ close: T0, mark: 1, index: 2, last: null }], T0, null);
    const event = { at: T0, kind: 'hole', venue: 'binance', instrument: BTC, text: 'text' } as const;
    await store.recordEvent(event);
    now = T0 + 2 * HOUR;
    expect((await store.hours(BTC, 0, Infinity)).close).toEqual(Float64Array.of(T0 + HOUR));
    expect((await store.prices(BTC, 0, Infinity)).index).toEqual(Float64Array.of(2));
    expect((await store.settled(BTC, 0, Infinity)).key).toEqual(Float64Array.of(T0));
    expect(await store.events(0, Infinity)).toEqual([event]);
    expect(await store.spans(BTC, 'settled')).toEqual([{ from: 0, to: T0 }]);
    expect(await store.instruments()).toEqual([instrument('BTC')]);
    expect(await store.latest()).toHaveLength(1);
    expect(await store.status()).toMatchObject({ settledRows: 1, notices: [] });
  });

  test('the daily backup is checked, leaves nothing unfinished, and is made once a day; one by hand at any time', async () => {
    const { store, file } = await open();
    await store.recordPoll(poll(T0, [snapshot('BTC')]));
    const kept = { days: 7, weeks: 4, months: 12 };
    const path = await store.backUp(kept);
    expect(readdirSync(join(dirname(file), 'backups'))).toEqual([basename(path ?? '')]);
    expect(await store.backUp(kept)).toBeNull();
    expect(inspect(path ?? '', true).kind).toBe('live');
    extractHistory(path ?? '', 'live', `${file}.again`);
    expect(await (await openReader(`${file}.again`)).latest()).toHaveLength(1);
    expect(existsSync((await store.backUp(kept, true)) ?? '')).toBe(true);
  });

  test('of the demo, and where none are to be kept, only one by hand is made', async () => {
    const { store } = await open();
    await store.recordPoll(poll(T0, [snapshot('BTC')]));
    const none = { days: 0, weeks: 0, months: 0 };
    expect(await store.backUp(none)).toBeNull();
    expect(existsSync((await store.backUp(none, true)) ?? '')).toBe(true);
  });

  test('a large file opens at once and is checked beside: damage puts it aside while the app runs', async () => {
    const { store, file } = await open();
    await store.recordPoll(poll(T0, [snapshot('BTC')]));
    const year = Array.from({ length: 8760 }, (_, i) => ({ close: T0 + i * HOUR, mark: 1 + i, index: null, last: null }));
    await store.recordPrices(BTC, year, T0, null);
    const text = 'x'.repeat(4 * 1024 * 1024);
    for (let i = 0; i < 17; i++) await store.recordEvent({ at: T0, kind: 'hole', venue: 'binance', instrument: null, text });
    await store.close();
    overwrite(file, ((leavesOf(file, 'prices')[3] ?? 0) - 1) * PAGE, PAGE);
    const again = (await open(file)).store;
    expect(await again.instruments()).toHaveLength(1);
    await expect
      .poll(async () => (await again.status()).notices, { timeout: 240_000 })
      .toEqual([expect.stringMatching(/was damaged \(the check found a fault\)/u)]);
    await again.recordPoll(poll(T0 + 1, [snapshot('BTC')]));
    expect((await again.status()).bytes).toBeLessThan(1024 * 1024);
  });

  test('a refusal keeps its kind and its words', async () => {
    const { store } = await open();
    const refused = store.recordPoll(poll(NaN, [snapshot('BTC')]));
    await expect(refused).rejects.toBeInstanceOf(HistoryError);
    await expect(refused).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('binance observedAt is NaN') as string,
    });
  });

  test('what the worker logs reaches the log', async () => {
    const lines: string[] = [];
    const { store } = await open(undefined, { log: { write: (level, area, message) => void lines.push(`${level} ${area}: ${message}`) } });
    await store.recordPoll(poll(T0, [snapshot('BTC')]));
    await store.recordSettled(BTC, [{ stamp: T0, rate: 1, intervalH: null, mark: null, premium: null }], 1, null);
    await store.recordSettled(BTC, [{ stamp: T0, rate: 2, intervalH: null, mark: null, premium: null }], 1, null);
    expect(lines).toEqual([expect.stringMatching(/^warn history: a settled rate differs/u)]);
  });

  test('close does first what was asked before, may come twice, and ends everything after', async () => {
    const { store, file } = await open();
    const recorded = store.recordPoll(poll(T0, [snapshot('BTC')]));
    await Promise.all([store.close(), store.close()]);
    await recorded;
    await expect(store.latest()).rejects.toMatchObject({ kind: 'closed' });
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect(await (await open(file)).store.latest()).toHaveLength(1);
  });

  test('a folder that another Perpscope has taken over is left to it, and told; what came meanwhile is kept afterwards', async () => {
    let mine = true;
    const { store, file } = await open(undefined, { mine: () => mine });
    await store.recordPoll(poll(T0 + 1, [snapshot('BTC')]));
    expect(await store.tend()).toEqual({ file: 0, notices: [] });
    mine = false;
    expect(await store.tend()).toEqual({
      file: 1,
      notices: [expect.stringMatching(/Another Perpscope has taken over the folder of .+close one/u)],
    });
    await store.recordPoll(poll(T0 + 2, [snapshot('BTC'), snapshot('ETH')]));
    expect(await store.latest()).toHaveLength(2);
    const reader = await openReader(file);
    expect((await reader.snapshots(BTC, 0, Infinity)).observedAt).toEqual(Float64Array.of(T0 + 1));
    mine = true;
    expect((await store.tend()).notices).toEqual([expect.stringMatching(/has its folder again: recording goes on/u)]);
    expect((await reader.snapshots(BTC, 0, Infinity)).observedAt).toEqual(Float64Array.of(T0 + 1, T0 + 2));
    expect(await reader.latest()).toHaveLength(2);
  });

  test('the demo and the real history never open each other', async () => {
    const { store, file } = await open(undefined, { demo: true });
    await store.close();
    await expect(open(file)).rejects.toMatchObject({ kind: 'other-kind' });
    await expect(openReader(file)).rejects.toMatchObject({ kind: 'other-kind' });
  });

  test('a worker that dies takes only what was in flight with it', async () => {
    const file = join(tempDir(), 'history.sqlite');
    const client = new WorkerClient(
      () => startWorker({ role: 'write', file, kind: 'live', now: T0 }),
      () => T0,
      silent,
    );
    closers.push(() => client.close());
    const worker = await client.open();
    expect(worker).toBeInstanceOf(Worker);
    await client.ask('recordPoll', poll(T0, [snapshot('BTC')]));
    const inFlight = client.ask('latest');
    const lost = expect(inFlight).rejects.toMatchObject({ kind: 'failed' });
    await worker.terminate();
    await lost;
    expect(await client.ask('latest')).toHaveLength(1);
  });

  test('a worker that dies again and again is started three times in ten minutes, and then it is said', async () => {
    const file = join(tempDir(), 'history.sqlite');
    let started = 0;
    const client = new WorkerClient(
      () => ((started += 1), startWorker({ role: 'write', file, kind: 'live', now: T0 })),
      () => T0,
      silent,
    );
    closers.push(() => client.close());
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      for (let death = 0; death < 4; death += 1) await (await client.open()).terminate();
      await expect(client.ask('latest')).rejects.toMatchObject({
        user: expect.stringContaining('stopped four times in ten minutes') as string,
      });
      expect(started).toBe(4);
      now = 600_001;
      expect(await client.ask('latest')).toEqual([]);
    } finally {
      vi.restoreAllMocks();
    }
  });
});

describe('reading beside the app that writes', () => {
  test('sees every acknowledged poll, also later ones, and leaves the file alone', async () => {
    const { store, file } = await open();
    await store.recordPoll(poll(T0 + 1, [snapshot('BTC')]));
    const reader = await openReader(file);
    expect(await reader.latest()).toEqual(await store.latest());
    for (let i = 2; i <= 30; i++) {
      await store.recordPoll(poll(T0 + i, [snapshot('BTC', { rate: i })]));
      expect(await reader.latest()).toMatchObject([{ observedAt: T0 + i, snapshot: { rate: i } }]);
    }
    expect(await reader.snapshots(BTC, 0, Infinity)).toEqual(await store.snapshots(BTC, 0, Infinity));
    expect((await reader.hours(BTC, 0, Infinity)).close).toEqual(Float64Array.of(T0 + HOUR));
    expect(await reader.status()).toMatchObject({ settledRows: 0, notices: [] });
    await store.maintain(T0);
    expect((await reader.snapshots(BTC, 0, Infinity)).rate).toHaveLength(30);
  });

  test('has nothing that writes', async () => {
    const { file } = await open();
    expect(Object.keys(await openReader(file)).filter((name) => /^record|^maintain/u.test(name))).toEqual([]);
  });

  test('says what to do where there is no history', async () => {
    await expect(openReader(join(tempDir(), 'history.sqlite'))).rejects.toMatchObject({
      user: expect.stringMatching(/no history at .+ yet\. Start Perpscope once/u) as string,
    });
  });
});

test('columns change hands: exactly their buffers', () => {
  const [a, b] = [new Float64Array(2), new Float64Array(3)];
  expect(buffersOf({ a, b, c: 1 })).toEqual([a.buffer, b.buffer]);
  expect([buffersOf(null), buffersOf([1]), buffersOf(3)]).toEqual([[], [], []]);
});
