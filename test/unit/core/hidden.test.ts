import { afterEach, expect, test } from 'vitest';
import { World } from '#test/support/world.ts';

const MINUTE = 60_000;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

// A system that hides a window slows the timers of its page down to nothing: it says no more that it is there.
test('a window that is hidden for hours changes nothing of what is collected', async () => {
  world = new World();
  for (const asset of ['BTC', 'ETH']) world.market().list(`${asset}USDT`, { asset });
  await world.start();
  await world.clock.advance(MINUTE);
  const looks = { selected: 'alpha:BTCUSDT', list: 'majors', columns: [] };
  const counts = async (renews: boolean): Promise<{ polls: number; rows: number }> => {
    const before = {
      polls: world.market().count('/market'),
      rows: (await world.store.snapshots('alpha:ETHUSDT', 0, Infinity)).rate.length,
    };
    for (let minute = 0; minute < 20; minute += 1) {
      if (renews) await world.call('view.follow', looks);
      await world.clock.advance(MINUTE);
    }
    const rows = (await world.store.snapshots('alpha:ETHUSDT', 0, Infinity)).rate.length;
    return { polls: world.market().count('/market') - before.polls, rows: rows - before.rows };
  };
  const shown = await counts(true);
  const hidden = await counts(false);
  expect(shown.polls).toBeGreaterThan(30);
  // The pace has a jitter of a tenth.
  expect(Math.abs(hidden.polls - shown.polls)).toBeLessThanOrEqual(4);
  expect(Math.abs(hidden.rows - shown.rows)).toBeLessThanOrEqual(4);
});
