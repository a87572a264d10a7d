import { afterEach, expect, test } from 'vitest';
import { HOUR, START, World } from '#test/support/world.ts';

const ID = 'alpha:HOTUSDT';
/** START is half past midnight, UTC. */
const MIDNIGHT = START - HOUR / 2;
const TOLD = MIDNIGHT + 3 * HOUR;
const CHANGED = MIDNIGHT + 8 * HOUR;

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/* As Bitget and Gate had a contract on 2026-10: its list says 1 h while a payment of 8 h is announced. */
test.each([
  ['an hour after eight', 8, 1],
  ['four hours after eight', 8, 4],
])('an interval that is stated ahead (%s) is stored from the settlement on at which it begins', async (_, before, after) => {
  world = new World();
  const market = world.market();
  market.oldestAt = MIDNIGHT - 24 * HOUR;
  market.list('HOTUSDT', {
    asset: 'HOT',
    rate: () => 0.0008,
    intervalH: (t) => (t <= CHANGED ? before : after),
    statedH: (t) => (t < TOLD ? before : after),
  });
  await world.start();
  await world.clock.advance(60_000);
  await world.call('watchlist.add', { list: 'majors', instrument: ID });
  await world.clock.until(MIDNIGHT + 12.2 * HOUR);

  const rows = await world.store.settled(ID, MIDNIGHT - 1, Infinity);
  const hours = [...rows.key].map((key) => (key - MIDNIGHT) / HOUR);
  expect(hours).toEqual(after === 1 ? [0, 8, 9, 10, 11, 12] : [0, 8, 12]);
  expect([...rows.intervalH]).toEqual(hours.map((hour) => (hour <= 8 ? before : after)));
  const told = (await world.store.events(0, Infinity)).filter(({ kind, instrument }) => kind === 'interval' && instrument === ID);
  expect(told.map(({ at, text }) => [Math.round((at - MIDNIGHT) / HOUR), text])).toEqual([
    [3, `Alpha says ${after} h; the payment that comes next is of ${before} h`],
    [8, `settles every ${after} h from now on (before: ${before} h)`],
  ]);
  expect((await world.store.spans(ID, 'settled')).length).toBe(1);
});

test('after a start in the last hour of an interval the settlements before it tell how long that is, whatever is stated ahead', async () => {
  world = new World({ start: CHANGED - 0.4 * HOUR });
  const market = world.market();
  market.oldestAt = MIDNIGHT - 24 * HOUR;
  market.list('HOTUSDT', { asset: 'HOT', rate: () => 0.0008, intervalH: (t) => (t <= CHANGED ? 8 : 1), statedH: () => 1 });
  await world.start();
  await world.clock.advance(60_000);
  await world.call('watchlist.add', { list: 'majors', instrument: ID });
  await world.clock.advance(120_000);
  const now = async () => (await world.store.latest()).find(({ instrument }) => instrument.id === ID)?.snapshot;
  expect((await now())?.intervalH).toBe(8);
  await world.clock.until(CHANGED + 3.2 * HOUR);
  const rows = await world.store.settled(ID, MIDNIGHT - 9 * HOUR, Infinity);
  const hours = [...rows.key].map((key) => (key - MIDNIGHT) / HOUR);
  expect(hours).toEqual([-8, 0, 8, 9, 10, 11]);
  expect([...rows.intervalH]).toEqual(hours.map((hour) => (hour <= 8 ? 8 : 1)));
  expect((await now())?.intervalH).toBe(1);
});
