import { afterEach, expect, test } from 'vitest';
import { HOUR, START, World, type WorldOptions } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

async function open(options: WorldOptions = {}, years = 400 * DAY): Promise<World> {
  world = new World(options);
  for (const market of world.markets.values()) {
    market.oldestAt = Math.ceil((START - years) / (8 * HOUR)) * 8 * HOUR;
    for (const asset of ['BTC', 'ETH']) market.list(`${asset}USDT`, { asset, rate: (t) => ((t / HOUR) % 97) * 1e-6 });
  }
  await world.start();
  return world;
}
const keys = async (id = 'alpha:BTCUSDT'): Promise<number[]> => [...(await world.store.settled(id, 0, world.clock.now())).key];
const expected = (from: number, to: number): number[] => {
  const all: number[] = [];
  for (let t = Math.ceil(from / (8 * HOUR)) * 8 * HOUR; t <= to; t += 8 * HOUR) all.push(t);
  return all;
};

test('fetches all history: the newest window of everything first, the selected instrument before others, then back to the oldest', async () => {
  await open({ view: { selected: 'alpha:ETHUSDT' } });
  await world.clock.advance(5 * MINUTE);
  expect(await keys()).toEqual(expected(world.market().oldestAt, START));
  expect(await keys('alpha:ETHUSDT')).toEqual(expected(world.market().oldestAt, START));
  const asked = world
    .market()
    .requests.map(({ path }) => path)
    .filter((path) => path !== '/market' && !path.startsWith('/book'));
  const first = (pattern: RegExp): number => asked.findIndex((path) => pattern.test(path));
  expect(first(/settled\?symbol=ETH/u)).toBe(0);
  expect(first(/settled\?symbol=BTC/u)).toBeLessThan(first(/prices/u));
  expect(first(/prices\?symbol=BTC/u)).toBeLessThan(first(/oldest/u));
  expect((await world.health()).backfilling).toBe(0);
  const chart = await world.call('history.divergence', { instrument: 'alpha:BTCUSDT', from: null });
  expect(chart.completeFrom).toBe(world.market().oldestAt);
  expect(chart.time.length).toBe((Math.floor(START / HOUR) * HOUR - world.market().oldestAt) / HOUR + 1);
});

test('a kill in the middle goes on where the proven stretches end, and a complete history is not asked for again', async () => {
  await open();
  world.market().latencyMs = 200;
  await world.clock.advance(1_500);
  await world.stop();
  world.market().latencyMs = 0;
  const reached = world.market().requests.length;
  await world.start();
  await world.clock.advance(5 * MINUTE);
  expect(await keys()).toEqual(expected(world.market().oldestAt, START));
  const ranges = world
    .market()
    .requests.filter(({ path }) => path.startsWith('/settled?symbol=BTC'))
    .map(({ path }) => path);
  // One stretch was in flight at the kill, or none; no other is asked for twice.
  expect(ranges.length - new Set(ranges).size).toBeLessThanOrEqual(1);
  expect(reached).toBeGreaterThan(3);
  await world.stop();
  const before = world.market().requests.length;
  await world.start();
  await world.clock.advance(MINUTE);
  const again = world
    .market()
    .requests.slice(before)
    .map(({ path }) => path)
    .filter((path) => path !== '/market' && !path.startsWith('/book'));
  expect(again.filter((path) => path.startsWith('/oldest'))).toEqual([]);
  // Settlements from the last two that are stored on, which tell how current the answer is.
  for (const path of again)
    expect(Number(/from=(\d+)/u.exec(path)?.[1])).toBeGreaterThanOrEqual(START - (path.startsWith('/settled') ? 16.6 : 1) * HOUR);
});

test('a settlement is asked for seconds after its time, until it arrives', async () => {
  await open();
  await world.clock.advance(5 * MINUTE);
  world.market().publishedAfterMs = 70_000;
  const due = Math.ceil(START / (8 * HOUR)) * 8 * HOUR;
  await world.clock.until(due + 20_000);
  const tries = world.market().requests.filter(({ path, at }) => path.startsWith('/settled?symbol=BTC') && at >= due);
  expect(tries.length).toBeGreaterThanOrEqual(2);
  expect((tries[0]?.at ?? 0) - due).toBeLessThan(10_000);
  expect(await keys()).not.toContain(due);
  await world.clock.advance(3 * MINUTE);
  expect(await keys()).toContain(due);
  const after = world.market().count('/settled?symbol=BTC', due);
  await world.clock.advance(MINUTE);
  expect(world.market().count('/settled?symbol=BTC', due)).toBe(after);
});

