import { afterEach, describe, expect, test } from 'vitest';
import type { CoverageCalendar } from '#bridge/coverage.ts';
import type { CoverageKind } from '#domain/coverage/calendar.ts';
import { HOUR, START, World, type WorldOptions } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const BTC = 'alpha:BTCUSDT';
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

async function open(options: WorldOptions = {}, before: (world: World) => void = () => undefined): Promise<void> {
  world = new World({ view: { selected: BTC }, ...options });
  const market = world.market();
  market.oldestAt = Math.ceil((START - 60 * DAY) / (8 * HOUR)) * 8 * HOUR;
  market.list('BTCUSDT', { asset: 'BTC' });
  before(world);
  await world.start();
}
const calendar = (kind: CoverageKind): Promise<CoverageCalendar> => world.call('coverage.calendar', { instrument: BTC, kind });
const sum = (column: Float64Array): number => column.reduce((all, one) => all + one, 0);
const holesOf = ({ holes }: CoverageCalendar): (string | number)[][] =>
  holes.map(({ first, last, rows, why }) => [(first - START) / HOUR, (last - START) / HOUR, rows, why]);

test('a whole history has every settlement and hour that should be there, and no hole', async () => {
  await open();
  await world.clock.advance(5 * MINUTE);
  const settled = await calendar('settled');
  expect(sum(settled.expected)).toBe((Math.floor(START / (8 * HOUR)) * 8 * HOUR - world.market().oldestAt) / (8 * HOUR) + 1);
  expect([sum(settled.there), settled.holes, settled.missing, settled.unfillable]).toEqual([sum(settled.expected), [], [], null]);
  const prices = await calendar('prices');
  expect([sum(prices.there), prices.holes]).toEqual([sum(prices.expected), []]);
  expect(sum(prices.expected)).toBeGreaterThan(59 * 24);
});

/** A beat and a poll every minutes of its time: the hours of a test are few turns. */
const SLOW: WorldOptions = {
  speed: 60,
  settings: (all) => ({ ...all, venues: { alpha: { enabled: true, pollSeconds: 300, url: null } } }),
};

describe('hours that were not observed', () => {
  test('say whether nothing ran or the venue did not answer', async () => {
    await open(SLOW);
    await world.clock.until(START + 1.6 * HOUR); // 02:06
    world.market().fault = { kind: 'network' };
    await world.clock.until(START + 4.6 * HOUR); // 05:06
    world.market().fault = null;
    await world.clock.until(START + 6.6 * HOUR); // 07:06
    await world.stop();
    world.clock.sleep(5 * HOUR); // 12:06
    await world.start();
    await world.clock.until(START + 14.6 * HOUR); // 15:06
    const polls = await calendar('polls');
    // From a few minutes of the hour that ends at 03:00 to the first minutes after 05:06, until it was asked again; closed from 07:06 to 12:06.
    expect(holesOf(polls)).toEqual([
      [7.5, 12.5, 6, 'closed'],
      [2.5, 5.5, 4, 'venue-down'],
    ]);
    expect(sum(polls.expected)).toBe(15);
  });

  test('an outage that was told and in which the app was then closed ends with the app', async () => {
    await open(SLOW);
    await world.clock.until(START + 1.6 * HOUR);
    world.market().fault = { kind: 'network' };
    await world.clock.until(START + 3.6 * HOUR); // 04:06
    await world.stop();
    world.clock.sleep(4 * HOUR); // 08:06
    world.market().fault = null;
    await world.start();
    await world.clock.until(START + 9.6 * HOUR);
    expect(holesOf(await calendar('polls'))).toEqual([
      [5.5, 8.5, 4, 'closed'],
      [2.5, 4.5, 3, 'venue-down'],
    ]);
  });

  test('the sleep of the machine is time in which nothing ran', async () => {
    await open(SLOW);
    await world.clock.until(START + 1.6 * HOUR);
    world.clock.sleep(4 * HOUR); // 02:06 to 06:06
    await world.clock.until(START + 7.6 * HOUR);
    expect(holesOf(await calendar('polls'))).toEqual([[2.5, 6.5, 5, 'closed']]);
  });
});

