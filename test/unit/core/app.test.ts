import { afterEach, expect, test } from 'vitest';
import { watchRow } from '#bridge/contract.ts';
import { createWires } from '#node/demo/market.ts';
import { HOUR, START, World, type WorldOptions } from '#test/support/world.ts';

const MINUTE = 60_000;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

async function open(options: WorldOptions = {}): Promise<World> {
  world = new World(options);
  for (const market of world.markets.values()) {
    market.oldestAt = START - 3 * 24 * HOUR;
    for (const asset of ['ETH', 'BTC', 'TAO']) market.list(`${asset}USDT`, { asset });
    market.list('BTCUSDC', { asset: 'BTC', settle: 'USDC' });
    market.list('SOLUSDC', { asset: 'SOL', settle: 'USDC' });
  }
  await world.start();
  return world;
}
const items = (list: string): string[] => world.settings.lists.find(({ id }) => id === list)?.items ?? [];

test('a first start fills the presets by asset, then venue', async () => {
  await open({ venues: ['alpha', 'beta'] });
  world.market('alpha').latencyMs = 2000;
  await world.clock.advance(10_000);
  expect(items('majors')).toEqual(['alpha:BTCUSDT', 'beta:BTCUSDT', 'alpha:ETHUSDT', 'beta:ETHUSDT', 'alpha:SOLUSDC', 'beta:SOLUSDC']);
  expect(items('ai')).toEqual(['alpha:TAOUSDT', 'beta:TAOUSDT']);
});

test('a venue that does not answer does not hold up the rest', async () => {
  world = new World({ venues: ['alpha', 'beta'] });
  world.market('alpha').fault = { kind: 'hang' };
  world.market('beta').list('BTCUSDT', { asset: 'BTC' });
  await world.start();
  await world.clock.advance(6000);
  expect(items('majors')).toEqual(['beta:BTCUSDT']);
});

test('lists are the person’s: what is removed stays removed, order and thresholds stay, also across a restart', async () => {
  await open();
  await world.clock.advance(MINUTE);
  await world.call('watchlist.remove', { list: 'majors', instrument: 'alpha:ETHUSDT' });
  await world.call('watchlist.move', { list: 'majors', instrument: 'alpha:SOLUSDC', to: 0 });
  await world.call('watchlist.add', { list: 'majors', instrument: 'alpha:BTCUSDC' });
  await world.call('thresholds.change', { instrument: 'alpha:BTCUSDT', k: 5 });
  await world.stop();
  await world.start();
  await world.clock.advance(MINUTE);
  expect(items('majors')).toEqual(['alpha:SOLUSDC', 'alpha:BTCUSDT', 'alpha:BTCUSDC']);
  expect(await world.row('alpha:BTCUSDT')).toMatchObject({ own: ['k'], params: { theta: 0.0005, k: 5, n: 12 } });
});

test('an edit is answered when it is on disk', async () => {
  await open();
  await world.clock.advance(1000);
  const list = 'majors';
  const [first = ''] = items(list);
  for (const edit of [
    () => world.call('watchlist.move', { list, instrument: first, to: 1 }),
    () => world.call('watchlist.remove', { list, instrument: first }),
    () => world.call('watchlist.add', { list, instrument: first }),
    () => world.call('watchlist.create', { name: 'Mine' }),
    () => world.call('thresholds.change', { instrument: null, theta: 0.002 }),
    () => world.call('thresholds.change', { instrument: first, k: 5 }),
    () => world.call('settings.change', { unit: 'apr' }),
    () => world.call('venues.change', { venue: 'alpha', change: { pollSeconds: 60 } }),
  ]) {
    const answered = await edit();
    expect(world.onDisk).toEqual(answered);
  }
});

