import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NamedLayout } from '#bridge/layout.ts';
import type { SetupFile } from '#bridge/setup.ts';
import { defaultWorkspace } from '#bridge/workspace.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { USUAL_TELLING } from '#core/read/alerts/rule-terms.ts';
import { joinLayouts, lookAt, readSetup, setupOf, takeSetup } from '#core/setup.ts';
import { World } from '#test/support/world.ts';

const NOW = 1_800_000_000_000;
const base = defaultSettings([{ id: 'alpha', onByDefault: true }]);
const list = { id: 'own', name: 'Own', assets: [], seeded: [], items: ['alpha:BTCUSDT', 'alpha:ETHUSDT'] };
const rule = {
  ...{ id: 'r1', name: 'High', on: { list: 'own' }, k: 1, enabled: true, since: 5 },
  conditions: [{ choice: { metric: 'funding', params: {} }, op: 'above' as const, level: 0.001 }],
};
const mine = { ...base, lists: [...base.lists, list], alerts: [rule], theme: 'light' as const };
const file = setupOf(mine, { ...defaultWorkspace, list: 'own' });
const ALL = Object.keys(file.blocks);

test('out and in again, equal field by field', () => {
  const { settings, layout } = takeSetup(readSetup(JSON.stringify(file)), ALL, base, NOW);
  expect(settings).toEqual({ ...mine, alerts: [{ ...rule, since: NOW }] });
  expect(layout).toEqual({ ...defaultWorkspace, list: 'own' });
  // Once more it adds nothing.
  expect(takeSetup(file, ALL, settings, NOW + 1).settings).toEqual(settings);
});

test('lists of one name are joined and lose nothing; another one with the same id gets an id of its own, and its alert and layout follow', () => {
  const here = {
    ...base,
    lists: [
      { ...list, name: 'Else', items: ['alpha:XRPUSDT'] },
      { ...list, id: 'o', name: 'OWN', items: ['alpha:SOLUSDT'] },
    ],
  };
  const joined = takeSetup(file, ['lists', 'alerts', 'layout'], here, NOW);
  expect(joined.settings.lists.find(({ id }) => id === 'o')?.items).toEqual(['alpha:SOLUSDT', 'alpha:BTCUSDT', 'alpha:ETHUSDT']);
  expect([joined.settings.alerts[0]?.on, joined.layout?.list]).toEqual([{ list: 'o' }, 'o']);
  const apart = takeSetup(file, ['lists', 'alerts'], { ...here, lists: here.lists.slice(0, 1) }, NOW);
  expect(apart.settings.lists.find(({ name }) => name === 'Own')?.id).toBe('own-2');
  expect(apart.settings.alerts[0]?.on).toEqual({ list: 'own-2' });
});

test('a block that cannot be used is named, and the others can be; an alert needs its list', () => {
  const broken: SetupFile = {
    ...file,
    blocks: {
      ...file.blocks,
      lists: { version: 1, value: [{ id: 3 }] },
      screen: { version: 9, value: {} },
      notes: { version: 1, value: 'x' },
    },
  };
  const looks = Object.fromEntries(lookAt(broken).map(({ name, usable, says }) => [name, [usable, says]]));
  expect(looks).toMatchObject({
    lists: [false, 'It cannot be used: 0.id is not what it should be. The other blocks can.'],
    screen: [false, 'A newer Perpscope wrote it. It is kept, and written into the next file.'],
    notes: [false, 'This version does not know it. It is kept, and written into the next file.'],
    thresholds: [true, 'In the place of the thresholds that are here.'],
  });
  expect(() => takeSetup(broken, ['lists'], base, NOW)).toThrow('The block lists of this file cannot be used. Leave it out.');
  expect(() => takeSetup(broken, ['alerts'], base, NOW)).toThrow('“High” is on a list that is not here.');
  expect(() => readSetup('[')).toThrow('it is not JSON');
  expect(() => readSetup('{"perpscope":"other"}')).toThrow('no file of a setup');
});

