import { afterEach, expect, test } from 'vitest';
import { HOUR, START, World } from '#test/support/world.ts';

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

test('a cap that moves: what the row in progress says at its end is what the replay says, before a restart and after it', async () => {
  world = new World({
    start: START,
    venues: ['binance'],
    view: { columns: [{ metric: 'censoring', params: {} }] },
  });
  const market = world.market('binance');
  market.oldestAt = START - 2 * HOUR;
  const moved = START + 2 * HOUR;
  market.list('BTCUSDT', {
    asset: 'BTC',
    rate: (t) => (t < START + 3 * HOUR ? 0.02 : 0.03),
    intervalH: () => 1,
    cap: (t) => (t < moved ? 0.02 : 0.03),
  });
  await world.start();
  const live: (number | null | undefined)[] = [];
  const first = START + HOUR / 2;
  for (let t = first; t <= first + 4 * HOUR; t += HOUR) {
    await world.clock.until(t - 200);
    live.push(world.cells(await world.row('binance:BTCUSDT'))[0]?.value);
  }
  await world.clock.advance(10 * 60_000);
  const replayed = async () => {
    const { time, value } = await world.call('metrics.series', {
      instrument: 'binance:BTCUSDT',
      choice: { metric: 'censoring', params: {} },
      list: null,
      from: null,
    });
    return [...value].filter((_, row) => (time[row] ?? 0) >= first);
  };
  // 2: at cap, 0: free. A rate of 2 % is free once the cap is 3 %.
  expect(live).toEqual([2, 2, 0, 2, 2]);
  expect(await replayed()).toEqual(live);
  await world.stop();
  await world.start();
  expect(await replayed()).toEqual(live);
  expect(await world.store.terms('binance:BTCUSDT')).toMatchObject([
    { cap: 0.02, floor: -0.02 },
    { cap: 0.03, floor: -0.03 },
  ]);
});
