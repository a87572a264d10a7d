import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { World } from '#test/support/world.ts';

let world: World;
beforeEach(async () => {
  world = new World({ venues: ['alpha', 'beta'] });
  for (const market of world.markets.values()) market.list('BTCUSDT', { asset: 'BTC' });
  await world.start();
});
afterEach(async () => {
  await world.stop();
  world.dispose();
});
const set = (venue: string | null, proxy: string | null) => world.call('venues.proxy', { venue, proxy });

test('what is typed is kept as it is used, and what is no proxy is refused in words', async () => {
  expect((await set(null, ' SOCKS5h://Proxy.Example:1080 ')).proxy).toBe('socks5://proxy.example:1080');
  expect((await set('beta', 'off')).venues['beta']).toMatchObject({ proxy: 'off' });
  expect((await set('beta', null)).venues['beta']).toMatchObject({ proxy: null });
  await expect(set(null, 'proxy.example')).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('http://host:port') as string,
  });
  await expect(set(null, null)).rejects.toMatchObject({ code: 'bad-input' });
  await expect(set('unknown', 'off')).rejects.toMatchObject({ code: 'not-found' });
  expect(world.settings.proxy).toBe('socks5://proxy.example:1080');
});

test('a password is refused where nothing locks it away, and the proxy with it', async () => {
  await expect(set(null, 'http://me:hunter2@a.example:8080')).rejects.toMatchObject({
    message: expect.stringContaining('not kept') as string,
  });
  expect(JSON.stringify([world.settings, world.logged])).not.toContain('hunter2');
  expect(world.settings.proxy).toBe('system');
});

test('a password stands in no setting, no event and no log; one of a proxy that is not named any more is deleted', async () => {
  world.lockbox = {
    isSafe: () => Promise.resolve(true),
    lock: (text) => Promise.resolve(Buffer.from(text).toString('base64url')),
    unlock: (locked) => Promise.resolve(Buffer.from(locked, 'base64url').toString()),
  };
  await world.stop();
  await world.start();
  await set(null, 'http://me:hunter2@a.example:8080');
  await world.clock.advance(60_000);
  const file = (): string => readFileSync(join(world.dir, 'passwords.json'), 'utf8');
  expect(Object.keys(JSON.parse(file()) as object)).toEqual(['http://me@a.example:8080']);
  expect(world.settings.proxy).toBe('http://me@a.example:8080');
  expect(JSON.stringify([world.events, world.settings, world.logged, await world.call('settings.get', {})])).not.toContain('hunter2');
  expect(new Set(world.market('alpha').proxies.slice(-1))).toEqual(new Set(['http://me@a.example:8080']));
  await set(null, 'system');
  expect(file()).toBe('{}');
});

test('a test of the way says what it saw, also of a venue that is off, and stores nothing', async () => {
  await world.clock.advance(60_000);
  await world.call('venues.change', { venue: 'beta', change: { enabled: false } });
  const polls = async (): Promise<number> => (await world.store.latest()).filter(({ instrument }) => instrument.venue === 'beta').length;
  const before = await polls();
  world.market('beta').list('ETHUSDT', { asset: 'ETH' });
  expect(await world.call('venues.test', { venue: 'beta' })).toMatchObject({
    address: 'https://beta.example/market',
    via: null,
    status: 200,
    ms: 0,
    instruments: 2,
    error: null,
  });
  expect(await polls()).toBe(before);
});

test('a test says what was wrong, and keeps to the silence that the venue asked for', async () => {
  await world.clock.advance(60_000);
  world.market('alpha').fault = { kind: 'status', status: 429, headers: { 'retry-after': '600' } };
  const first = await world.call('venues.test', { venue: 'alpha' });
  expect(first).toMatchObject({ status: 429, instruments: null, error: expect.stringContaining('fewer requests') as string });
  const sent = world.market('alpha').count('/market');
  expect(await world.call('venues.test', { venue: 'alpha' })).toMatchObject({ address: 'https://alpha.example', status: null, ms: null });
  expect(world.market('alpha').count('/market')).toBe(sent);
});