test('a venue that answers later finds its place in a list that the person has reordered', async () => {
  await open({
    venues: ['alpha', 'beta'],
    settings: (all) => ({ ...all, venues: { ...all.venues, beta: { enabled: false, url: null, pollSeconds: 30 } } }),
  });
  await world.clock.advance(MINUTE);
  await world.call('watchlist.move', { list: 'majors', instrument: 'alpha:SOLUSDC', to: 0 });
  await world.call('venues.change', { venue: 'beta', change: { enabled: true } });
  await world.clock.advance(MINUTE);
  expect(items('majors')).toEqual(['alpha:SOLUSDC', 'beta:SOLUSDC', 'alpha:BTCUSDT', 'beta:BTCUSDT', 'alpha:ETHUSDT', 'beta:ETHUSDT']);
});

test('own lists: create, rename, delete; what cannot be is said', async () => {
  await open();
  await world.clock.advance(MINUTE);
  const made = await world.call('watchlist.create', { name: 'Mine' });
  const id = made.lists.at(-1)?.id ?? '';
  await world.call('watchlist.add', { list: id, instrument: 'alpha:BTCUSDC' });
  await world.call('watchlist.rename', { list: id, name: 'Yours' });
  expect(world.settings.lists.at(-1)).toEqual({ id, name: 'Yours', assets: [], seeded: [], items: ['alpha:BTCUSDC'] });
  expect((await world.row('alpha:BTCUSDC')).status).toBe('live');
  await expect(world.call('watchlist.create', { name: 'yours' })).rejects.toThrow('“yours”');
  await expect(world.call('watchlist.add', { list: id, instrument: 'alpha:NONE' })).rejects.toThrow('No venue lists alpha:NONE');
  await expect(world.call('watchlist.add', { list: 'gone', instrument: 'alpha:BTCUSDT' })).rejects.toThrow('does not exist any more');
  for (const list of [id, 'ai', 'virtuals']) await world.call('watchlist.delete', { list });
  expect(world.settings.lists.map((list) => list.id)).toEqual(['majors']);
  await expect(world.call('watchlist.delete', { list: 'majors' })).rejects.toThrow('last list');
});

test('search ranks exact names before beginnings before the rest, and finds what no list holds', async () => {
  await open();
  world.market().list('WBTCUSDT', { asset: 'WBTC' });
  world.market().list('BTCDOMUSDT', { asset: 'BTCDOM' });
  await world.clock.advance(MINUTE);
  const ids = async (text: string) =>
    (await world.call('instruments.search', { text, limit: 10 })).map(({ instrument }) => instrument.symbol);
  expect(new Set((await ids('btc')).slice(0, 2))).toEqual(new Set(['BTCUSDT', 'BTCUSDC']));
  expect((await ids('btc')).slice(2)).toEqual(['BTCDOMUSDT', 'WBTCUSDT']);
  expect(await ids(' sol usdc')).toEqual(['SOLUSDC']);
  expect(await ids('nothing')).toEqual([]);
  expect(await ids('')).toHaveLength(7);
  // A letter too many, one too few, two that changed places: each word may have one, in any order.
  expect(await ids('slo usdc')).toEqual(['SOLUSDC']);
  expect(await ids('usdc slo')).toEqual(['SOLUSDC']);
  expect(await ids('btcdm')).toEqual(['BTCDOMUSDT']);
  expect(await ids('btcdomm')).toEqual(['BTCDOMUSDT']);
  expect(await ids('(')).toEqual([]);
});

test('events come in batches of at most four a second, rows whole and as the contract says', async () => {
  await open({ venues: ['alpha', 'beta', 'gamma'] });
  await world.clock.advance(MINUTE);
  const before = world.events.length;
  await world.clock.advance(MINUTE);
  const changes = world.events.slice(before).filter(({ name }) => name === 'watchlist.change');
  expect(changes.length).toBeGreaterThan(0);
  expect(changes.length).toBeLessThanOrEqual(240);
  for (const { payload } of changes) for (const row of payload as unknown[]) expect(watchRow.safeParse(row).success).toBe(true);
});

