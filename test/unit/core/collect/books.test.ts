import { afterEach, describe, expect, test } from 'vitest';
import type { MetricCell } from '#bridge/contract.ts';
import { reasonOf } from '#domain/metrics/reason.ts';
import { run as command } from '../../../../src/cli/run.ts';
import { HOUR, START, World, type WorldOptions } from '#test/support/world.ts';

const MINUTE = 60_000;
const BTC = 'alpha:BTCUSDT';
const IMBALANCE = { metric: 'book-imbalance', params: {} };
const SLIPPAGE = { metric: 'slippage', params: { size: 100, side: 'buy' } };
const NARROW = { metric: 'book-imbalance', params: { band: 0.001 } };
const THIN = { metric: 'slippage', params: { size: 1_000_000 } };
const CHOSEN = [IMBALANCE, SLIPPAGE, NARROW, THIN];

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/** Bids of 5 to 15 against asks of 10. */
const bids = (t: number): number => Math.round(1000 * (10 + 5 * Math.sin(t / HOUR))) / 1000;

async function open(options: WorldOptions = {}): Promise<World> {
  world = new World({ view: { columns: CHOSEN }, ...options });
  for (const asset of ['BTC', 'ETH']) world.market().list(`${asset}USDT`, { asset, bids });
  world.market().list('OTHERUSDT', { asset: 'OTHER', bids });
  await world.start();
  return world;
}
const cells = async (): Promise<MetricCell[]> => world.cells(await world.row(BTC));
const series = (choice: (typeof CHOSEN)[number]) => world.call('metrics.series', { instrument: BTC, choice, list: null, from: null });
const of = (choice: (typeof CHOSEN)[number]) => ({ metric: choice.metric, params: { ...choice.params } });

