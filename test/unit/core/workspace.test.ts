import { afterEach, expect, test } from 'vitest';
import { columnsOfList, defaultWorkspace, MOST_OWN_COLUMNS } from '#bridge/workspace.ts';
import { World } from '../../support/world.ts';

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});
async function open(): Promise<World> {
  world = new World({ settings: (all) => ({ ...all, lists: [{ id: 'l', name: 'L', assets: [], seeded: ['alpha'], items: [] }] }) });
  world.market().list('BTC', { asset: 'BTC' });
  world.market().list('ETH', { asset: 'ETH' });
  await world.start();
  await world.clock.advance(5_000);
  return world;
}
const rows = async (): Promise<string[]> => (await world.call('watchlist.rows', {})).map(({ instrument }) => instrument.id).sort();

test('each window keeps what it shows', async () => {
  await open();
  const shown = { ...defaultWorkspace, selected: 'alpha:BTC', range: '1y' as const };
  await world.call('workspace.keep', shown, 'one');
  expect(await world.call('workspace.get', {}, 'one')).toEqual(shown);
  expect(await world.call('workspace.get', {}, 'two')).toEqual(defaultWorkspace);
});

test('each list of a window has columns of its own, and what is followed is those of the list that is shown', async () => {
  await open();
  const premium = { metric: 'premium', params: {} };
  const funding = { metric: 'funding', params: {} };
  const shown = { ...defaultWorkspace, list: 'l', columns: [funding], listColumns: { l: [premium] } };
  await world.call('workspace.keep', shown, 'one');
  const kept = await world.call('workspace.get', {}, 'one');
  const columns = [...columnsOfList(kept, kept.list)];
  expect(columns).toEqual([premium]);
  const { columns: names } = await world.call('view.follow', { selected: 'alpha:BTC', list: 'l', columns }, 'one');
  await world.clock.advance(5_000);
  const { cells } = await world.row('alpha:BTC');
  expect(Object.keys(cells)).toEqual(names);
  const tooMany = Object.fromEntries(Array.from({ length: MOST_OWN_COLUMNS + 1 }, (_, i) => [`l${i}`, [premium]]));
  await expect(world.call('workspace.keep', { ...shown, listColumns: tooMany }, 'one')).rejects.toThrow(/too many lists/u);
});

test('a call that does not say which window it comes from is told so', async () => {
  await open();
  for (const [name, input] of [
    ['workspace.get', {}],
    ['workspace.keep', defaultWorkspace],
    ['view.follow', { selected: null, list: null, columns: [] }],
    ['view.leave', {}],
  ] as const) {
    expect(await world.app.dispatch(name, input)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  }
});

test('what a window selects is followed while the window is open, and no longer', async () => {
  await open();
  world.events.length = 0;
  await world.call('workspace.keep', { ...defaultWorkspace, selected: 'alpha:BTC' }, 'one');
  await world.call('view.follow', { selected: 'alpha:BTC', list: 'l', columns: [] }, 'one');
  await world.call('view.follow', { selected: 'alpha:ETH', list: 'l', columns: [] }, 'two');
  expect(await rows()).toEqual(['alpha:BTC', 'alpha:ETH']);
  await world.call('view.leave', {}, 'one');
  expect(await rows()).toEqual(['alpha:ETH']);
  expect(world.events.filter(({ name }) => name === 'settings.change')).toEqual([]);
});
