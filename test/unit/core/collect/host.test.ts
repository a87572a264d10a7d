import { afterEach, describe, expect, test } from 'vitest';
import { createVenueClocks } from '#core/collect/venue-clock.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { World, type WorldOptions } from '#test/support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

const PRESET = ['BTC', 'ETH', 'SOL', 'XRP', 'BNB', 'DOGE', 'ADA', 'AVAX', 'LINK', 'LTC'];
const watching = [{ id: 'all', name: 'All', assets: PRESET, seeded: [], items: [] }];

/** Alpha and its second market, beta, at one address; gamma is another exchange. */
async function open({ assets = ['BTC', 'ETH'], ...options }: WorldOptions & { assets?: readonly string[] } = {}): Promise<World> {
  world = new World({ venues: ['alpha', 'beta', 'gamma'], hosts: { beta: 'alpha' }, ...options });
  for (const market of world.markets.values()) {
    for (const asset of assets) market.list(`${asset}USDT`, { asset });
  }
  await world.start();
  return world;
}

const sent = (ids: readonly string[]): { readonly at: number; readonly units: number }[] =>
  ids
    .flatMap((id) => world.market(id).requests)
    .map(({ path, at }) => ({ at, units: path === '/market' ? 10 : 1 }))
    .sort((a, b) => a.at - b.at);
/** The most units of any minute. */
const most = (ids: readonly string[]): number => {
  const all = sent(ids);
  return Math.max(
    ...all.map(({ at }) => all.filter((one) => one.at >= at && one.at < at + MINUTE).reduce((sum, { units }) => sum + units, 0)),
  );
};
const countSince = (ids: readonly string[], at: number): number => sent(ids).filter((one) => one.at >= at).length;

test('two markets of one host stay in the one budget, which both use up', async () => {
  const often = { enabled: true, url: null, pollSeconds: 15 };
  await open({ limit: 60, settings: (all) => ({ ...all, venues: { ...all.venues, alpha: often, beta: often } }) });
  await world.clock.advance(20 * MINUTE);
  const units = most(['alpha', 'beta']);
  expect(units).toBeGreaterThan(50);
  expect(units).toBeLessThanOrEqual(60);
  for (const id of ['alpha', 'beta']) expect(world.market(id).count('/market')).toBeGreaterThan(35);
  expect(most(['gamma'])).toBeLessThanOrEqual(60);
});

test('what was spent is kept by host, and counts for both markets after a restart', async () => {
  await open({
    limit: 60,
    settings: (all) => ({ ...all, venues: { ...all.venues, beta: { enabled: false, url: null, pollSeconds: 30 } } }),
  });
  await world.clock.advance(10 * MINUTE);
  await world.stop();
  world.settings = { ...world.settings, venues: { ...world.settings.venues, beta: { enabled: true, url: null, pollSeconds: 5 } } };
  await world.start();
  await world.clock.advance(3 * MINUTE);
  expect(world.market('beta').count('/market')).toBeGreaterThan(5);
  expect(most(['alpha', 'beta'])).toBeLessThanOrEqual(60);
});

test('a limit that one market met silences both, and no other exchange', async () => {
  await open();
  await world.clock.advance(5 * MINUTE);
  world.market('beta').fault = { kind: 'status', status: 429, headers: { 'retry-after': '600' } };
  await world.clock.advance(MINUTE);
  const met = world.market('beta').requests.at(-1)?.at ?? 0;
  world.market('beta').fault = null;
  await world.clock.until(met + 600_000 - 1);
  expect(countSince(['alpha', 'beta'], met + 1)).toBe(0);
  expect(countSince(['gamma'], met + 1)).toBeGreaterThan(10);
  for (const id of ['alpha', 'beta']) expect(await world.health(id)).toMatchObject({ state: 'limited' });
  expect(await world.health('gamma')).toMatchObject({ state: 'healthy' });
  await world.clock.advance(2 * MINUTE);
  for (const id of ['alpha', 'beta']) expect(await world.health(id)).toMatchObject({ state: 'healthy' });
});

test('a ban of one market holds for both, also across a restart, until a person asks either of them', async () => {
  await open();
  await world.clock.advance(5 * MINUTE);
  world.market('beta').fault = { kind: 'status', status: 418, headers: { 'retry-after': '7200' } };
  await world.clock.advance(MINUTE);
  const met = world.market('beta').requests.at(-1)?.at ?? 0;
  world.market('beta').fault = null;
  await world.stop();
  await world.start();
  await world.clock.advance(10 * MINUTE);
  expect(countSince(['alpha', 'beta'], met + 1)).toBe(0);
  expect(await world.health('alpha')).toMatchObject({ state: 'limited', error: expect.stringContaining('banned') as string });

  await world.call('venues.retry', { venue: 'alpha', anyway: true });
  await world.clock.advance(1000);
  for (const id of ['alpha', 'beta']) expect(await world.health(id)).toMatchObject({ state: 'healthy' });
  await world.stop();
  await world.start();
  await world.clock.advance(1000);
  for (const id of ['alpha', 'beta']) expect(world.market(id).count('/market', world.clock.now() - 1000)).toBe(1);
});

test('a ban is of an address: a market at a mirror of its own goes on, and leaving there forgets nothing of the other', async () => {
  await open();
  await world.clock.advance(5 * MINUTE);
  world.market('beta').fault = { kind: 'status', status: 418, headers: { 'retry-after': '7200' } };
  await world.clock.advance(MINUTE);
  world.market('beta').fault = null;
  const mirrored = world.clock.now();
  await world.call('venues.change', { venue: 'beta', change: { url: 'https://mirror.example/market-of/beta' } });
  await world.clock.advance(5 * MINUTE);
  expect(countSince(['beta'], mirrored)).toBeGreaterThan(5);
  expect(countSince(['alpha'], mirrored)).toBe(0);
  await world.stop();
  const restarted = world.clock.now();
  await world.start();
  await world.clock.advance(5 * MINUTE);
  expect(countSince(['alpha'], mirrored)).toBe(0);
  expect(countSince(['beta'], restarted)).toBeGreaterThan(5);
});

