import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PaperRow } from '#test/support/paper-venue.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const BTC = 'alpha:BTCUSDT';
let world: World;

beforeEach(() => {
  // Ticks and polls that are rarer make days pass quickly; nothing here hangs on them.
  world = new World({ speed: 20, settings: (all) => ({ ...all, venues: { alpha: { enabled: true, url: null, pollSeconds: 120 } } }) });
  const market = world.market();
  market.oldestAt = START - (START % (8 * HOUR)) - 60 * DAY;
  for (const asset of ['BTC', 'ETH']) market.list(`${asset}USDT`, { asset, rate: (t) => ((t / HOUR) % 97) * 1e-6 });
});
afterEach(async () => {
  await world.stop();
  world.dispose();
});

const every = (stepMs: number, from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, Math.floor((to - from) / stepMs) + 1) }, (_, n) => from + n * stepMs);
const keys = async (id = BTC): Promise<number[]> => [...(await world.store.settled(id, 0, Infinity)).key];
const closes = async (id = BTC): Promise<number[]> => [...(await world.store.prices(id, 0, Infinity)).close];
const allKeys = (to: number): number[] => every(8 * HOUR, world.market().oldestAt, to);
const allCloses = (to: number): number[] => every(HOUR, world.market().oldestAt + HOUR, to);

async function expectAll(): Promise<void> {
  const now = world.clock.now();
  for (const id of [BTC, 'alpha:ETHUSDT']) {
    expect(await keys(id)).toEqual(allKeys(now));
    // Candles of before the first settlement too, as the window asks for them; those of the last minutes come once an hour.
    const sure = now - 10 * MINUTE;
    expect((await closes(id)).filter((close) => close > world.market().oldestAt && close <= sure)).toEqual(allCloses(sure));
  }
}
async function restart(): Promise<void> {
  await world.stop();
  await world.start();
}
const asked = (path: string, since: number): string[] =>
  world
    .market()
    .requests.filter((request) => request.path.startsWith(path) && request.at >= since)
    .map((request) => request.path);

