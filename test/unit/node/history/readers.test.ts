import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import type { HistoryStore } from '#core/ports/history.ts';
import type { Log } from '#core/ports/log.ts';
import { openHistory } from '#node/history/open.ts';
import { HOUR, instrument, leavesOf, overwrite, PAGE, poll, snapshot, T0, tempDir } from './support.ts';

const BTC = instrument('BTC').id;
const all = [0, Number.MAX_SAFE_INTEGER] as const;
const logged: string[] = [];
const log: Log = { write: (level, _area, message) => void logged.push(`${level} ${message}`) };
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  logged.splice(0);
});

async function open(file = join(tempDir(), 'history.sqlite')): Promise<{ store: HistoryStore; file: string }> {
  const store = await openHistory({ file, demo: false, log, now: () => T0 });
  closers.push(() => store.close());
  return { store, file };
}
const record = (store: HistoryStore, i: number) => store.recordPoll(poll(T0 + i, [snapshot('BTC', { rate: i })]));

test('a read does not wait for what keeps the writer', async () => {
  const { store, file } = await open();
  await record(store, 1);
  await store.snapshots(BTC, ...all);
  // The writer waits for this lock; no other does.
  const held = new Database(file);
  held.exec('BEGIN IMMEDIATE');
  const order: string[] = [];
  const upkeep = store.maintain(T0).then(
    () => order.push('upkeep'),
    () => order.push('upkeep'),
  );
  expect((await store.snapshots(BTC, ...all)).rate).toHaveLength(1);
  order.push('read');
  held.exec('COMMIT');
  held.close();
  await upkeep;
  expect(order).toEqual(['read', 'upkeep']);
});

test('a read sees every write that was asked for before it, acknowledged or not', async () => {
  const { store } = await open();
  await record(store, 1);
  for (let i = 2; i <= 40; i++) {
    const writing = record(store, i);
    const [{ rate }, [latest]] = await Promise.all([store.snapshots(BTC, ...all), store.latest()]);
    expect([rate.at(-1), latest?.snapshot.rate]).toEqual([i, i]);
    await writing;
  }
  expect(logged).toEqual([]);
});

test('many reads at once are answered, each with columns of its own', async () => {
  const { store } = await open();
  for (let i = 1; i <= 5; i++) await record(store, i);
  const reads = await Promise.all(Array.from({ length: 50 }, () => store.snapshots(BTC, ...all)));
  for (const { rate } of reads) expect([...rate]).toEqual([1, 2, 3, 4, 5]);
});

test('behind a long read no other waits while another reader is free', async () => {
  const { store } = await open();
  const long = Array.from({ length: 200_000 }, (_, i) => ({ close: T0 + i * HOUR, mark: 1 + i, index: 1, last: null }));
  await record(store, 1);
  await store.recordPrices(BTC, long, T0, null);
  // Both readers are there.
  await Promise.all([store.latest(), store.latest()]);
  const order: string[] = [];
  const told = async (what: string, reading: Promise<unknown>) => reading.then(() => void order.push(what));
  await Promise.all([told('long', store.prices(BTC, ...all)), ...['a', 'b'].map((what) => told(what, store.spans(BTC, 'settled')))]);
  expect(order).toEqual(['a', 'b', 'long']);
});

test.skipIf(process.platform === 'win32')('when another file takes the place of the open one, reads go to that', async () => {
  const { store, file } = await open();
  await record(store, 1);
  expect((await store.snapshots(BTC, ...all)).rate).toHaveLength(1);
  for (const end of ['', '-wal', '-shm']) rmSync(file + end);
  await record(store, 2);
  expect((await store.snapshots(BTC, ...all)).rate).toHaveLength(2);
  await store.tend();
  await record(store, 3);
  expect([...(await store.snapshots(BTC, ...all)).rate]).toEqual([1, 2, 3]);
});

test('what is in memory only the writer has, and it answers', async () => {
  const file = join(tempDir(), 'folder', 'history.sqlite');
  writeFileSync(dirname(file), 'a file where the folder should be');
  const { store } = await open(file);
  await record(store, 1);
  expect((await store.snapshots(BTC, ...all)).rate).toHaveLength(1);
  expect(await store.latest()).toHaveLength(1);
});

test('damage that a reader meets is put right by the writer', async () => {
  const { store, file } = await open();
  const year = Array.from({ length: 8760 }, (_, i) => ({ close: T0 + i * HOUR, mark: 1 + i, index: null, last: null }));
  await record(store, 1);
  await store.recordPrices(BTC, year, T0, null);
  await store.close();
  overwrite(file, ((leavesOf(file, 'prices')[3] ?? 0) - 1) * PAGE, PAGE);
  // As a large file is: opened before it is checked.
  const { store: again } = await open(file);
  expect((await again.prices(BTC, ...all)).close.length).toBeLessThan(year.length);
  expect((await again.status()).notices).toEqual([expect.stringMatching(/was damaged/u)]);
  await record(again, 2);
  expect([...(await again.snapshots(BTC, ...all)).rate]).toContain(2);
});
