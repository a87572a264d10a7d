import { afterEach, expect, test } from 'vitest';
import { HOUR, START, World } from '#test/support/world.ts';

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

const BTC = 'alpha:BTCUSDT';

test('the terms of an instrument are the changes that polls stated, and at a past moment those of before', async () => {
  world = new World({ venues: ['alpha'] });
  const cap = (t: number): number => (t < START + 2 * HOUR ? 0.02 : 0.03);
  world.market('alpha').list('BTCUSDT', { asset: 'BTC', rate: () => 0.0001, intervalH: () => 8, cap });
  await world.start();
  await world.clock.until(START + 4 * HOUR);
  const now = await world.call('instrument.terms', { instrument: BTC });
  expect(now.stated.map(({ cap, floor }) => [cap, floor])).toEqual([
    [0.02, -0.02],
    [0.03, -0.03],
  ]);
  expect(now.stated[1]?.from).toBeGreaterThanOrEqual(START + 2 * HOUR);
  for (const asOf of [START + HOUR, { venueTime: START + HOUR }])
    expect((await world.call('instrument.terms', { instrument: BTC, asOf })).stated).toEqual(now.stated.slice(0, 1));
  await expect(world.call('instrument.terms', { instrument: 'alpha:NONE' })).rejects.toMatchObject({ code: 'not-found' });
});