test('sleep of 8 h: one poll within 10 s, what was missed is fetched, the gap is an event', async () => {
  await open({ venues: ['alpha', 'beta'] });
  await world.clock.advance(5 * MINUTE);
  world.market().latencyMs = 500;
  const before = await keys();
  world.clock.sleep(8 * HOUR);
  const woken = world.clock.now();
  await world.clock.advance(10_000);
  for (const id of ['alpha', 'beta']) expect(world.market(id).count('/market', woken)).toBe(1);
  await world.clock.advance(MINUTE);
  expect(await keys()).toEqual(expected(world.market().oldestAt, woken));
  expect((await keys()).length).toBe(before.length + 1);
  const sleeps = (await world.store.events(0, Infinity)).filter(({ kind }) => kind === 'sleep');
  expect(sleeps.map(({ venue }) => venue).sort()).toEqual(['alpha', 'beta']);
  expect(sleeps[0]?.text).toContain('480 min');
});

test('sleep that the monotonic clock counts is noticed too', async () => {
  await open();
  await world.clock.advance(MINUTE);
  world.clock.sleep(8 * HOUR, true);
  await world.clock.advance(10_000);
  expect(await world.kinds()).toContain('sleep alpha');
});

test('a settlement that the venue left out is a hole; a change of interval is none', async () => {
  world = new World();
  const market = world.market();
  market.oldestAt = Math.ceil((START - 60 * DAY) / (8 * HOUR)) * 8 * HOUR;
  const quiet = START - 10 * DAY;
  // 8 h, then 1 h for five days, then 8 h again; and nine settlements of the hourly stretch are missing.
  market.list('BTCUSDT', {
    asset: 'BTC',
    intervalH: (t) => (t < quiet || t > quiet + 5 * DAY ? 8 : t > quiet + DAY && t < quiet + DAY + 9.9 * HOUR ? 1000 : 1),
  });
  await world.start();
  await world.clock.advance(5 * MINUTE);
  const holes = (await world.store.events(0, Infinity)).filter(({ kind }) => kind === 'hole');
  expect(holes).toHaveLength(1);
  expect(holes[0]).toMatchObject({ instrument: 'alpha:BTCUSDT' });
  expect((holes[0]?.at ?? 0) - quiet).toBeLessThan(2 * DAY);
});

test('opening or selecting an instrument of no list fetches its history; adding one too', async () => {
  await open();
  for (const asset of ['AAA', 'BBB', 'CCC']) world.market().list(`${asset}USDT`, { asset });
  await world.clock.advance(5 * MINUTE);
  expect(await keys('alpha:AAAUSDT')).toEqual([]);
  await world.call('history.divergence', { instrument: 'alpha:AAAUSDT', from: null });
  await world.look({ selected: 'alpha:BBBUSDT' });
  await world.call('watchlist.add', { list: 'majors', instrument: 'alpha:CCCUSDT' });
  await world.clock.advance(2 * MINUTE);
  for (const asset of ['AAA', 'BBB', 'CCC']) expect((await keys(`alpha:${asset}USDT`)).length).toBeGreaterThan(1000);
});

test('polls go first: a long back-fill under a tight budget never delays one, and the limit is never passed', async () => {
  await open({ limit: 50 }, 1600 * DAY);
  await world.clock.advance(5 * MINUTE);
  const { requests } = world.market();
  const polls = requests.filter(({ path }) => path === '/market').map(({ at }) => at);
  expect(polls).toHaveLength(11);
  expect(polls.slice(1).map((at, i) => at - (polls[i] ?? 0))).toEqual(polls.slice(1).map(() => 30_000));
  expect(requests.length).toBeGreaterThan(80);
  expect((await world.health()).backfilling).toBeGreaterThan(0);
  const costs = requests.map(({ path, at }) => ({ at, units: path === '/market' ? 10 : 1 }));
  for (const { at } of costs) {
    const used = costs.filter((one) => one.at > at - MINUTE && one.at <= at).reduce((sum, { units }) => sum + units, 0);
    expect(used).toBeLessThanOrEqual(50);
  }
});

