import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallName, CallOutput } from '#bridge/contract.ts';
import { newInstrument } from '#domain/instrument.ts';
import { openHistory } from '#node/history/open.ts';
import { LockedError } from '#node/lock.ts';
import { openLog } from '#node/log.ts';
import Conf from 'conf';
import { DEMO_SEED, type OpenAppOptions, type OpenedApp } from '#node/open-app.ts';
import { openTestApp } from '#test/support/open-app.ts';
import { VenueUrlError } from '#node/venue-urls.ts';
import { createBybit } from '#node/venues/bybit/linear.ts';
import { createVenues } from '#node/venues/index.ts';
import { venueEnv, venuesOn } from '#test/support/demo-url.ts';

let dir = '';
let opened: OpenedApp[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-open-'));
});
afterEach(async () => {
  for (const one of opened) await one.close();
  opened = [];
  rmSync(dir, { recursive: true, force: true });
});

async function open(options: Partial<OpenAppOptions> = {}): Promise<OpenedApp> {
  const one = await openTestApp(dir, { demo: { speed: 3600, seed: DEMO_SEED }, ...options });
  opened.push(one);
  return one;
}

async function ask<N extends CallName>({ app }: OpenedApp, name: N, input: unknown = {}): Promise<CallOutput<N>> {
  const answer = await app.dispatch(name, input);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as CallOutput<N>;
}
const liveRows = async (one: OpenedApp) => (await ask(one, 'watchlist.rows')).filter(({ status }) => status === 'live');
const settle = { timeout: 240_000, interval: 50 };

test('the demo collects into a folder of its own, keeps it, and its time goes on where it was', async () => {
  const first = await open();
  expect(first.dataDir).toBe(join(dir, 'demo'));
  await first.app.start();
  await vi.waitUntil(async () => (await liveRows(first)).length > 0, settle);
  const newest = Math.max(...(await liveRows(first)).map(({ observedAt }) => observedAt ?? 0));
  // A row has the time of its venue's clock, known as well as the machine has time to ask: here a second of it is an hour.
  const then = (await ask(first, 'app.info')).now;
  expect(newest).toBeLessThanOrEqual(then + 3_600_000);
  await ask(first, 'settings.change', { unit: 'apr' });
  await first.close();
  await first.close();

  expect(readdirSync(dir)).toEqual(['demo']);
  expect(readdirSync(join(dir, 'demo'))).toEqual(expect.arrayContaining(['demo.sqlite', 'logs', 'settings.json']));
  expect(JSON.parse(readFileSync(join(dir, 'demo/settings.json'), 'utf8'))).toMatchObject({ unit: 'apr' });

  // An hour of the demo passes in a second: without the stored time as its start it would now be in the past.
  const second = await open({ demo: { speed: 1, seed: DEMO_SEED } });
  expect((await ask(second, 'app.info')).now).toBeGreaterThanOrEqual(newest);
  expect((await ask(second, 'settings.get')).unit).toBe('apr');
});

test('the demo begins no earlier than what the person kept in it, also where the market stored nothing since', async () => {
  const first = await open();
  const startedAt = (await ask(first, 'app.info')).now;
  // Half a day of the demo: twelve seconds.
  await vi.waitUntil(async () => (await ask(first, 'app.info')).now > startedAt + 12 * 3_600_000, settle);
  const then = (await ask(first, 'app.info')).now;
  await ask(first, 'thresholds.change', { instrument: null, k: 5 });
  await first.close();

  const second = await open({ demo: { speed: 1, seed: DEMO_SEED } });
  expect((await ask(second, 'app.info')).now).toBeGreaterThanOrEqual(then);
});

test('a folder in use is refused with who has it, and is free again after the close', async () => {
  const first = await open();
  await expect(open()).rejects.toThrow(LockedError);
  await expect(open()).rejects.toThrow(String(process.pid));
  await first.close();
  await open();
});

test('live and demo run side by side in one folder', async () => {
  const [live, demo] = [await open({ demo: null, env: nowhere }), await open()];
  expect((await ask(live, 'app.info')).demo).toBeNull();
  expect((await ask(demo, 'app.info')).demo).toEqual({ speed: 3600, seed: DEMO_SEED });
});