describe.each([
  ['in one run', false],
  ['after a restart', true],
])('%s', (_, again) => {
  test('what a lagging venue did not have yet is asked for until it comes', async () => {
    world.market().behindMs = 10 * DAY;
    await world.start();
    await world.clock.advance(2 * HOUR);
    expect(await keys()).toEqual(allKeys(world.clock.now() - 10 * DAY));
    expect((await world.store.spans(BTC, 'settled')).at(-1)?.to).toBeLessThan(world.clock.now() - 9 * DAY);
    expect((await world.store.spans(BTC, 'price')).at(-1)?.to).toBeLessThan(world.clock.now() - 9 * DAY);
    if (again) await restart();
    world.market().behindMs = 0;
    await world.clock.advance(65 * MINUTE);
    await expectAll();
  });

  const spoilers: readonly [string, (row: PaperRow, n: number) => unknown][] = [
    ['an empty text for a number', (row) => ({ ...row, rate: '', mark: '' })],
    ['null', (row) => ({ ...row, rate: null, mark: null })],
    ['other names', ({ rate, mark, ...row }) => ({ ...row, fundingRate: rate, markPrice: mark })],
    ['no time', ({ rate }) => ({ rate })],
    ['a time in seconds', ({ stamp, close, ...row }) => ({ ...row, stamp: (stamp ?? 0) / 1000, close: (close ?? 0) / 1000 })],
    ['rows that are none', () => 7],
    ['one bad row in ten', (row, n) => (n % 10 === 3 ? { ...row, rate: '', mark: '' } : row)],
    ['every third row bad', (row, n) => (n % 3 === 1 ? { ...row, rate: null, mark: null } : row)],
    ['one row in seven without a time', (row, n) => (n % 7 === 2 ? { ...row, stamp: 'soon' } : row)],
  ];
  // What a start looks up does not tell them apart: after one, a third of them.
  test.each(spoilers.filter((_one, n) => !again || n % 3 === 1))(
    'a venue that sends %s for some minutes: every row comes afterwards',
    async (_name, spoil) => {
      world.market().spoil = (row) => spoil(row, (row.close === undefined ? (row.stamp ?? 0) / 8 : row.close) / HOUR);
      await world.start();
      await world.clock.advance(8 * MINUTE);
      if (again) await restart();
      world.market().spoil = (row) => row;
      await world.clock.advance(70 * MINUTE);
      await expectAll();
      expect(await world.health()).toMatchObject({ backfilling: 0, unserved: 0 });
    },
  );

  test.each<[string, (row: PaperRow, n: number) => unknown, number]>([
    // Nothing at all of the newest window is asked for once more after ten minutes, rows that are left out the next day.
    ['nothing', () => null, 12 * MINUTE],
    ['one row in seven left out', (row, n) => (n % 7 === 2 ? null : row), DAY + 10 * MINUTE],
  ])('a venue that sends %s for some minutes: the newest window comes in time, the rest the next day', async (_name, spoil, windowMs) => {
    world.market().spoil = (row) => spoil(row, (row.close === undefined ? (row.stamp ?? 0) / 8 : row.close) / HOUR);
    await world.start();
    await world.clock.advance(8 * MINUTE);
    if (again) await restart();
    world.market().spoil = (row) => row;
    if (windowMs > DAY) world.clock.sleep(DAY, true);
    await world.clock.advance(windowMs % DAY);
    const recent = (times: readonly number[]): number[] => times.filter((t) => t > START - 34 * DAY && t <= START);
    expect(recent(await keys())).toEqual(recent(allKeys(START)));
    expect(recent(await closes())).toEqual(recent(allCloses(START)));
    world.clock.sleep(DAY, true);
    await world.clock.advance(10 * MINUTE);
    await expectAll();
  });

  const pages: readonly [string, () => (rows: readonly unknown[], of: string) => readonly unknown[]][] = [
    ['every row twice', () => (rows) => rows.flatMap((row) => [row, row])],
    // Each third of the rows where another one belongs.
    ['rows out of place', () => (rows) => [2, 0, 1].flatMap((first) => rows.filter((_, n) => n % 3 === first))],
    [
      'the same page to every question',
      () => {
        const first = new Map<string, readonly unknown[]>();
        return (rows, of) => first.get(of) ?? (first.set(of, rows), rows);
      },
    ],
  ];
  test.each(pages)('a venue that answers with %s for some minutes: every row is there once afterwards', async (_name, page) => {
    world.market().page = page();
    await world.start();
    await world.clock.advance(8 * MINUTE);
    if (again) await restart();
    world.market().page = (rows) => rows;
    world.clock.sleep(DAY, true);
    await world.clock.advance(70 * MINUTE);
    await expectAll();
  });

  test('one settlement that is missing is a hole, asked for at least once a day, and comes', async () => {
    const gone = world.market().oldestAt + 20 * DAY;
    world.market().spoil = (row) => (row.stamp === gone ? null : row);
    await world.start();
    await world.clock.advance(3 * HOUR);
    const holes = (await world.store.events(0, Infinity)).filter(({ kind }) => kind === 'hole');
    expect(holes.map(({ instrument, at }) => [instrument, at])).toEqual(
      expect.arrayContaining([
        [BTC, gone + 8 * HOUR],
        ['alpha:ETHUSDT', gone + 8 * HOUR],
      ]),
    );
    expect(holes).toHaveLength(2);
    expect((await world.store.asked(BTC, 'settled')).filter(({ to }) => to < START - DAY)).toMatchObject([
      { from: gone - 8 * HOUR, to: gone + 8 * HOUR - 1 },
    ]);
    expect(await world.health()).toMatchObject({
      unserved: 2,
      holes: ['BTCUSDT', 'ETHUSDT'].map((symbol) => ({ symbol, kind: 'settled', from: gone - 8 * HOUR, to: gone + 8 * HOUR - 1 })),
    });
    if (again) await restart();
    const since = world.clock.now();
    world.clock.sleep(25 * HOUR, true);
    await world.clock.advance(30 * MINUTE);
    const daily = asked('/settled?symbol=BTC', since).filter((path) => Number(/from=(\d+)/u.exec(path)?.[1]) < gone);
    expect(daily).toHaveLength(1);
    world.market().spoil = (row) => row;
    world.clock.sleep(25 * HOUR, true);
    await world.clock.advance(30 * MINUTE);
    expect(await keys()).toEqual(allKeys(world.clock.now()));
    expect((await world.store.asked(BTC, 'settled')).filter(({ to }) => to < START)).toEqual([]);
    expect(await world.health()).toMatchObject({ unserved: 0, holes: [] });
    expect((await world.store.events(0, Infinity)).filter(({ kind }) => kind === 'hole')).toHaveLength(2);
  });
});

