import { expect, test } from 'vitest';
import { dockLayout, groupsOfLayout, type DockLayout } from '#bridge/layout.ts';
import { workspace, defaultWorkspace } from '#bridge/workspace.ts';

const group = (id: string, ...views: string[]) => ({ type: 'leaf' as const, data: { id, views, activeView: views[0] ?? '' }, size: 100 });
const layout: DockLayout = {
  grid: {
    root: {
      type: 'branch',
      data: [group('one', 'watchlist'), { type: 'branch', data: [group('two', 'chart', 'matrix'), group('three', 'chart:2')], size: 500 }],
      size: 800,
    },
    width: 1200,
    height: 800,
    orientation: 'HORIZONTAL',
  },
  panels: { watchlist: {}, chart: { link: 'a', time: true }, matrix: {}, 'chart:2': { link: 'b', range: '30d', pane: null }, alerts: {} },
  floating: [
    {
      grid: { root: { type: 'branch', data: [group('four', 'alerts')], size: 300 }, width: 400, height: 300, orientation: 'HORIZONTAL' },
      position: { left: 10, top: 20, width: 400, height: 300 },
    },
  ],
};
const root = layout.grid.root.data;
const withRoot = (data: unknown, panels: unknown = layout.panels): unknown => ({
  ...layout,
  grid: { ...layout.grid, root: { type: 'branch', data, size: 800 } },
  panels,
});

test('a layout is taken as it is, its groups in the order of reading', () => {
  expect(dockLayout.parse(layout)).toEqual(layout);
  expect(groupsOfLayout(layout).map(({ id }) => id)).toEqual(['one', 'two', 'three', 'four']);
  expect(workspace.parse({ ...defaultWorkspace, layout }).layout).toEqual(layout);
});

test.each([
  ['a panel that stands twice', withRoot([...root, group('five', 'matrix')])],
  ['a panel without a place', withRoot(root, { ...layout.panels, journal: {} })],
  ['a place without its panel', withRoot([...root, group('five', 'journal')])],
  ['two groups of one name', withRoot([...root, group('one', 'journal')], { ...layout.panels, journal: {} })],
  [
    'a tab in front that is not there',
    withRoot([...root, { ...group('five', 'journal'), data: { id: 'five', views: ['journal'], activeView: 'matrix' } }], {
      ...layout.panels,
      journal: {},
    }),
  ],
  ['a group without a tab', withRoot([...root, { type: 'leaf', data: { id: 'five', views: [] }, size: 1 }])],
  ['a size that is no number', { ...layout, grid: { ...layout.grid, width: null } }],
  ['a colour that there is none of', { ...layout, panels: { ...layout.panels, chart: { link: 'e' } } }],
  ['what is not known here', { ...layout, script: 'x' }],
])('%s is refused', (_, value) => {
  expect(dockLayout.safeParse(value).success).toBe(false);
});

test('groups nested deeper than a check follows are refused, however deep', () => {
  let node: unknown = group('one', 'watchlist');
  for (let i = 0; i < 5000; i++) node = { type: 'branch', data: [node], size: 1 };
  expect(dockLayout.safeParse(withRoot([node], { watchlist: {} })).success).toBe(false);
});

test('a window of a version without layouts has the default one', () => {
  const later = ['layout', 'layouts', 'layoutId', 'links', 'windows'];
  const before = Object.fromEntries(Object.entries(defaultWorkspace).filter(([name]) => !later.includes(name)));
  expect(workspace.parse(before)).toEqual(defaultWorkspace);
});