test('a ban by a mirror is not one by the exchange, also after a restart', async () => {
  const mirror = 'https://mirror.example/market-of/beta';
  await open();
  await world.call('venues.change', { venue: 'beta', change: { url: mirror } });
  await world.clock.advance(5 * MINUTE);
  world.market('beta').fault = { kind: 'status', status: 418, headers: { 'retry-after': '7200' } };
  await world.clock.advance(MINUTE);
  world.market('beta').fault = null;
  await world.stop();
  const restarted = world.clock.now();
  await world.start();
  await world.clock.advance(5 * MINUTE);
  expect(countSince(['beta'], restarted)).toBe(0);
  expect(countSince(['alpha'], restarted)).toBeGreaterThan(5);
});

test('books of two markets take the share of one', async () => {
  await open({ limit: 60, assets: PRESET, settings: (all) => ({ ...all, lists: watching }) });
  await world.clock.advance(30 * MINUTE);
  const from = world.clock.now();
  await world.clock.advance(30 * MINUTE);
  const books = world.market('alpha').count('/book', from) + world.market('beta').count('/book', from);
  // A fifth of 60 a minute, and less while both wait for their turns.
  expect(books).toBeGreaterThan(0.5 * 12 * 30);
  expect(books).toBeLessThanOrEqual(12 * 30 + 2);
});

test('the markets of a host have one clock', async () => {
  await open();
  const clock = new FakeClock(1_700_000_000_000);
  const clocks = createVenueClocks(clock, (venue) => (venue === 'beta' ? 'alpha' : venue));
  clocks.add('beta', clock.now() + 60_000, clock.monotonic(), clock.monotonic());
  expect(clocks.offsetMs('alpha')).toBe(60_000);
  expect(clocks.now('alpha')).toBe(clock.now() + 60_000);
  expect(clocks.offsetMs('gamma')).toBeNull();
  // One voice: two markets of one exchange do not outvote this machine's clock.
  const late = new FakeClock(1_700_000_000_000);
  const voices = createVenueClocks(late, (venue) => (venue === 'beta' ? 'alpha' : venue));
  for (const venue of ['alpha', 'beta']) voices.add(venue, late.now() - HOUR, late.monotonic(), late.monotonic());
  expect(voices.opinion('alpha').standing).toBe('refused');
});

describe('through a proxy', () => {
  const proxy = 'socks5://me@proxy.example:1080';
  const own = (all: World['settings']): World['settings'] => ({
    ...all,
    venues: { ...all.venues, beta: { enabled: true, url: null, pollSeconds: 30, proxy } },
  });

  test('a venue has the proxy of its own word, else that for all; a change is followed by the next request', async () => {
    await open({ settings: own });
    const ways = (id: string): string[] => [...new Set(world.market(id).proxies)];
    await world.clock.advance(MINUTE);
    expect([ways('alpha'), ways('beta')]).toEqual([['system'], [proxy]]);
    await world.call('venues.proxy', { venue: null, proxy: 'http://all.example:8080' });
    await world.clock.advance(MINUTE);
    expect([ways('alpha').at(-1), ways('beta').at(-1)]).toEqual(['http://all.example:8080', proxy]);
    await world.call('venues.proxy', { venue: 'beta', proxy: null });
    await world.clock.advance(MINUTE);
    expect(ways('beta').at(-1)).toBe('http://all.example:8080');
  });

  test('a market has a budget of its own: the exchange counts by the address that it sees', async () => {
    const often = { enabled: true, url: null, pollSeconds: 10 };
    await open({ limit: 60, settings: (all) => ({ ...all, venues: { ...all.venues, alpha: often, beta: { ...often, proxy } } }) });
    await world.clock.advance(10 * MINUTE);
    for (const id of ['alpha', 'beta']) expect(most([id])).toBeLessThanOrEqual(60);
    expect(most(['alpha', 'beta'])).toBeGreaterThan(90);
  });

  test('two markets by one proxy share its budget, whatever its users are', async () => {
    const often = { enabled: true, url: null, pollSeconds: 10 };
    const other = proxy.replace('me@', 'you@');
    await open({
      limit: 60,
      settings: (all) => ({ ...all, venues: { ...all.venues, alpha: { ...often, proxy: other }, beta: { ...often, proxy } } }),
    });
    await world.clock.advance(5 * MINUTE);
    expect(most(['alpha', 'beta'])).toBeLessThanOrEqual(60);
  });

  test('a ban there is not one of this machine, also after a restart; leaving the proxy asks at once', async () => {
    await open({ settings: own });
    await world.clock.advance(5 * MINUTE);
    world.market('beta').fault = { kind: 'status', status: 418, headers: { 'retry-after': '7200' } };
    await world.clock.advance(MINUTE);
    world.market('beta').fault = null;
    await world.stop();
    const restarted = world.clock.now();
    await world.start();
    await world.clock.advance(5 * MINUTE);
    expect(countSince(['beta'], restarted)).toBe(0);
    expect(countSince(['alpha'], restarted)).toBeGreaterThan(5);
    const bans = (await world.store.bans()).map(({ venue }) => venue);
    expect(bans).toEqual(['alpha via socks5://proxy.example:1080']);
    await world.call('venues.proxy', { venue: 'beta', proxy: 'off' });
    const left = world.clock.now();
    await world.clock.advance(MINUTE);
    expect(countSince(['beta'], left)).toBeGreaterThan(0);
  });
});
