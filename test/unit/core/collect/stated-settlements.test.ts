import { afterEach, expect, test } from 'vitest';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});
const keysOf = async (id: string): Promise<number[]> => [...(await world.store.settled(id, 0, Infinity)).key];

test('settlements that polls state are kept of instruments that no list holds, each once; of those of a list they are asked for', async () => {
  world = new World();
  const market = world.market();
  market.statesSettled = true;
  market.oldestAt = START - 2 * HOUR;
  const rate = (t: number): number => 0.0001 + t / 1e18;
  market.list('BTCUSDT', { asset: 'BTC', rate, intervalH: () => 1 });
  market.list('ODDUSDT', { asset: 'ODD', rate, intervalH: () => 1 });
  market.list('WILDUSDT', { asset: 'WILD', rate: (t) => (t % HOUR === 0 ? 0.5 : 0.0001), intervalH: () => 1 });
  await world.start();
  await world.clock.until(START + 2 * HOUR + 10 * MINUTE);
  const first = Math.floor(START / HOUR) * HOUR;
  expect(await keysOf('alpha:ODDUSDT')).toEqual([first, first + HOUR, first + 2 * HOUR]);
  expect([...(await world.store.settled('alpha:ODDUSDT', 0, Infinity)).rate]).toEqual([0, 1, 2].map((n) => rate(first + n * HOUR)));
  // Nothing is proven of what lies between them: when it is watched, its past is asked for.
  expect(await world.store.spans('alpha:ODDUSDT', 'settled')).toEqual([]);
  expect(market.requests.filter(({ path }) => path.includes('ODDUSDT') && path.startsWith('/settled'))).toEqual([]);
  // Of a list: by requests, with proof.
  expect(await keysOf('alpha:BTCUSDT')).toContain(first + 2 * HOUR);
  expect(await world.store.spans('alpha:BTCUSDT', 'settled')).not.toEqual([]);
  expect(await keysOf('alpha:WILDUSDT')).toEqual([]);
  expect((await world.health()).refusals[0]?.reason).toMatch(/^settlement \d+: rate 0.5 per 1 h is beyond/u);

  // Another run knows nothing of the rows that are there: they are told again, and stand once.
  await world.stop();
  await world.start();
  await world.clock.advance(HOUR);
  expect(await keysOf('alpha:ODDUSDT')).toEqual([0, 1, 2, 3].map((n) => first + n * HOUR));
});

test('of a whole market that settles at once no poll writes more than fifty; the next polls write the others', async () => {
  world = new World();
  const market = world.market();
  market.statesSettled = true;
  for (let i = 0; i < 120; i++) market.list(`C${i}USDT`, { asset: `C${i}`, intervalH: () => 1 });
  await world.start();
  await world.clock.advance(5_000);
  const stored = async (): Promise<number> => {
    const keys = await Promise.all(Array.from({ length: 120 }, (_, i) => keysOf(`alpha:C${i}USDT`)));
    return keys.filter(({ length }) => length > 0).length;
  };
  expect(await stored()).toBe(50);
  await world.clock.advance(5 * MINUTE);
  expect(await stored()).toBe(120);
});
