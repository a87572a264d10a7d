import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallName, CallOutput } from '#bridge/contract.ts';
import { LockedError } from '#node/lock.ts';
import { DEMO_SEED, type OpenedApp } from '#node/open-app.ts';
import { openTestApp } from '#test/support/open-app.ts';
import { type Collector, openCollector } from '#node/open-collector.ts';
import { createVenues } from '#node/venues/index.ts';
import { defaultSettings } from '#core/default-settings.ts';

/** A collector and a terminal on one folder, both real, on the demo market; one hour of it passes in a minute. */
const demo = { speed: 60, seed: DEMO_SEED };
const BTC = 'binance:BTCUSDT';
const ETH = 'bybit:ETHUSDT';
/** Those that are asked: each venue more is work without end at this speed. */
const ON = ['binance', 'bybit', 'hyperliquid'];
const settle = { timeout: 240_000, interval: 50 };

let dir = '';
const closers: (() => Promise<void>)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-beside-'));
  mkdirSync(join(dir, 'demo'));
  const { venues } = defaultSettings(createVenues());
  const on = Object.fromEntries(Object.entries(venues).map(([id, venue]) => [id, { ...venue, enabled: ON.includes(id) }]));
  writeFileSync(join(dir, 'demo/settings.json'), JSON.stringify({ venues: on }));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

async function collector(): Promise<Collector> {
  const one = await openCollector({
    dataDir: dir,
    demo,
    version: '0.0.0',
    env: {},
    only: null,
    choose: ({ lists, others }) => new Set([BTC, ...lists.flatMap(({ items }) => items), ...others]),
  });
  closers.push(() => one.close());
  await one.start();
  return one;
}
async function terminal(): Promise<OpenedApp> {
  const one = await openTestApp(dir, { demo });
  closers.push(() => one.close());
  await one.app.start();
  return one;
}
async function ask<N extends CallName>({ app }: OpenedApp, name: N, input: unknown = {}): Promise<CallOutput<N>> {
  const answer = await app.dispatch(name, input);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as CallOutput<N>;
}
const rowOf = async (one: OpenedApp, id: string) => (await ask(one, 'watchlist.rows')).find(({ instrument }) => instrument.id === id);
const notices = async (one: OpenedApp) => (await ask(one, 'history.status')).notices.join('\n');

test('a terminal beside a collector shows what it records, says so, keeps what is the person’s, and asks it for what it looks at', async () => {
  const recording = await collector();
  await vi.waitUntil(() => recording.collect.listings.get(ETH)?.snapshot, settle);
  const one = await terminal();
  await vi.waitUntil(async () => (await rowOf(one, BTC))?.status === 'live', settle);
  expect(await notices(one)).toContain('records this folder and asks the exchanges');
  // Of each venue something is recorded: on a busy machine one is before another.
  const health = async () => (await ask(one, 'venues.health')).filter(({ id }) => ON.includes(id));
  await vi.waitUntil(async () => (await health()).every(({ state }) => state === 'healthy'), settle);
  const venues = await health();
  // Names and fees are the folders’.
  const profiles = await ask(one, 'venues.list');
  expect(profiles.map(({ id }) => id)).toEqual(createVenues().map(({ id }) => id));
  expect(profiles[0]?.fees?.perp.length).toBeGreaterThan(0);
  expect(venues.map(({ id }) => id)).toEqual(ON);
  for (const { error } of venues) expect(error).toMatch(/A collector \(process \d+, since/u);
  await expect(ask(one, 'venues.retry', { venue: 'binance' })).rejects.toThrow(/A collector/u);

  // What comes next is seen too: by the same rows and events.
  const events: string[] = [];
  one.app.listen((name) => void events.push(name));
  const seen = (await rowOf(one, BTC))?.observedAt ?? 0;
  await vi.waitUntil(async () => ((await rowOf(one, BTC))?.observedAt ?? 0) > seen, settle);
  await vi.waitUntil(() => events.includes('watchlist.change') && events.includes('history.change'), settle);
  const chart = await ask(one, 'history.divergence', { instrument: BTC, from: null });
  expect(chart.settledAt.length).toBeGreaterThan(0);

  // A list of the person is theirs to change, and the collector watches what is in it.
  const { id } = (await ask(one, 'watchlist.create', { name: 'Beside' })).lists.at(-1) ?? { id: '' };
  await ask(one, 'watchlist.add', { list: id, instrument: 'hyperliquid:SOL' });
  await vi.waitUntil(async () => (await recordedOf(one, 'hyperliquid:SOL')) > 0, settle);

  // What a calculator needs of a venue comes through the collector.
  await vi.waitUntil(async () => (await ask(one, 'decisions.facts', { instrument: 'bybit:SOLUSDT' })).book, settle);
  expect(await fresh(one, 'bybit:SOLUSDT')).toBe(true);
  await vi.waitUntil(async () => (await ask(one, 'decisions.facts', { instrument: 'bybit:SOLUSDT' })).rules?.maintenance, settle);

  // So do settings that the terminal changes.
  await ask(one, 'venues.change', { venue: 'bybit', change: { enabled: false } });
  await vi.waitUntil(() => recording.collect.health().find(({ id: venue }) => venue === 'bybit')?.state === 'off', settle);
});

/** Its book is as new as one that a terminal asks for by itself: within a few seconds, at the demo's speed. */
async function fresh(one: OpenedApp, instrument: string): Promise<boolean> {
  const isFresh = async (): Promise<boolean> => {
    const { book } = await ask(one, 'decisions.facts', { instrument });
    return book !== null && (await ask(one, 'app.info')).now - book.at <= 12_000 * demo.speed;
  };
  return vi.waitUntil(isFresh, settle);
}

/** Settlements in the folder's history. */
const recordedOf = async (one: OpenedApp, instrument: string): Promise<number> =>
  (await ask(one, 'history.divergence', { instrument, from: null })).settledAt.length;

test('when the collector ends the terminal records in its place, and says so', async () => {
  const recording = await collector();
  await vi.waitUntil(() => recording.collect.listings.get(BTC)?.snapshot, settle);
  const one = await terminal();
  await vi.waitUntil(async () => (await rowOf(one, BTC))?.status === 'live', settle);
  await recording.close();
  await vi.waitUntil(async () => (await notices(one)).includes('This window records by itself now'), settle);
  expect(await notices(one)).not.toContain('A collector (process');
  const seen = (await rowOf(one, BTC))?.observedAt ?? 0;
  await vi.waitUntil(async () => ((await rowOf(one, BTC))?.observedAt ?? 0) > seen, settle);
  expect((await ask(one, 'venues.health')).map(({ error }) => error)).toEqual(createVenues().map(() => null));
  await expect(collector()).rejects.toThrow(LockedError);
  await expect(terminal()).rejects.toThrow(LockedError);
});

test('a second terminal beside a collector is refused, and the folder of one that ended is whole', async () => {
  const recording = await collector();
  await vi.waitUntil(() => recording.collect.listings.get(BTC)?.snapshot, settle);
  const one = await terminal();
  await expect(terminal()).rejects.toThrow(/\(browser, process/u);
  await one.close();
  await recording.close();
  expect(readdirSync(join(dir, 'demo')).filter((name) => name === 'demo.sqlite-wal')).toEqual([]);
});
