import { afterEach, expect, test } from 'vitest';
import { EVERYTHING } from '#bridge/workspace.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/** What passes between two ticks: hours need few of them. */
const RARE = 20;

/** Two venues list a coin of the first list and one that no list holds; that one's rate leaves the band after 14 hours. */
async function open(speed = 1): Promise<void> {
  world = new World({
    speed,
    venues: ['alpha', 'beta'],
    settings: (all) => ({
      ...all,
      notify: true,
      venues: Object.fromEntries(
        Object.entries(all.venues).map(([id, venue]) => [id, { ...venue, pollSeconds: speed === RARE ? 120 : 30 }]),
      ),
    }),
    view: { list: 'majors' },
  });
  for (const market of world.markets.values()) {
    market.list('BTCUSDT', { asset: 'BTC' });
    market.list('ODDUSDT', { asset: 'ODD', rate: (t) => (t > START + 14 * HOUR ? 0.01 : 0.0001) });
  }
  await world.start();
  await world.clock.advance(MINUTE);
}
const ids = async (): Promise<string[]> => (await world.call('watchlist.rows', {})).map(({ instrument }) => instrument.id).sort();

test('while a window shows everything, all that the venues which are on list has rows', async () => {
  await open();
  expect(await ids()).toEqual(['alpha:BTCUSDT', 'beta:BTCUSDT']);
  await world.look({ list: EVERYTHING });
  expect(await ids()).toEqual(['alpha:BTCUSDT', 'alpha:ODDUSDT', 'beta:BTCUSDT', 'beta:ODDUSDT']);
  expect(await world.row('beta:ODDUSDT')).toMatchObject({ status: 'live', rate: 0.0001, intervalH: 8 });

  await world.call('venues.change', { venue: 'beta', change: { enabled: false } });
  expect(await ids()).toEqual(['alpha:BTCUSDT', 'alpha:ODDUSDT', 'beta:BTCUSDT']);
  world.market('alpha').list('NEWUSDT', { asset: 'NEW' });
  await world.clock.advance(2 * MINUTE);
  expect(await ids()).toEqual(['alpha:BTCUSDT', 'alpha:NEWUSDT', 'alpha:ODDUSDT', 'beta:BTCUSDT']);

  await world.look({ list: 'majors' });
  expect(await ids()).toEqual(['alpha:BTCUSDT', 'beta:BTCUSDT']);
});

test('what is scanned has D and columns once its hours are recorded; nothing of it is told, and no history of it is fetched', async () => {
  await open(RARE);
  await world.look({ list: EVERYTHING, columns: [{ metric: 'funding', params: {} }] });
  await world.clock.advance(13 * HOUR);
  const early = await world.row('alpha:ODDUSDT');
  // 0.01 % per 8 h all along: funding is what its average is.
  expect(early.d).toBeCloseTo(0, 12);
  expect(world.cells(early)[0]?.value).toBeCloseTo(0.0001 / 8, 12);
  expect(early.spark.length).toBeGreaterThan(0);

  // Three closes at 0.125 % per hour: a signal, which is one of no list.
  await world.clock.advance(6 * HOUR);
  expect((await world.row('alpha:ODDUSDT')).signal.phase).toBe('active');
  expect(world.notifications).toEqual([]);
  const asked = world.market('alpha').requests.map(({ path }) => path);
  expect(asked.filter((path) => path.includes('BTCUSDT'))).not.toEqual([]);
  expect(asked.filter((path) => path.includes('ODDUSDT'))).toEqual([]);
});

test('of what is scanned too it is said that its rate is pinned, as far as its settlements are stored', async () => {
  await open();
  const keys = Array.from({ length: 60 }, (_, i) => START - i * 8 * HOUR).reverse();
  const rows = keys.map((stamp) => ({ stamp, rate: 0.0001, intervalH: 8, mark: null, premium: null }));
  await world.store.recordSettled('alpha:ODDUSDT', rows, START, null);
  await world.look({ list: EVERYTHING });
  await world.clock.advance(MINUTE);
  expect((await world.row('alpha:ODDUSDT')).pinned).toEqual({ since: keys[0], rate: 0.0001 });
  expect((await world.row('beta:ODDUSDT')).pinned).toBeNull();
});