test('Cancel ends a walk in its middle; what it brought stays, and it goes on from there once older history is wanted again', async () => {
  await open({ limit: 50 }, 1600 * DAY);
  const asked = (): number => world.market().requests.filter(({ path }) => /^\/(?:settled|prices|oldest)/u.test(path)).length;
  const priced = async (): Promise<number> =>
    (await world.store.spans('alpha:ETHUSDT', 'price')).reduce((sum, { from, to }) => sum + to - from, 0);
  await world.clock.advance(5 * MINUTE);
  const [before, brought] = [asked(), await priced()];
  await world.call('venues.change', { venue: 'alpha', change: { olderHistory: false } });
  await world.clock.advance(5 * MINUTE);
  // The newest hour's own question at most.
  expect(asked() - before).toBeLessThan(3);
  expect(await world.health()).toMatchObject({ state: 'healthy', cancelled: true, backfilling: 0 });
  expect(await priced()).toBeGreaterThanOrEqual(brought);
  await world.call('venues.change', { venue: 'alpha', change: { olderHistory: true } });
  await world.clock.advance(30 * MINUTE);
  expect(asked() - before).toBeGreaterThan(5);
  expect((await world.health()).backfilling).toBe(0);
  expect(await keys('alpha:ETHUSDT')).toEqual(expected(world.market().oldestAt, world.clock.now()));
  expect(await priced()).toBeGreaterThan(1600 * DAY);
});

test('a history that the venue does not serve ends as such: nothing else waits for it, and it is asked for again a day later', async () => {
  await open();
  world.market().faults.set('/prices', { kind: 'status', status: 404 });
  await world.clock.advance(5 * MINUTE);
  expect(world.market().count('/prices')).toBe(6);
  expect(await keys()).toEqual(expected(world.market().oldestAt, START));
  await world.clock.advance(85 * MINUTE);
  expect(await world.health()).toMatchObject({ state: 'healthy', backfilling: 0, unserved: 2 });
  const asked = world.market().count('/prices');
  // After 10, 20, 40 and 80 minutes each of the two instruments once more: then as long again as it has been missing.
  expect(asked).toBe(14);
  await world.clock.advance(2 * HOUR);
  expect(world.market().count('/prices')).toBe(16);
  world.market().faults.clear();
  world.clock.sleep(24 * HOUR, true);
  await world.clock.advance(5 * MINUTE);
  expect(await world.health()).toMatchObject({ backfilling: 0, unserved: 0 });
  expect((await world.store.prices('alpha:BTCUSDT', 0, START)).close.length).toBeGreaterThan(1000);
});

test('a history that cannot be reached is not given up: it is asked for until it comes', async () => {
  await open();
  world.market().faults.set('/prices', { kind: 'status', status: 503 });
  await world.clock.advance(30 * MINUTE);
  expect(await world.health()).toMatchObject({ backfilling: 2, unserved: 0 });
  expect(world.market().count('/prices')).toBeGreaterThan(8);
  world.market().faults.clear();
  await world.clock.advance(10 * MINUTE);
  expect(await world.health()).toMatchObject({ backfilling: 0, unserved: 0 });
});

test('where a damaged file is replaced while the app runs, what can be fetched is fetched again at once', async () => {
  await open();
  await world.clock.advance(5 * MINUTE);
  const before = await keys();
  // What the check of a large file beside the writer asks of it; not a call that the core has.
  const checked = world.store as unknown as { replaceDamaged(why: string, generation: number): Promise<void> };
  await checked.replaceDamaged('a page is torn', 0);
  expect(await keys()).toEqual([]);
  await world.clock.advance(5 * MINUTE);
  expect(await keys()).toEqual(before);
  expect((await world.store.prices('alpha:ETHUSDT', 0, START)).close.length).toBeGreaterThan(1000);
  expect((await world.health()).backfilling).toBe(0);
});

test('what is stored of many instruments is read one after the other at the start: nothing else has to wait behind all of it', async () => {
  const assets = Array.from({ length: 50 }, (_, i) => `C${i}`);
  const settings: WorldOptions['settings'] = (all) => ({ ...all, lists: [{ id: 'majors', name: 'All', assets, seeded: [], items: [] }] });
  world = new World({ settings });
  for (const asset of assets) world.market().list(`${asset}USDT`, { asset, rate: () => 1e-5 });
  await world.start();
  await world.clock.advance(5 * MINUTE);
  await world.stop();
  world.atOnce.clear();
  await world.start();
  await world.clock.advance(MINUTE);
  expect(world.asked.get('spans')).toBeGreaterThan(100);
  // One reading for what is still to be fetched, one of the last settlements, and what is written meanwhile.
  expect(world.atOnce.get('spans')).toBeLessThanOrEqual(4);
  expect(world.atOnce.get('settled')).toBeLessThanOrEqual(4);
});