describe('watched order books', () => {
  test('each is recorded once a minute, from the first poll on, and no other', async () => {
    await open();
    await world.clock.advance(30 * MINUTE);
    for (const id of [BTC, 'alpha:ETHUSDT']) {
      const { at } = await world.store.books(id, 0, Infinity);
      expect(at.length).toBeGreaterThanOrEqual(28);
      expect(at.length).toBeLessThanOrEqual(31);
      expect(Math.max(...at.slice(1).map((t, i) => t - (at[i] ?? 0)))).toBeLessThanOrEqual(61_000);
    }
    expect((await world.store.books('alpha:OTHERUSDT', 0, Infinity)).at).toHaveLength(0);
  });

  test('what is shown is what a replay of the history gives, on the screen and on the command line', async () => {
    await open();
    for (let hour = 0; hour < 4; hour++) {
      await world.clock.advance(HOUR);
      const shown = await cells();
      for (const [column, choice] of CHOSEN.entries()) {
        const { time, value, reason, live } = await series(of(choice));
        expect(time.length).toBeGreaterThan(50);
        expect(live?.value ?? live?.reason).toBe(shown[column]?.value ?? shown[column]?.reason);
        const stored = Math.max(...time);
        const row = time.indexOf(stored);
        if (stored === live?.time) expect(reasonOf(reason[row] ?? 0) ?? value[row]).toBe(live.value ?? live.reason);
      }
      expect(shown[0]?.value).toBeTypeOf('number');
      expect(shown[3]?.reason).toBe('too-thin');
    }
    const { time, value } = await series(of(IMBALANCE));
    for (const [i, t] of time.entries()) {
      // Ten levels a side lie in the band, 0.05 % apart; sizes are the same on a side, prices weigh a little.
      const b = bids(t) * (10 - 0.0005 * 50);
      const a = 10 * (10 + 0.0005 * 50);
      expect(value[i]).toBeCloseTo((b - a) / (b + a), 6);
    }
    await world.stop();
    await world.start();
    let out = '';
    const where = ['--venue', 'alpha', '--symbol', 'BTCUSDT', '--data-dir', world.dir];
    const io = {
      read: () => Promise.reject(new Error('not read')),
      out: (text: string) => (out += text),
      err: (text: string) => (out += text),
    };
    await command(['metrics', ...where, '--metric', 'book-imbalance', '--json'], io);
    const { data } = JSON.parse(out) as { data: { time: number; value: number }[] };
    const rows = data.filter((row) => row.time <= (time.at(-1) ?? 0));
    expect(rows.map((row) => [row.time, row.value])).toEqual([...time].map((t, i) => [t, value[i]]));
    const explained = await world.call('metrics.explain', { instrument: BTC, choice: of(IMBALANCE), list: null, at: time[7] ?? null });
    expect(explained.notes).toEqual([]);
    const wide = await world.call('metrics.explain', {
      instrument: BTC,
      choice: { metric: 'book-imbalance', params: { band: 0.02 } },
      list: null,
      at: null,
    });
    expect(wide.notes).toEqual(['The book as the venue gives it reaches 0.97 % from mid, not the whole band.']);
    expect(explained).toMatchObject({ time: time[7], value: value[7], inputs: [{ source: 'order book' }, { source: 'order book' }] });
  });

  test('open interest that polls do not bring is asked for beside the book, and goes away when it is old', async () => {
    world = new World({
      settings: (all) => ({
        ...all,
        lists: [{ id: 'all', name: 'All', assets: [], seeded: [], items: ['alpha:NOOIUSDT', BTC] }],
        activeList: 'all',
      }),
    });
    for (const asset of ['BTC', 'NOOI']) world.market().list(`${asset}USDT`, { asset, bids });
    await world.start();
    await world.clock.advance(5 * MINUTE);
    expect((await world.row('alpha:NOOIUSDT')).openInterest).toBe(2500);
    expect((await world.row(BTC)).openInterest).toBe(1000);
    expect(world.market().count('/interest?symbol=BTCUSDT')).toBe(0);
    world.market().faults.set('/interest?symbol=NOOIUSDT', { kind: 'status', status: 404 });
    const before = world.market().count('/interest');
    await world.clock.advance(20 * MINUTE);
    // Its own age stands beside it, and what was refused is asked for again with each round of a quarter of an hour.
    const row = await world.row('alpha:NOOIUSDT');
    expect(row.openInterest).toBe(2500);
    expect(row.openInterestAt).toBeGreaterThan(START);
    expect((row.observedAt ?? 0) - (row.openInterestAt ?? 0)).toBeGreaterThan(18 * MINUTE);
    expect((await world.row(BTC)).openInterestAt).toBeNull();
    // As of that moment it is the same, whatever was asked since.
    const shown = world.clock.now();
    const ageThen = async (asOf: number | null) =>
      (await world.call('watchlist.rows', { asOf })).map(({ instrument, openInterestAt }) => [instrument.id, openInterestAt]);
    const live = await ageThen(null);
    expect(live).toContainEqual(['alpha:NOOIUSDT', row.openInterestAt]);
    await world.clock.advance(12 * MINUTE);
    expect((await world.row('alpha:NOOIUSDT')).openInterest).toBeNull();
    expect(await ageThen(shown)).toEqual(live);
    expect(world.market().count('/interest') - before).toBe(3);
    expect(world.market().count('/book?symbol=NOOIUSDT', START + 10 * MINUTE)).toBeGreaterThanOrEqual(4);
  });

  test('open interest is swept: what is watched at every poll, the rest every 15 minutes, behind the polls', async () => {
    const rest = Array.from({ length: 40 }, (_, i) => `REST${i}`);
    world = new World({
      settings: (all) => ({
        ...all,
        lists: [{ id: 'all', name: 'All', assets: [], seeded: [], items: ['alpha:NOOIUSDT'] }],
        activeList: 'all',
      }),
    });
    for (const asset of ['NOOI', ...rest]) world.market().list(`${asset}USDT`, { asset, bids, openInterest: () => null });
    await world.start();
    await world.clock.advance(HOUR);
    const asked = (symbol: string): number => world.market().count(`/interest?symbol=${symbol}`);
    expect(asked('NOOIUSDT')).toBeGreaterThanOrEqual(55 * 2);
    for (const asset of rest) {
      expect(asked(`${asset}USDT`)).toBeGreaterThanOrEqual(4);
      expect(asked(`${asset}USDT`)).toBeLessThanOrEqual(5);
    }
    expect(world.market().count('/market')).toBeGreaterThanOrEqual(118);
    const swept = (await world.store.latest()).find(({ instrument }) => instrument.id === 'alpha:REST7USDT');
    expect(swept?.snapshot.openInterest).toBe(2500);
  });

  test('a tight limit is the polls’ own: books wait, polls do not', async () => {
    await open({ limit: 30 });
    await world.clock.advance(40 * MINUTE);
    expect(world.market().count('/market')).toBeGreaterThanOrEqual(78);
    expect(world.market().count('/book')).toBeGreaterThan(20);
    const times = world.market().requests;
    for (const { at } of times) {
      const spent = times
        .filter((one) => one.at > at - MINUTE && one.at <= at)
        .reduce((sum, one) => sum + (one.path === '/market' ? 10 : 1), 0);
      expect(spent).toBeLessThanOrEqual(30);
    }
  });

  test('many take turns, and together no more than a fifth of the limit', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `COIN${i}`);
    await open({
      limit: 100,
      settings: (all) => ({
        ...all,
        lists: [{ id: 'all', name: 'All', assets: [], seeded: [], items: names.map((name) => `alpha:${name}USDT`) }],
        activeList: 'all',
      }),
    });
    for (const asset of names) world.market().list(`${asset}USDT`, { asset });
    await world.clock.advance(12 * MINUTE);
    const asked = world.market().requests.filter(({ path }) => path.startsWith('/book'));
    for (const { at } of asked) expect(asked.filter((one) => one.at > at - MINUTE && one.at <= at).length).toBeLessThanOrEqual(21);
    const turns = names.map((name) => asked.filter(({ path }) => path.endsWith(`=${name}USDT`)).length);
    expect(Math.min(...turns)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...turns) - Math.min(...turns)).toBeLessThanOrEqual(1);
  });

  test('a book that never comes holds up nothing else, and one that grew old says so', async () => {
    await open();
    await world.clock.advance(5 * MINUTE);
    expect((await cells())[0]?.value).toBeTypeOf('number');
    world.market().faults.set('/book?symbol=BTCUSDT', { kind: 'hang' });
    const before = START + 5 * MINUTE;
    await world.clock.advance(7 * MINUTE);
    expect(world.market().count('/market', before)).toBeGreaterThanOrEqual(13);
    expect(world.market().count('/book?symbol=ETHUSDT', before)).toBeGreaterThanOrEqual(5);
    expect((await cells())[0]).toMatchObject({ value: null, reason: 'stale' });
    expect(world.logged.filter((line) => line.includes('order book of BTCUSDT'))).toHaveLength(1);
    world.market().faults.clear();
    await world.clock.advance(2 * MINUTE);
    expect((await cells())[0]?.value).toBeTypeOf('number');
  });

  test('after a restart a book of before is as old for the list as for who asks where its value comes from', async () => {
    await open();
    await world.clock.advance(5 * MINUTE);
    await world.stop();
    world.market().faults.set('/book', { kind: 'hang' });
    await world.start();
    await world.clock.advance(6 * MINUTE);
    const explained = () => world.call('metrics.explain', { instrument: BTC, choice: of(IMBALANCE), list: null, at: null });
    expect([(await cells())[0]?.reason, (await explained()).reason]).toEqual(['stale', 'stale']);
  });

  test('a venue without books is asked less and less, and its rates go on', async () => {
    await open();
    world.market().faults.set('/book', { kind: 'status', status: 404, body: 'not found' });
    await world.clock.advance(2 * HOUR);
    expect(world.market().count('/book')).toBeLessThan(60);
    expect(world.market().count('/market')).toBeGreaterThan(230);
    expect(await world.health()).toMatchObject({ state: 'partial', error: expect.stringContaining('order books failed') as unknown });
    world.market().faults.clear();
    await world.clock.advance(8 * MINUTE);
    expect((await cells())[0]?.value).toBeTypeOf('number');
    expect(await world.health()).toMatchObject({ state: 'healthy', error: null });
  });

  test('a book that stands still, is crossed or is none is told of and not recorded', async () => {
    await open();
    for (const answer of ['{"bids":[],"asks":[],"at":1}', 'null', '{"bids":[["1","1"]],"asks":[["2","1"]],"at":5}']) {
      world.market().faults.set('/book', { kind: 'status', status: 200, body: answer });
      const from = world.clock.now();
      await world.clock.advance(3 * MINUTE);
      expect((await world.store.books(BTC, from, Infinity)).at).toHaveLength(0);
    }
    expect(await world.health()).toMatchObject({ state: 'partial', error: expect.stringContaining('order books failed') as unknown });
  });

  test('while the disk refuses, books are lost and values go on', async () => {
    await open();
    await world.clock.advance(2 * MINUTE);
    world.failing.add('recordBooks');
    await world.clock.advance(3 * MINUTE);
    world.failing.clear();
    expect((await cells())[0]?.value).toBeTypeOf('number');
    const until = world.clock.now();
    await world.clock.advance(3 * MINUTE);
    expect((await world.store.books(BTC, until, Infinity)).at.length).toBeGreaterThanOrEqual(2);
  });

  test('a venue that is switched off is not asked', async () => {
    await open();
    await world.clock.advance(3 * MINUTE);
    await world.call('venues.change', { venue: 'alpha', change: { enabled: false } });
    const before = world.clock.now();
    await world.clock.advance(5 * MINUTE);
    expect(world.market().count('/book', before + 1)).toBe(0);
  });
});