test('the newest settlement that is left out when the next one comes is asked for again', async () => {
  await world.start();
  await world.clock.advance(10 * MINUTE);
  const due = Math.ceil(START / (8 * HOUR)) * 8 * HOUR;
  world.market().spoil = (row) => (row.stamp === due ? null : row);
  await world.clock.until(due + 8 * HOUR + 30 * MINUTE);
  expect(await keys()).toContain(due + 8 * HOUR);
  expect(await keys()).not.toContain(due);
  world.market().spoil = (row) => row;
  await world.clock.advance(70 * MINUTE);
  await expectAll();
});

test('holes of the newest window are asked for once a day, settlements and prices, in one run and over restarts', async () => {
  const gone = START - (START % (8 * HOUR)) - 5 * DAY;
  world.market().spoil = (row) => (row.stamp === gone || row.close === gone ? null : row);
  await world.start();
  await world.clock.advance(HOUR);
  const asksOf = (path: string, since: number): number[] =>
    world
      .market()
      .requests.filter(({ path: one, at }) => {
        const [, from = NaN, to = NaN] = (/from=(\d+)&to=(\d+)/u.exec(one) ?? []).map(Number);
        return one.startsWith(`${path}?symbol=BTC`) && at >= since && from < gone && to >= gone;
      })
      .map(({ at }) => at);
  expect(await world.health()).toMatchObject({ backfilling: 0, unserved: 2 });
  for (const path of ['/settled', '/prices']) expect(asksOf(path, 0), path).toHaveLength(1);
  for (let day = 0; day < 3; day++) {
    if (day === 1) await restart();
    await world.clock.advance(DAY);
  }
  for (const path of ['/settled', '/prices']) {
    const at = asksOf(path, 0);
    expect(at, path).toHaveLength(4);
    for (const [n, one] of at.slice(1).entries()) expect(one - (at[n] ?? NaN)).toBeGreaterThanOrEqual(DAY);
    expect((at.at(-1) ?? NaN) - (at[0] ?? NaN)).toBeLessThan(3 * DAY + HOUR);
  }
});

test('of what a venue answers for with nothing at all, the newest window is asked for a second time after ten minutes, then once a day', async () => {
  world.market().spoil = (row, symbol) => (symbol === 'BTCUSDT' ? null : row);
  await world.start();
  await world.clock.advance(3 * DAY);
  const old = START - 30 * DAY;
  for (const path of ['/settled', '/prices']) {
    const walks = asked(`${path}?symbol=BTC`, 0).filter((one) => {
      const [, from = NaN, to = NaN] = (/from=(\d+)&to=(\d+)/u.exec(one) ?? []).map(Number);
      return from < old && to >= old;
    });
    // At the start, ten minutes later, and on the second and the third day.
    expect(walks, path).toHaveLength(4);
  }
});

test.each([
  ['forty minutes', 40 * MINUTE],
  ['an hour and ten minutes, behind the next one', 70 * MINUTE],
])('a settlement that is published late by %s is there within an hour of it', async (_name, lateMs) => {
  world.market().list('BTCUSDT', { asset: 'BTC', intervalH: () => 1, rate: (t) => ((t / HOUR) % 97) * 1e-6 });
  await world.start();
  const due = START - (START % HOUR) + 3 * HOUR;
  world.market().spoil = (row) => (row.stamp === due && world.clock.now() < due + lateMs ? null : row);
  await world.clock.until(due + lateMs);
  expect(await keys()).not.toContain(due);
  if (lateMs > HOUR) expect(await keys()).toContain(due + HOUR);
  await world.clock.advance(HOUR);
  expect(await keys()).toContain(due);
});

