import { expect, test } from 'vitest';
import { dockLayout, groupsOfLayout, LINKS } from '#bridge/layout.ts';
import {
  clampedFrame,
  clampedWindow,
  defaultLayout,
  freeLinks,
  isAlike,
  isSameShape,
  kindOf,
  knownOnly,
  leftWidth,
  nextId,
  sizesOf,
} from '#renderer/panels/layout.ts';
import type { Panel } from '#renderer/panels/panel.ts';

const panel = (id: string, place: Panel['place'], width: number, height: number, stays = false): Panel =>
  ({ id, title: id, says: id, place, minSize: { width, height }, ...(stays && { stays }) }) as unknown as Panel;
const panels = [
  panel('list', 'left', 560, 240),
  panel('chart', 'main', 560, 240),
  panel('rules', 'below', 580, 172),
  panel('grid', 'below', 620, 172, true),
  panel('maths', 'beside', 760, 320),
];

test('by default the list stands left of the chart, and the rest in tabs below that', () => {
  const layout = defaultLayout(panels, { width: 1440, height: 830 }, 0);
  expect(dockLayout.parse(layout)).toEqual(layout);
  expect(groupsOfLayout(layout).map(({ views }) => views)).toEqual([['list'], ['chart'], ['rules', 'grid']]);
  // 716 px is the least of the list in a window this wide; 172 px of content and 28 of tabs below the chart.
  expect(Object.fromEntries(sizesOf(layout.grid))).toEqual({
    list: { width: 716, height: 830 },
    chart: { width: 724, height: 630 },
    rules: { width: 724, height: 200 },
  });
});

test('where there is room for both, what stays stands beside the other tabs', () => {
  const layout = defaultLayout(panels, { width: 2560, height: 1370 }, 0);
  expect(groupsOfLayout(layout).map(({ views }) => views)).toEqual([['list'], ['chart'], ['grid'], ['rules']]);
  // 44 % of 2560 is above the most of 920.
  expect(Object.fromEntries(sizesOf(layout.grid))).toEqual({
    list: { width: 920, height: 1370 },
    chart: { width: 1640, height: 1128 },
    grid: { width: 1060, height: 242 },
    rules: { width: 580, height: 242 },
  });
});

test('the list takes half of a narrow page, and what its columns would like only as far as the chart can spare it', () => {
  expect([leftWidth(1000, 0), leftWidth(1180, 500), leftWidth(1280, 0), leftWidth(1600, 80), leftWidth(1600, 500)]).toEqual([
    480, 566, 716, 796, 832,
  ]);
});

test('panels that a version does not have are left out, and said; groups that hold nothing then go with them', () => {
  const layout = defaultLayout(panels, { width: 2560, height: 1370 }, 0);
  const { layout: known, dropped } = knownOnly(layout, (id) => id !== 'rules' && id !== 'chart');
  expect(dropped).toEqual(['chart', 'rules']);
  expect(groupsOfLayout(known).map(({ views, activeView }) => [views, activeView])).toEqual([
    [['list'], 'list'],
    [['grid'], 'grid'],
  ]);
  expect(dockLayout.safeParse(known).success).toBe(true);
  expect(knownOnly(layout, () => true)).toEqual({ layout, dropped: [] });
});

test('a tab in front that is not known gives way to the next', () => {
  const layout = defaultLayout(panels, { width: 1440, height: 830 }, 0);
  const { layout: known } = knownOnly(layout, (id) => id !== 'rules');
  expect(groupsOfLayout(known).at(-1)).toMatchObject({ views: ['grid'], activeView: 'grid' });
});

test('two layouts are alike where only rounding sets them apart', () => {
  const size = { width: 1440, height: 830 };
  const layout = defaultLayout(panels, size, 0);
  expect(isAlike(layout, defaultLayout(panels, size, 2))).toBe(true);
  expect(isAlike(layout, defaultLayout(panels, size, 20))).toBe(false);
  expect(isAlike(layout, { ...layout, panels: { ...layout.panels, chart: { link: 'a' } } })).toBe(false);
  expect(isAlike(layout, knownOnly(layout, (id) => id !== 'rules').layout)).toBe(false);
  expect([
    isSameShape(layout, defaultLayout(panels, size, 200)),
    isSameShape(layout, defaultLayout(panels, { width: 2560, height: 830 }, 0)),
  ]).toEqual([true, false]);
});

test('a frame that floats is brought back onto the page', () => {
  const room = { width: 1000, height: 600 };
  expect(clampedFrame({ left: 200, top: 100, width: 400, height: 300 }, room)).toEqual({ left: 200, top: 100, width: 400, height: 300 });
  expect(clampedFrame({ left: 2200, top: 1100, width: 400, height: 300 }, room)).toEqual({ left: 600, top: 300, width: 400, height: 300 });
  expect(clampedFrame({ left: -50, top: -20, width: 4000, height: 300 }, room)).toEqual({ left: 0, top: 0, width: 1000, height: 300 });
});

test('a window is brought back onto the screen that is there, wherever that begins', () => {
  const screen = { x: -1920, y: 40, width: 1920, height: 1040 };
  expect(clampedWindow({ x: 2500, y: 200, width: 900, height: 640 }, screen)).toEqual({ x: -900, y: 200, width: 900, height: 640 });
  expect(clampedWindow({ x: -1800, y: 100, width: 900, height: 640 }, screen)).toEqual({ x: -1800, y: 100, width: 900, height: 640 });
});

test('several of one panel are told apart by a number', () => {
  expect([kindOf('chart'), kindOf('chart:2')]).toEqual(['chart', 'chart']);
  expect([nextId('chart', new Set()), nextId('chart', new Set(['chart'])), nextId('chart', new Set(['chart', 'chart:3']))]).toEqual([
    'chart',
    'chart:2',
    'chart:2',
  ]);
});

test('a colour is free while no panel has it', () => {
  expect(freeLinks(LINKS, { panels: { chart: { link: 'a' }, 'chart:2': { link: 'c' }, list: {} } })).toEqual(['b', 'd']);
});