/** Live venues that a test may have: none. */
const nowhere = venueEnv(() => 'http://127.0.0.1:9');

test('a bad address in the environment is told before a file of the person or the market is made, and leaves the folder free', async () => {
  await expect(open({ env: { PERPSCOPE_VENUE_URL_BINANCE: 'nonsense' } })).rejects.toThrow(VenueUrlError);
  await expect(open({ env: { PERPSCOPE_VENUE_URL_NASDAQ: 'https://example.org' } })).rejects.toThrow(/BINANCE.*BYBIT.*HYPERLIQUID/u);
  const made = readdirSync(join(dir, 'demo')).filter((name) => !name.includes('lock'));
  expect(made).toEqual(['logs']);
  await open();
});

test('a history that must not be touched ends the start, says so and leaves the folder free', async () => {
  await (await open({ demo: null, env: nowhere })).close();
  await (await open()).close();
  copyFileSync(join(dir, 'history.sqlite'), join(dir, 'demo/demo.sqlite'));
  await expect(open()).rejects.toThrow(/demo/u);
  const log = readFileSync(join(dir, 'demo/logs/perpscope.log'), 'utf8');
  expect(log).toContain('could not start');
  rmSync(join(dir, 'demo/demo.sqlite'));
  await open();
});

test('a store that cannot be made costs the keeping of settings, not the start', async () => {
  class Impossible extends Conf {
    constructor() {
      super({ cwd: dir });
      throw new Error('no such store');
    }
  }
  const odd = await open({ createStore: Impossible });
  expect(odd.settings.notices.join()).toContain('no such store');
  expect((await ask(odd, 'settings.change', { unit: 'day' })).unit).toBe('day');
});

test.each([
  ['in the demo', { demo: { speed: 3600, seed: DEMO_SEED } }],
  ['in a test', { demo: null, env: { PERPSCOPE_LOOPBACK_ONLY: '1' } }],
])('%s an exchange without an address on this machine is not asked', async (_, options) => {
  const planted = { ...createBybit(), id: 'planted', name: 'Planted', url: 'https://192.0.2.7' };
  const one = await open({ ...options, venues: [planted] });
  await one.app.start();
  const health = async () => (await ask(one, 'venues.health')).find(({ id }) => id === 'planted');
  await vi.waitUntil(async () => (await health())?.error, settle);
  expect(await health()).toMatchObject({
    state: 'blocked',
    error: 'Planted was not asked: its address lies outside this machine, which the demo never leaves.',
  });
});

test('a venue that the package of the long tail dropped says so, and its stored history stays readable', async () => {
  const T = Date.UTC(2026, 0, 1);
  const id = 'ccxt-gone:BTC_PERP';
  const log = openLog({ dir: join(dir, 'logs') });
  const store = await openHistory({ file: join(dir, 'history.sqlite'), demo: false, now: () => T, log });
  const rows = [0, 8, 16].map((hour) => ({ stamp: T + hour * 3_600_000, rate: 1e-4, intervalH: null, mark: null, premium: null }));
  const instrument = newInstrument({
    ...{ venue: 'ccxt-gone', symbol: 'BTC_PERP', asset: 'BTC', aliases: [], multiplier: 1, quote: 'USDT', settle: 'USDT' },
  });
  const snapshot = {
    symbol: 'BTC_PERP',
    rate: 1e-4,
    intervalH: 8,
    nextFundingAt: null,
    mark: null,
    index: null,
    openInterest: null,
    volume24h: null,
    interestPer8h: null,
  };
  await store.recordPoll({
    ...{ venue: 'ccxt-gone', observedAt: T, instruments: [instrument], snapshots: [snapshot], watched: new Set<string>(), pollMs: 30_000 },
  });
  await store.recordSettled(id, rows, T, null);
  await store.close();
  await log.close();
  const first = await open({ demo: null, env: nowhere });
  await first.close();
  const file = join(dir, 'settings.json');
  const written = JSON.parse(readFileSync(file, 'utf8')) as { venues: object };
  // As a release wrote it in which ccxt had the exchange.
  writeFileSync(
    file,
    JSON.stringify({ ...written, venues: { ...written.venues, 'ccxt-gone': { enabled: true, url: null, pollSeconds: 30 } } }),
  );

  const one = await open({ demo: null, env: nowhere });
  await one.app.start();
  const health = async () => (await ask(one, 'venues.health')).find(({ id: venue }) => venue === 'ccxt-gone');
  await vi.waitUntil(async () => (await health())?.error, settle);
  expect(await health()).toMatchObject({
    name: 'gone via ccxt',
    state: 'down',
    error: expect.stringMatching(/^ccxt [\d.]+ no longer serves gone\. Its stored history stays readable/u) as unknown,
  });
  const chart = await ask(one, 'history.divergence', { instrument: id, from: null });
  expect([...chart.settledAt]).toEqual(rows.map(({ stamp }) => stamp));
  // It can be switched off like any other.
  await ask(one, 'venues.change', { venue: 'ccxt-gone', change: { enabled: false } });
  expect((await health())?.state).toBe('off');
});