test('a stretch that the venue does not serve is not walked again at every start, and asked for again a day later', async () => {
  const served = START - 45 * DAY;
  world.market().oldestAt -= 400 * DAY;
  world.market().spoil = (row) => ((row.close ?? Infinity) < served ? null : row);
  await world.start();
  await world.clock.advance(10 * MINUTE);
  expect((await world.health()).backfilling).toBe(0);
  const older = (since: number): string[] => asked('/prices', since).filter((path) => Number(/from=(\d+)/u.exec(path)?.[1]) < served - DAY);
  expect(older(0).length).toBeGreaterThan(20);
  for (let n = 0; n < 3; n++) {
    const since = world.clock.now();
    await restart();
    await world.clock.advance(90 * MINUTE);
    expect(older(since)).toEqual([]);
    expect(asked('/oldest', since)).toEqual([]);
  }
  const since = world.clock.now();
  world.market().spoil = (row) => row;
  world.clock.sleep(DAY, true);
  await world.clock.advance(30 * MINUTE);
  expect(older(since).length).toBeGreaterThan(0);
  await expectAll();
});

test('a kind of history that the venue refuses altogether is left alone for a day by the next start too', async () => {
  world.market().faults.set('/prices', { kind: 'status', status: 404 });
  await world.start();
  await world.clock.advance(90 * MINUTE);
  expect(await world.health()).toMatchObject({ backfilling: 0, unserved: 2 });
  const since = world.clock.now();
  await restart();
  await world.clock.advance(60 * MINUTE);
  expect(asked('/prices', since)).toEqual([]);
  expect(await world.health()).toMatchObject({ unserved: 2 });
  world.market().faults.clear();
  world.clock.sleep(DAY, true);
  await world.clock.advance(30 * MINUTE);
  await expectAll();
});

test('where the history cannot be written, nothing counts as not served: it comes once it can', async () => {
  world.failing.add('recordSettled');
  world.failing.add('recordPrices');
  await world.start();
  await world.clock.advance(30 * MINUTE);
  world.failing.clear();
  await world.clock.advance(20 * MINUTE);
  await expectAll();
});

test('settlements a minute apart are none, and cost the others nothing', async () => {
  world.market().spoil = (row, symbol) =>
    symbol === 'ETHUSDT' && row.stamp !== undefined
      ? Array.from({ length: 480 }, (_, n) => ({ ...row, stamp: (row.stamp ?? 0) - (479 - n) * MINUTE }))
      : row;
  await world.start();
  await world.clock.advance(20 * MINUTE);
  expect(await keys()).toEqual(allKeys(START));
  expect(await keys('alpha:ETHUSDT')).toEqual([]);
  expect((await closes()).length).toBeGreaterThan(1000);
});

test('a history whose pages hardly move on leaves the others their turn', async () => {
  world.market().oldestAt -= 1000 * DAY;
  world.market().latencyMs = 500;
  world.market().pageRows = (symbol) => (symbol === 'ETHUSDT' ? 1 : 500);
  await world.start();
  await world.look({ selected: 'alpha:ETHUSDT' });
  await world.clock.advance(5 * MINUTE);
  expect(await keys()).toEqual(allKeys(START));
  expect((await world.store.spans(BTC, 'price'))[0]?.from).toBe(0);
  const slow = (await keys('alpha:ETHUSDT')).length;
  expect(slow).toBeGreaterThan(50);
  expect(slow).toBeLessThan(1000);
  world.market().pageRows = () => 500;
  await world.clock.advance(2 * HOUR);
  expect(await keys('alpha:ETHUSDT')).toEqual(allKeys(world.clock.now()));
});

test('a settlement of the future is not stored, and a first settlement of the future is not believed', async () => {
  const { oldestAt } = world.market();
  world.market().spoil = (row) => (row.stamp !== undefined && row.stamp > START - DAY ? { ...row, stamp: row.stamp + 30 * DAY } : row);
  world.market().oldestAt = START + 400 * DAY;
  world.market().servedFrom = oldestAt;
  await world.start();
  await world.clock.advance(8 * MINUTE);
  world.market().oldestAt = oldestAt;
  expect((await keys()).at(-1)).toBeLessThanOrEqual(START);
  for (const kind of ['settled', 'price'] as const) {
    expect((await world.store.spans(BTC, kind)).at(-1)?.to ?? 0).toBeLessThanOrEqual(world.clock.now());
  }
  world.market().spoil = (row) => row;
  world.clock.sleep(DAY, true);
  await world.clock.advance(90 * MINUTE);
  await expectAll();
});