describe('settlements that are not there', () => {
  const gone = START - 10 * DAY;
  const leavesOut = (one: World): void => {
    one.market().spoil = (row) => ((row.stamp ?? 0) > gone && (row.stamp ?? 0) < gone + DAY ? null : row);
  };

  test('that the venue does not give are not served; filling asks again at once and brings what it gives by now', async () => {
    await open(SLOW, leavesOut);
    await world.clock.advance(5 * MINUTE);
    // Newer rows came: these are not late, they were left out.
    const before = await calendar('settled');
    expect(before.holes).toMatchObject([{ rows: 3, why: 'not-served' }]);
    expect(before.missing.map(({ why, rows }) => [why, sum(rows)])).toEqual([['not-served', 3]]);
    world.market().spoil = (row) => row;
    await world.clock.advance(MINUTE);
    expect((await calendar('settled')).holes).toHaveLength(1);
    await world.call('coverage.fill', { instrument: BTC });
    expect((await world.health()).filling).toMatchObject([{ instrument: BTC }]);
    await world.clock.advance(20_000);
    expect((await calendar('settled')).holes).toEqual([]);
    expect((await world.health()).filling).toEqual([]);
  });

  test('filling can be stopped: nothing more is asked for, and its progress goes', async () => {
    await open(SLOW, leavesOut);
    await world.clock.advance(3 * HOUR);
    world.market().latencyMs = 5_000;
    await world.call('coverage.fill', { instrument: BTC });
    await world.clock.advance(1_000);
    const [progress] = (await world.health()).filling;
    expect(progress?.leftMs).toBeGreaterThan(0);
    expect(progress?.wholeMs).toBeGreaterThanOrEqual(progress?.leftMs ?? 0);
    await world.call('coverage.stop', { instrument: BTC });
    expect((await world.health()).filling).toEqual([]);
    const ofHole = (): number =>
      world.market().requests.filter(({ path }) => path.startsWith('/settled') && Number(/from=(\d+)/u.exec(path)?.[1]) < gone).length;
    const asked = ofHole();
    await world.clock.advance(10 * MINUTE);
    expect(ofHole()).toBe(asked);
  });

  test('a row that could not be believed is refused, each of them told of', async () => {
    await open({}, (one) => {
      one.market().spoil = (row) => ((row.stamp ?? 0) > gone && (row.stamp ?? 0) < gone + DAY ? { ...row, rate: 50 } : row);
    });
    await world.clock.advance(5 * MINUTE);
    expect((await calendar('settled')).holes).toMatchObject([{ rows: 3, why: 'refused' }]);
  });

  test('a venue that is off cannot be asked, and the answer says what to do', async () => {
    await open();
    await world.clock.advance(5 * MINUTE);
    await world.call('venues.change', { venue: 'alpha', change: { enabled: false } });
    expect((await calendar('settled')).unfillable).toBe('Alpha is switched off. Switch it on in Venues to fill what is missing.');
    await expect(world.call('coverage.fill', { instrument: BTC })).rejects.toThrow('Alpha is switched off.');
  });
});

test('books: an hour in which nobody watched the instrument is not watched', async () => {
  await open({ ...SLOW, venues: ['alpha'] });
  world.market().list('XXXUSDT', { asset: 'XXX' });
  await world.look({ selected: 'alpha:XXXUSDT' });
  await world.clock.until(START + 2.6 * HOUR);
  await world.look({ selected: BTC });
  await world.clock.until(START + 5.6 * HOUR);
  await world.look({ selected: 'alpha:XXXUSDT' });
  await world.clock.until(START + 7.6 * HOUR);
  const found = await world.call('coverage.calendar', { instrument: 'alpha:XXXUSDT', kind: 'books' });
  expect(holesOf(found)).toEqual([[4.5, 5.5, 2, 'not-watched']]);
});