test('which venues there are is written at the first start; what comes later in an old folder is off', async () => {
  const file = join(dir, 'demo/settings.json');
  const first = await open();
  await first.close();
  const written = JSON.parse(readFileSync(file, 'utf8')) as { venues: Record<string, { enabled: boolean }> };
  const onByDefault = Object.fromEntries(createVenues().map((venue) => [venue.id, venue.onByDefault]));
  expect(Object.fromEntries(Object.entries(written.venues).map(([id, { enabled }]) => [id, enabled]))).toEqual(onByDefault);
  const [newer = ''] = venuesOn();
  const known = Object.entries(written.venues).filter(([id]) => id !== newer);
  writeFileSync(file, JSON.stringify({ ...written, venues: Object.fromEntries(known) }));
  const later = await open();
  expect(Object.fromEntries((await ask(later, 'venues.health')).map(({ id, state }) => [id, state === 'off']))).toEqual({
    ...Object.fromEntries(Object.entries(onByDefault).map(([id, on]) => [id, !on])),
    [newer]: true,
  });
});

/** A history in which Bybit was polled, and a venue that is off by default. */
async function recordTwo(): Promise<string[]> {
  const other = createVenues().find(({ onByDefault }) => !onByDefault)?.id ?? '';
  const log = openLog({ dir: join(dir, 'logs') });
  const store = await openHistory({ file: join(dir, 'history.sqlite'), demo: false, now: () => T, log });
  for (const venue of ['bybit', other]) {
    const instrument = newInstrument({ venue, symbol: 'BTC', asset: 'BTC', aliases: [], multiplier: 1, quote: 'USDT', settle: 'USDT' });
    const amounts = {
      intervalH: 8,
      nextFundingAt: null,
      mark: null,
      index: null,
      openInterest: null,
      volume24h: null,
      interestPer8h: null,
    };
    await store.recordPoll({
      ...{ venue, observedAt: T, instruments: [instrument], watched: new Set<string>(), pollMs: 30_000 },
      snapshots: [{ symbol: 'BTC', rate: 1e-4, ...amounts }],
    });
  }
  await store.close();
  await log.close();
  return ['bybit', other];
}
const T = Date.UTC(2026, 0, 1);

test('beside a history a settings.json that was lost leaves on what was recorded, and no other', async () => {
  const recorded = await recordTwo();
  const on = async (one: OpenedApp) =>
    (await ask(one, 'venues.health')).flatMap(({ id, state }) => (state === 'off' ? [] : [id])).toSorted();
  const first = await open({ demo: null, env: nowhere });
  expect(await on(first)).toEqual(recorded.toSorted());
  expect((await ask(first, 'history.status')).notices.join('\n')).toMatch(
    /^settings\.json does not say which venues are on\. Those .*Bybit/u,
  );
  await first.close();
  // It is written, so that it is told once.
  const second = await open({ demo: null, env: nowhere });
  expect(await on(second)).toEqual(recorded.toSorted());
  expect((await ask(second, 'history.status')).notices.join('\n')).not.toContain('settings.json');
});
