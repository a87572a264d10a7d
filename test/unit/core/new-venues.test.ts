import { afterEach, expect, test } from 'vitest';
import { defaultSettings } from '#core/default-settings.ts';
import { World } from '#test/support/world.ts';

const MINUTE = 60_000;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});
const TWENTY = Array.from({ length: 20 }, (_, i) => `venue${String(i + 1).padStart(2, '0')}`);
const MAJORS = ['BTC', 'ETH', 'SOL', 'XRP', 'BNB', 'DOGE'];

async function open(venues: readonly string[], change: (world: World) => void = () => undefined): Promise<void> {
  world = new World({ venues });
  for (const id of venues) {
    for (const asset of MAJORS) {
      world.market(id).list(`${asset}USDC`, { asset, settle: 'USDC' });
      world.market(id).list(`${asset}USDT`, { asset });
      // A second contract of one coin: of a thousand of it, say.
      world.market(id).list(`1000${asset}USDT`, { asset });
    }
  }
  change(world);
  await world.start();
  await world.clock.advance(3 * MINUTE);
}
const listed = (id: string): readonly string[] => world.settings.lists.find((list) => list.id === id)?.items ?? [];

test('of twenty venues a new user has seven on, and one instrument of each asset and venue in the list of majors', async () => {
  await open(TWENTY);
  const on = TWENTY.slice(0, 7);
  expect(Object.entries(world.settings.venues).flatMap(([id, { enabled }]) => (enabled ? [id] : []))).toEqual(on);
  expect(listed('majors')).toEqual(MAJORS.flatMap((asset) => on.map((id) => `${id}:${asset}USDT`)));
  for (const id of TWENTY.slice(7)) {
    expect(world.market(id).requests).toEqual([]);
    expect(await world.health(id)).toMatchObject({ state: 'off' });
  }
});

test('those that are not on by default are off also among few', () => {
  const known = [true, false, true].map((onByDefault, i) => ({ id: `v${i}`, onByDefault }));
  expect(Object.values(defaultSettings(known).venues).map(({ enabled }) => enabled)).toEqual([true, false, true]);
});

test('a venue that the settings do not name is off and fills no list until it is switched on', async () => {
  await open(['alpha', 'beta'], (one) => {
    const before = Object.entries(one.settings.venues).filter(([id]) => id !== 'beta');
    one.settings = { ...one.settings, venues: Object.fromEntries(before) };
  });
  expect(world.market('beta').requests).toEqual([]);
  expect(listed('majors')).toEqual(MAJORS.map((asset) => `alpha:${asset}USDT`));
  // Of the other lists it has no asset, and is looked at again.
  expect(world.settings.lists.map(({ id, seeded }) => [id, seeded])).toEqual([
    ['majors', ['alpha']],
    ['ai', []],
    ['virtuals', []],
  ]);

  await world.call('venues.change', { venue: 'beta', change: { enabled: true } });
  await world.clock.advance(3 * MINUTE);
  expect(listed('majors')).toEqual(MAJORS.flatMap((asset) => [`alpha:${asset}USDT`, `beta:${asset}USDT`]));
});

test('a venue whose first answers name no asset of a list fills it once they do, and what a person removes stays removed', async () => {
  world = new World({ venues: ['alpha'] });
  const market = world.market('alpha');
  for (const asset of MAJORS) market.list(`${asset}USDT`, { asset: '1E308' });
  await world.start();
  await world.clock.advance(3 * MINUTE);
  expect(listed('majors')).toEqual([]);
  for (const asset of MAJORS) market.list(`${asset}USDT`, { asset });
  await world.clock.advance(3 * MINUTE);
  expect(listed('majors')).toEqual(MAJORS.map((asset) => `alpha:${asset}USDT`));
  for (const instrument of listed('majors')) await world.call('watchlist.remove', { list: 'majors', instrument });
  await world.clock.advance(3 * MINUTE);
  expect(listed('majors')).toEqual([]);
});

test('a venue whose contracts all settle in USD fills the list of majors like any other, before its inverse ones', async () => {
  world = new World({ venues: ['alpha'] });
  for (const asset of MAJORS) {
    world.market().list(`PI_${asset}USD`, { asset, contract: 'inverse' });
    world.market().list(`PERP_${asset}USD`, { asset, settle: 'USD' });
    world.market().list(`${asset}ETH`, { asset, settle: 'ETH' });
  }
  await world.start();
  await world.clock.advance(MINUTE);
  expect(listed('majors')).toEqual(MAJORS.map((asset) => `alpha:PERP_${asset}USD`));
});