test('an offline start shows what is stored: rows with their age, the chart, the history', async () => {
  await open();
  await world.clock.advance(10 * MINUTE);
  await world.stop();
  world.clock.sleep(HOUR);
  world.market().fault = { kind: 'network' };
  await world.start();
  await world.clock.advance(MINUTE);
  expect(await world.row('alpha:BTCUSDT')).toMatchObject({ status: 'live', rate: 0.0001, d: null, why: 'stale' });
  expect(await world.health()).toMatchObject({ state: 'down', error: expect.stringContaining('cannot be reached') as string });
  const chart = await world.call('history.divergence', { instrument: 'alpha:BTCUSDT', from: null });
  expect(chart.time.length).toBeGreaterThan(60);
  expect(chart.settledAt.length).toBe(9);
  expect((await world.call('history.status', {})).settledRows).toBeGreaterThan(0);
});

test('the chart’s ranges are parts of one series', async () => {
  await open();
  await world.clock.advance(5 * MINUTE);
  const all = await world.call('history.divergence', { instrument: 'alpha:ETHUSDT', from: null });
  const day = await world.call('history.divergence', { instrument: 'alpha:ETHUSDT', from: START - 24 * HOUR });
  expect(day.time.length).toBe(24);
  for (const name of ['time', 'f', 'ema', 'd', 'mark'] as const) expect([...day[name]]).toEqual([...all[name].slice(-24)]);
  expect(day.settledAt.length).toBe(3);
  expect(day.mark.every((price) => price === 100)).toBe(true);
});

test('a value beyond the bounds is refused, counted and kept as an event, and never shown', async () => {
  await open();
  await world.clock.advance(MINUTE);
  world.market().list('BTCUSDT', { asset: 'BTC', rate: () => 5 });
  await world.clock.advance(MINUTE);
  expect((await world.row('alpha:BTCUSDT')).rate).toBe(0.0001);
  expect((await world.health()).refused).toBe(2);
  expect((await world.kinds()).filter((kind) => kind === 'refused alpha')).toHaveLength(1);
});

test('a change of interval is an event', async () => {
  await open();
  await world.clock.advance(MINUTE);
  world.market().list('BTCUSDT', { asset: 'BTC', intervalH: () => 1 });
  await world.clock.advance(MINUTE);
  expect((await world.row('alpha:BTCUSDT')).intervalH).toBe(1);
  const events = await world.store.events(0, Infinity);
  expect(events.filter(({ kind }) => kind === 'interval')).toMatchObject([
    { instrument: 'alpha:BTCUSDT', text: 'settles every 1 h from now on (before: 8 h)' },
  ]);
});

test('the real venues over the demo market’s wire formats: rows, history, closes', async () => {
  world = new World({
    start: START + 25 * MINUTE,
    venues: ['binance', 'bybit', 'hyperliquid'],
    wires: createWires(1).wires,
    settings: (all) => ({ ...all, lists: all.lists.map((list) => ({ ...list, assets: ['BTC', 'FET'] })) }),
  });
  await world.start();
  await world.clock.advance(8 * MINUTE);
  const rows = await world.call('watchlist.rows', {});
  expect(rows.length).toBe(6);
  expect(rows.filter(({ d }) => d !== null).length).toBe(rows.length);
  expect(new Set(rows.map(({ sparkEnd }) => sparkEnd))).toEqual(new Set([START + 30 * MINUTE]));
  for (const id of ['binance', 'bybit', 'hyperliquid'])
    expect(await world.health(id)).toMatchObject({ state: 'healthy', backfilling: 0, refused: 0 });
  const chart = await world.call('history.divergence', { instrument: 'hyperliquid:BTC', from: null });
  expect(chart.time.length).toBeGreaterThan(2000);
  expect(world.logged.filter((line) => line.startsWith('error'))).toEqual([]);
});
