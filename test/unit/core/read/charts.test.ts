import { afterEach, expect, test } from 'vitest';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const BTC = 'alpha:BTCUSDT';
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/** The interest per 8 h: 0.01 % until the change, 0.04 % after it. */
const CHANGE = START + 4 * HOUR;
const interest = (t: number): number => (t < CHANGE ? 0.0001 : 0.0004);

test('where the rate rested in the past is told with the interest of the past, and where that is not stored it says so', async () => {
  world = new World({ speed: 10 });
  world.market().oldestAt = START - 30 * MINUTE - 16 * HOUR;
  world.market().list('BTCUSDT', { asset: 'BTC', interest, intervalH: (t) => (t < CHANGE ? 8 : 4) });
  await world.start();
  await world.clock.until(START + 8 * HOUR);
  const { time, neutral, neutralAssumed } = await world.call('history.divergence', { instrument: BTC, from: null });
  expect(time.length).toBeGreaterThan(20);
  expect([...neutral]).toEqual([...time].map((t) => (t <= CHANGE ? 0.0001 : 0.0004) / 8));
  // Before the first poll nothing was stated.
  expect([...neutralAssumed]).toEqual([...time].map((t) => Number(t <= START)));
  expect((await world.row(BTC)).neutralPerHour).toBe(0.0004 / 8);
  const part = await world.call('history.divergence', { instrument: BTC, from: START + 2 * HOUR });
  expect([...part.neutral]).toEqual([...neutral].slice(-part.time.length));
});

test('a venue that states no interest has no neutral, in the past or now', async () => {
  world = new World();
  world.market().oldestAt = START - 30 * MINUTE - 16 * HOUR;
  world.market().list('BTCUSDT', { asset: 'BTC', interest: () => null });
  await world.start();
  await world.clock.until(START + 2 * HOUR);
  const { neutral } = await world.call('history.divergence', { instrument: BTC, from: null });
  expect([...neutral].every(Number.isNaN)).toBe(true);
  expect((await world.row(BTC)).neutralPerHour).toBeNull();
});
