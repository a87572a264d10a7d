import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallName, CallOutput } from '#bridge/contract.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { APPLICATION_ID, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { acquireLock, COLLECTOR } from '#node/lock.ts';
import type { OpenedApp } from '#node/open-app.ts';
import { openTestApp } from '#test/support/open-app.ts';
import { openPerson } from '#node/person/open-person.ts';
import { HOUR, poll, silent, snapshot } from './history/support.ts';

const BTC = 'binance:BTCUSDT';
const settle = { timeout: 240_000, interval: 50 };
/** No exchange is asked: what is no loopback address is refused. */
const env = { PERPSCOPE_LOOPBACK_ONLY: '1' };

let dir = '';
let file = '';
const closers: (() => Promise<void> | void)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-terminal-'));
  file = join(dir, 'history.sqlite');
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

/** Polls and settlements of the last hours, as this version writes them. */
function record(): void {
  const now = Date.now();
  const store = new SqliteHistory({ file, kind: 'live', log: silent, now: () => now });
  store.recordPoll(poll(now - 60_000, [snapshot('BTCUSDT', { rate: 2.5e-4 })]));
  const hour = Math.floor(now / HOUR) * HOUR;
  const stamps = [hour - 3 * HOUR, hour - 2 * HOUR, hour - HOUR, hour];
  const rows = stamps.map((stamp) => ({ stamp, rate: 1e-4, intervalH: 1, mark: null, premium: null }));
  store.recordSettled(BTC, rows, now, { from: hour - 4 * HOUR, to: hour });
  store.close();
}
/** As a later version would leave it, that says from which version on it can be read. */
function makeNewer(leastReader: number): void {
  const db = new Database(file);
  db.exec('ALTER TABLE events ADD COLUMN colour TEXT');
  db.prepare("UPDATE meta SET value = ? WHERE name = 'least_reader'").run(leastReader);
  db.pragma(`user_version = ${MIGRATIONS.length + 1}`);
  db.close();
}
const hash = (): string => createHash('sha256').update(readFileSync(file)).digest('hex');

async function terminal(): Promise<OpenedApp> {
  const one = await openTestApp(dir, { env });
  closers.push(() => one.close());
  return one;
}
async function ask<N extends CallName>({ app }: OpenedApp, name: N, input: unknown = {}): Promise<CallOutput<N>> {
  const answer = await app.dispatch(name, input);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as CallOutput<N>;
}
/** A list of the person, made before there was any history. */
async function list(instrument: string): Promise<void> {
  const person = await openPerson({
    file: join(dir, 'person.sqlite'),
    demo: false,
    log: silent,
    now: () => Date.now(),
    defaults: defaultSettings([]),
    outgrown: null,
    history: file,
  });
  person.update((before) => ({ ...before, lists: [{ id: 'l1', name: 'Mine', assets: [], seeded: [], items: [instrument] }] }));
  await person.close();
}
const rowOf = async (one: OpenedApp, id: string) => (await ask(one, 'watchlist.rows')).find(({ instrument }) => instrument.id === id);
const notices = async (one: OpenedApp) => (await ask(one, 'history.status')).notices.join('\n');

test('a history of a newer version that this one can read is shown, recorded into by none, and left as it is', async () => {
  record();
  makeNewer(MIGRATIONS.length);
  const before = hash();
  const one = await terminal();
  await one.app.start();
  expect(await notices(one)).toMatch(
    /A newer Perpscope recorded the history.+records nothing.+install the newer version, or choose another folder/u,
  );
  // What is the person's is theirs to change.
  const { id: list } = (await ask(one, 'watchlist.create', { name: 'Mine' })).lists.at(-1) ?? { id: '' };
  await ask(one, 'watchlist.add', { list, instrument: BTC });
  await vi.waitUntil(async () => (await rowOf(one, BTC))?.rate === 2.5e-4, settle);
  expect((await ask(one, 'history.divergence', { instrument: BTC, from: null })).settledAt).toHaveLength(4);
  const [health] = await ask(one, 'venues.health');
  expect(health?.state).toBe('off');
  expect(health?.error).toMatch(/A newer Perpscope/u);
  await expect(ask(one, 'venues.retry', { venue: 'binance' })).rejects.toThrow(/A newer Perpscope/u);
  // One of the newer version may record beside it.
  acquireLock(dir, { shell: COLLECTOR, version: '9.9.9' }).release();
  await one.close();
  expect(hash()).toBe(before);
  const again = await terminal();
  expect((await ask(again, 'settings.get')).lists.find(({ id }) => id === list)?.items).toEqual([BTC]);
});

test('one that it cannot read is refused with what to do, and nothing in the folder is made or changed', async () => {
  record();
  makeNewer(MIGRATIONS.length + 1);
  const before = hash();
  await expect(terminal()).rejects.toThrow(/newer Perpscope.+Nothing was changed: install the newer version/u);
  expect(hash()).toBe(before);
  const made = readdirSync(dir).filter((name) => !/^(?:history\.sqlite|lock\.sqlite|person-lock\.sqlite|logs$)/u.test(name));
  expect(made).toEqual([]);
  acquireLock(dir, { shell: 'browser', version: '0.0.0' }).release();
  acquireLock(dir, { shell: 'browser', version: '0.0.0' }, 'person').release();
});

test('while a collector takes an older history over it says so, and shows what is stored once that is done', async () => {
  const old = new Database(file);
  old.pragma('journal_mode = WAL');
  old.pragma(`application_id = ${APPLICATION_ID.live}`);
  migrate(old, MIGRATIONS.slice(0, -1));
  old.close();
  await list(BTC);
  const lock = acquireLock(dir, { shell: COLLECTOR, version: '0.0.0' });
  closers.push(() => lock.release());
  const one = await terminal();
  await one.app.start();
  expect(await notices(one)).toMatch(/is being taken over into this version's layout by a collector \(process \d+/u);
  let isDrawn = false;
  const chart = ask(one, 'history.divergence', { instrument: BTC, from: null }).then((drawn) => {
    isDrawn = true;
    return drawn;
  });
  expect((await rowOf(one, BTC))?.rate ?? null).toBeNull();
  expect(isDrawn).toBe(false);
  record();
  await vi.waitUntil(async () => (await rowOf(one, BTC))?.rate === 2.5e-4, settle);
  expect((await chart).settledAt).toHaveLength(4);
  expect(await notices(one)).not.toContain('taken over into');
  expect(await notices(one)).toContain('records this folder and asks the exchanges');
});

test('a collector that dies while it takes the history over: the terminal takes it over itself', async () => {
  await list(BTC);
  const lock = acquireLock(dir, { shell: COLLECTOR, version: '0.0.0' });
  closers.push(() => lock.release());
  const one = await terminal();
  await one.app.start();
  expect(await notices(one)).toMatch(/A collector \(process \d+.+cannot be read yet/u);
  const chart = ask(one, 'history.divergence', { instrument: BTC, from: null });
  lock.release();
  await vi.waitUntil(async () => (await notices(one)).includes('This window records by itself now'), settle);
  expect((await chart).settledAt).toHaveLength(0);
});