test('when an alert tells is in the file, and a file of before that says nothing of it is taken', () => {
  const tells = { ...USUAL_TELLING, severity: 'critical' as const, repeat: 'once' as const };
  const out = setupOf({ ...mine, alerts: [{ ...rule, tells }] }, defaultWorkspace);
  expect(out.blocks['alerts']?.version).toBe(2);
  const here = { ...base, alerts: [] };
  expect(takeSetup(out, ['lists', 'alerts'], here, NOW).settings.alerts[0]?.tells).toEqual(tells);
  const before: SetupFile = { ...out, blocks: { ...out.blocks, alerts: { version: 1, value: [rule] } } };
  expect(takeSetup(before, ['lists', 'alerts'], here, NOW).settings.alerts).toMatchObject([{ name: rule.name }]);
});

test('venues come with what the file says of them; a proxy is in no file, and the one that is here stays', () => {
  const here = { ...base, venues: { alpha: { enabled: true, url: null, pollSeconds: 60, proxy: 'http://me:word@proxy.example:1' } } };
  const there = {
    ...base,
    venues: { alpha: { ...here.venues.alpha, enabled: false, pollSeconds: 30, proxy: 'none' }, omega: here.venues.alpha },
  };
  const out = setupOf(there, defaultWorkspace);
  expect(out.blocks['venues']?.value).toEqual({
    alpha: { enabled: false, url: null, pollSeconds: 30 },
    omega: { enabled: true, url: null, pollSeconds: 60 },
  });
  expect(takeSetup(out, ['venues'], here, NOW).settings).toEqual({
    ...here,
    venues: { alpha: { enabled: false, url: null, pollSeconds: 30, proxy: here.venues.alpha.proxy } },
  });
});

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(async () => {
  await world.stop();
  world.dispose();
});

test('through the app: what a newer version wrote is in the next file as it was; passwords and proxies are in none', async () => {
  const notes = { version: 4, value: { a: [1, null, 'x'] } };
  const text = JSON.stringify({ ...file, blocks: { ...file.blocks, notes } });
  expect((await world.call('setup.look', { text })).find(({ name }) => name === 'notes')?.usable).toBe(false);
  const settings = await world.call('setup.take', { text, blocks: ['lists', 'screen'] });
  expect([settings.theme, settings.lists.some(({ name }) => name === 'Own')]).toEqual(['light', true]);
  const out = await world.call('setup.out', {});
  const written = out.kind === 'download' ? (JSON.parse(String(out.content)) as SetupFile) : null;
  expect(written?.blocks['notes']).toEqual(notes);
  expect(JSON.stringify(written)).not.toContain('proxy');
});

test('named layouts of a file take the place of those of the same name, and stand behind the others; nine are the most', () => {
  const layout = (id: string, name: string, range: NamedLayout['range']): NamedLayout => ({
    id,
    name,
    range,
    layout: null,
    links: {},
    pane: null,
    pages: {},
  });
  const here = [layout('l1', 'Desk', '7d'), layout('l2', 'Carry', '7d')];
  expect(joinLayouts(here, [layout('l2', 'DESK', '1y'), layout('l1', 'Night', '1d')])).toEqual([
    layout('l1', 'DESK', '1y'),
    layout('l2', 'Carry', '7d'),
    layout('l1-2', 'Night', '1d'),
  ]);
  const many = Array.from({ length: 8 }, (_, i) => layout(`m${i}`, `Many ${i}`, '7d'));
  expect(() => joinLayouts(here, many)).toThrow('A window has at most 9 named layouts. Delete some first.');
});

test('one block alone makes a file of its own, and brings nothing of the others', () => {
  const only = setupOf(mine, { ...defaultWorkspace, layouts: [] }, { later: { version: 1, value: 7 } }, ['layout']);
  expect(Object.keys(only.blocks)).toEqual(['layout']);
});
