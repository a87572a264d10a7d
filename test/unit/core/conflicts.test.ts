import { afterEach, expect, test } from 'vitest';
import { HOUR_MS } from '#domain/time.ts';
import { World } from '#test/support/world.ts';

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

test('a settlement that a venue told twice is answered to the screen, the newest word first', async () => {
  world = new World();
  world.market().list('BTCUSDT', { asset: 'BTC' });
  await world.start();
  await world.clock.advance(10_000);
  const [id] = (await world.store.instruments()).map((one) => one.id);
  const key = Math.floor(world.clock.now() / HOUR_MS) * HOUR_MS - 1000 * HOUR_MS;
  const row = (rate: number) => [{ stamp: key, rate, intervalH: null, mark: null, premium: null }];
  for (const [i, rate] of [0.001, 0.002, 0.003].entries())
    await world.store.recordSettled(id ?? '', row(rate), world.clock.now() + i, null);
  const conflict = { instrument: id, key, rate: 0.001, otherStamp: key };
  expect(await world.call('history.conflicts', { limit: 10 })).toEqual([
    { ...conflict, otherRate: 0.003, learntAt: world.clock.now() + 2 },
    { ...conflict, otherRate: 0.002, learntAt: world.clock.now() + 1 },
  ]);
  expect(await world.call('history.conflicts', { limit: 1 })).toHaveLength(1);
});
