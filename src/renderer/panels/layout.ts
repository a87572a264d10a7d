import { type DockGrid, type DockGroup, type DockLayout, type DockNode, type Floating } from '#bridge/layout.ts';
import type { Panel } from './panel.ts';

/** Px. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The panel of the register that one in the dock is: "chart:2" is a second chart. */
export const kindOf = (id: string): string => id.split(':')[0] ?? id;

/** The name of one more of a panel. */
export function nextId(kind: string, taken: ReadonlySet<string>): string {
  let id = kind;
  for (let n = 2; taken.has(id); n++) id = `${kind}:${n}`;
  return id;
}

const leaf = (id: string, views: readonly string[], size: number): DockNode => ({
  type: 'leaf',
  data: { id, views: [...views], ...(views[0] !== undefined && { activeView: views[0] }) },
  size,
});
const branch = (data: readonly DockNode[], size: number): DockNode => ({ type: 'branch', data, size });

/** Px of a row of tabs. */
export const TABS_PX = 28;

/** What the left panel takes of the width; `extra`: what its columns would like beyond that, as far as the chart can spare it. */
export function leftWidth(width: number, extra: number): number {
  if (width <= 1180) return Math.round(width * 0.48);
  const usual = Math.min(920, Math.max(716, width * 0.44));
  return Math.round(Math.min(usual + extra, Math.max(716, width * 0.52)));
}

/**
 * As the panels stand where the person has not moved one: the left one, the main one, and below that the others of the register that
 * stand from the start, side by side where there is room for two.
 */
export function defaultLayout(panels: readonly Panel[], { width, height }: Size, extra: number): DockLayout {
  const at = (place: Panel['place']): readonly Panel[] => panels.filter((panel) => panel.place === place);
  const [left, main, below] = [at('left'), at('main'), at('below')];
  const leftPx = left.length === 0 ? 0 : leftWidth(width, extra);
  const room = width - leftPx;
  const stays = below.filter((panel) => panel.stays === true);
  const others = below.filter((panel) => panel.stays !== true);
  const widest = (all: readonly Panel[]): number => Math.max(0, ...all.map(({ minSize }) => minSize.width));
  const isSplit = stays.length > 0 && others.length > 0 && room >= widest(stays) + widest(others);
  const tallest = Math.max(0, ...below.map(({ minSize }) => minSize.height));
  const belowPx = below.length === 0 ? 0 : Math.min((isSplit ? Math.max(214, tallest) : tallest) + TABS_PX, Math.round(height / 2));
  const ids = (all: readonly Panel[]): string[] => all.map(({ id }) => id);
  const row = isSplit
    ? branch([leaf('below', ids(stays), room - widest(others)), leaf('others', ids(others), widest(others))], belowPx)
    : leaf('below', ids(below), belowPx);
  const right = [...(main.length === 0 ? [] : [leaf('main', ids(main), height - belowPx)]), ...(below.length === 0 ? [] : [row])];
  return {
    grid: {
      root: { type: 'branch', data: [...(left.length === 0 ? [] : [leaf('left', ids(left), leftPx)]), branch(right, room)], size: height },
      width,
      height,
      orientation: 'HORIZONTAL',
    },
    panels: Object.fromEntries([...left, ...main, ...below].map(({ id }) => [id, {}])),
    floating: [],
  };
}

/** The node with what `keeps` of each group's tabs; null where nothing of it is left. */
function kept(node: DockNode, keeps: (id: string) => boolean): DockNode | null {
  if (node.type === 'branch') {
    const data = node.data.flatMap((one) => kept(one, keeps) ?? []);
    return data.length === 0 ? null : { ...node, data };
  }
  const views = node.data.views.filter(keeps);
  if (views.length === 0) return null;
  const { id, activeView } = node.data;
  const front = activeView !== undefined && views.includes(activeView) ? activeView : views[0];
  return { ...node, data: { id, views, ...(front !== undefined && { activeView: front }) } };
}

const keptGrid = (grid: DockGrid, keeps: (id: string) => boolean): DockGrid => {
  const root = kept(grid.root, keeps);
  return { ...grid, root: { ...grid.root, data: root?.type === 'branch' ? [...root.data] : [] } };
};

/** A layout without the panels that this version does not have, or may not dock; `dropped` names those. */
export function knownOnly(
  layout: DockLayout,
  isKnown: (id: string) => boolean,
): { readonly layout: DockLayout; readonly dropped: readonly string[] } {
  const dropped = Object.keys(layout.panels).filter((id) => !isKnown(id));
  if (dropped.length === 0) return { layout, dropped };
  return {
    layout: {
      grid: keptGrid(layout.grid, isKnown),
      panels: Object.fromEntries(Object.entries(layout.panels).filter(([id]) => isKnown(id))),
      floating: layout.floating.flatMap((one) => {
        const grid = keptGrid(one.grid, isKnown);
        return grid.root.data.length === 0 ? [] : [{ ...one, grid }];
      }),
    },
    dropped,
  };
}

/** A floating frame where all of it is within the page, as large as it was where there is room. */
export function clampedFrame(position: Floating['position'], room: Size): Floating['position'] {
  const width = Math.round(Math.min(position.width, room.width));
  const height = Math.round(Math.min(position.height, room.height));
  const within = (at: number, most: number): number => Math.round(Math.max(0, Math.min(at, most)));
  return { left: within(position.left, room.width - width), top: within(position.top, room.height - height), width, height };
}

/** A window of its own where all of it is on the screen that is there, as far as it fits. */
export function clampedWindow<T extends Size & { readonly x: number; readonly y: number }>(
  own: T,
  screen: Size & { readonly x: number; readonly y: number },
): T {
  const { left, top, width, height } = clampedFrame(
    { left: own.x - screen.x, top: own.y - screen.y, width: own.width, height: own.height },
    screen,
  );
  return { ...own, x: left + screen.x, y: top + screen.y, width, height };
}

/** Two layouts place the same panels alike. Panels that a person has not moved stand within a few px of their place, as sizes are rounded. */
export function isAlike(a: DockLayout, b: DockLayout): boolean {
  const near = (x: number, y: number): boolean => Math.abs(x - y) <= 3;
  const same = (x: DockNode, y: DockNode): boolean => {
    if (x.type === 'leaf' || y.type === 'leaf')
      return (
        x.type === y.type &&
        near(x.size, y.size) &&
        JSON.stringify(groupKey(x.data as DockGroup)) === JSON.stringify(groupKey(y.data as DockGroup))
      );
    return near(x.size, y.size) && x.data.length === y.data.length && x.data.every((one, i) => same(one, y.data[i] ?? one));
  };
  const params = ({ panels }: DockLayout): string => JSON.stringify(Object.entries(panels).sort(([x], [y]) => (x < y ? -1 : 1)));
  return (
    a.floating.length === 0 &&
    b.floating.length === 0 &&
    a.grid.orientation === b.grid.orientation &&
    params(a) === params(b) &&
    same({ ...a.grid.root, size: 0 }, { ...b.grid.root, size: 0 })
  );
}
const groupKey = ({ views, activeView }: DockGroup): unknown => [views, activeView];

/** What of the link colours no panel of a layout has. */
export const freeLinks = <T extends string>(all: readonly T[], { panels }: Pick<DockLayout, 'panels'>): T[] =>
  all.filter((one) => !Object.values(panels).some((params) => params.link === one));

/** The size of each group of a grid, under its first tab. */
export function sizesOf({ root, width, height, orientation }: DockGrid): ReadonlyMap<string, Size> {
  const sizes = new Map<string, Size>();
  const walk = (node: DockNode, isRow: boolean, size: Size): void => {
    if (node.type === 'leaf') sizes.set(node.data.views[0] ?? '', size);
    else for (const one of node.data) walk(one, !isRow, isRow ? { ...size, width: one.size } : { ...size, height: one.size });
  };
  walk(root, orientation === 'HORIZONTAL', { width, height });
  return sizes;
}

/** Two layouts have the same groups in the same places, whatever their sizes. */
export function isSameShape(a: DockLayout, b: DockLayout): boolean {
  const shape = (node: DockNode): unknown => (node.type === 'leaf' ? [...node.data.views].sort() : node.data.map(shape));
  return a.floating.length + b.floating.length === 0 && JSON.stringify(shape(a.grid.root)) === JSON.stringify(shape(b.grid.root));
}
