import { createDockview, type DockviewApi, type DockviewGroupPanel, type IDockviewPanel, type SerializedDockview } from 'dockview';
import type { DockGrid, DockLayout, DockNode, PanelParams } from '#bridge/layout.ts';
import { clampedFrame, kindOf, type Size } from './layout.ts';
import type { Panel } from './panel.ts';

/** Mounts a part of the screen into an element; returns the end of that. */
type Mount = (target: HTMLElement, id: string) => () => void;
export interface DockParts {
  readonly content: Mount;
  readonly tab: Mount;
  /** At the end of a group's tabs; `front`: the panel whose tab is in front. */
  readonly actions: (target: HTMLElement, front: () => string | null) => () => void;
}

export type Direction = 'left' | 'right' | 'up' | 'down';
const POSITION = { left: 'left', right: 'right', up: 'top', down: 'bottom' } as const;

/** Where a panel comes to stand that did not stand anywhere. */
export type Berth =
  | { readonly within: string }
  | { readonly beside: string; readonly direction: Direction; readonly px?: number | undefined }
  | { readonly edge: Direction; readonly px?: number | undefined };

/** Least px of a group that no panel has been given more room in. */
const LEAST = { width: 120, height: 72 };
/** Of the app's sizes for a panel that floats. */
const FLOAT: Size = { width: 760, height: 420 };

/** The panels that are docked on a page, drawn by dockview: what is done to them, and what is told of them. */
export class Dock {
  /** Ids in the order of reading. */
  open = $state.raw<readonly string[]>([]);
  /** The panel that was looked at last. */
  active = $state.raw<string | null>(null);
  /** Those in front of their groups. */
  inFront = $state.raw<ReadonlySet<string>>(new Set());
  floating = $state.raw<ReadonlySet<string>>(new Set());
  params = $state.raw<Readonly<Record<string, PanelParams>>>({});
  size = $state.raw<Size>({ width: 0, height: 0 });
  /** Called after every change of places, sizes or params. */
  onchange: () => void = () => undefined;
  readonly #panels: readonly Panel[];
  readonly #of: (id: string) => Panel | undefined;
  #api: DockviewApi | null = null;

  constructor(panels: readonly Panel[]) {
    this.#panels = panels;
    this.#of = (id) => this.#panels.find((panel) => panel.id === kindOf(id));
  }

  /** Stands in the element from now on; returns the end of that. */
  mount(element: HTMLElement, { content, tab, actions }: DockParts): () => void {
    const api = createDockview(element, {
      createComponent: ({ id }) => new Content(element.ownerDocument, id, content),
      createTabComponent: ({ id }) => new Part(element.ownerDocument, 'dock-tab', (target) => tab(target, id)),
      createRightHeaderActionComponent: (group) =>
        new Part(element.ownerDocument, 'dock-actions', (target) => actions(target, () => group.activePanel?.id ?? null)),
      defaultTabComponent: 'tab',
      theme: { name: 'perpscope', className: 'dock-theme', dndTabIndicator: 'line' },
      disableAutoResizing: true,
      scrollbars: 'native',
      floatingGroupBounds: 'boundedWithinViewport',
      floatingGroupDragHandle: 'tabbar',
      // Each panel says itself what changes in it.
      announcements: false,
    });
    this.#api = api;
    api.onDidAddGroup((group) => named(group));
    api.onDidLayoutChange(() => this.#told());
    api.onDidActivePanelChange(() => this.#told());
    return () => {
      this.#api = null;
      api.dispose();
    };
  }

  resize(size: Size): void {
    this.size = size;
    this.#letGo();
    this.#api?.layout(size.width, size.height);
    this.#hold();
    for (const { group, frame } of this.#floats()) {
      const clamped = clampedFrame(frame, size);
      if (JSON.stringify(clamped) !== JSON.stringify(frame))
        this.#api?.addFloatingGroup(group, { x: clamped.left, y: clamped.top, ...clamped });
    }
    this.#told();
  }

  /** Shows a layout in the place of what is shown; panels that stand in both live on. */
  show(layout: DockLayout): void {
    const api = this.#api;
    if (api === null) return;
    const floatingGroups = layout.floating.map(({ grid, position }) => {
      const [only] = grid.root.data;
      return grid.root.data.length === 1 && only?.type === 'leaf'
        ? { data: only.data, position: clampedFrame(position, this.size) }
        : { grid, position: clampedFrame(position, this.size) };
    });
    const panels = Object.entries(layout.panels).map(([id, params]) => [
      id,
      { id, contentComponent: kindOf(id), tabComponent: 'tab', title: this.#of(id)?.title ?? id, params: { ...params } },
    ]);
    const data = { grid: layout.grid, panels: Object.fromEntries(panels) as object, floatingGroups };
    // The bridge's schema holds of dockview's own form what is asked of it here.
    api.fromJSON(structuredClone(data) as unknown as SerializedDockview, { reuseExistingPanels: true });
    // A panel that lives on has the params of before.
    for (const [id, params] of Object.entries(layout.panels)) this.#setParams(id, params);
    api.layout(this.size.width, this.size.height, true);
    for (const group of api.groups) named(group);
    this.#hold();
    this.#told();
  }

  /** As it stands, to be kept. */
  layout(): DockLayout | null {
    const api = this.#api;
    if (api === null) return null;
    const { grid, floatingGroups = [] } = api.toJSON();
    return {
      grid: gridOf(grid),
      panels: this.params,
      floating: floatingGroups.map((float) => ({
        grid: gridOf(float.grid ?? gridAround(float.data, float.position)),
        position: frameOf(float.position),
      })),
    };
  }

  has(id: string): boolean {
    return this.#api?.getPanel(id) !== undefined;
  }

  add(id: string, berth: Berth | null, params: PanelParams = {}): void {
    const api = this.#api;
    if (api === null || this.has(id)) return;
    this.#letGo();
    api.addPanel({
      id,
      component: kindOf(id),
      tabComponent: 'tab',
      title: this.#of(id)?.title ?? id,
      params: { ...params },
      ...(berth !== null && this.#position(berth)),
    });
    this.#hold();
    this.#told();
  }

  #position(berth: Berth): object {
    if ('within' in berth) return { position: { referencePanel: berth.within } };
    const direction = 'edge' in berth ? berth.edge : berth.direction;
    const along = direction === 'left' || direction === 'right' ? 'initialWidth' : 'initialHeight';
    const towards = { up: 'above', down: 'below', left: 'left', right: 'right' }[direction];
    return {
      position: 'edge' in berth ? { direction: towards } : { referencePanel: berth.beside, direction: towards },
      ...(berth.px !== undefined && { [along]: berth.px }),
    };
  }

  remove(id: string): void {
    const panel = this.#api?.getPanel(id);
    if (panel === undefined) return;
    this.#letGo();
    this.#api?.removePanel(panel);
    this.#hold();
    this.#told();
  }

  bringForward(id: string): void {
    this.#api?.getPanel(id)?.api.setActive();
  }

  setParams(id: string, params: PanelParams): void {
    this.#setParams(id, params);
    this.#told();
  }

  #setParams(id: string, params: PanelParams): void {
    const panel = this.#api?.getPanel(id);
    // What dockview is given it merges into what it has: what is left out is taken out by name.
    const gone = Object.keys(panel?.params ?? {}).filter((name) => !Object.hasOwn(params, name));
    panel?.api.updateParameters({ ...Object.fromEntries(gone.map((name) => [name, undefined])), ...params });
  }

  /** Px of the group that a panel stands in. */
  sizeOf(id: string): Size | null {
    const group = this.#api?.getPanel(id)?.group;
    return group ? { width: group.width, height: group.height } : null;
  }

  setSize(id: string, size: Partial<Size>): void {
    this.#api?.getPanel(id)?.group.api.setSize(size);
    this.#told();
  }

  /** Sizes of groups, under one of their panels. */
  setSizes(sizes: ReadonlyMap<string, Size>): void {
    this.#letGo();
    for (const [id, size] of sizes) this.#api?.getPanel(id)?.group.api.setSize(size);
    this.#hold();
    this.#told();
  }

  /** The panels of the group that a panel stands in, from the first tab to the last. */
  besides(id: string): readonly string[] {
    return this.#api?.getPanel(id)?.group.panels.map((panel) => panel.id) ?? [];
  }

  float(id: string): void {
    const panel = this.#api?.getPanel(id);
    if (!panel || this.floating.has(id)) return;
    this.#letGo();
    const { minSize } = this.#of(id) ?? { minSize: FLOAT };
    const { width, height } = { width: Math.max(FLOAT.width, minSize.width), height: Math.max(FLOAT.height, minSize.height) };
    const n = this.floating.size;
    const frame = clampedFrame(
      { left: (this.size.width - width) / 2 + 24 * n, top: (this.size.height - height) / 3 + 24 * n, width, height },
      this.size,
    );
    this.#api?.addFloatingGroup(panel, { x: frame.left, y: frame.top, width: frame.width, height: frame.height });
    this.#hold();
    this.#told();
  }

  /** Puts a panel into the grid at a berth, from wherever it stands. */
  move(id: string, berth: Berth): void {
    const { params } = this;
    if (!this.has(id)) return;
    const panel = this.#api?.getPanel(id);
    const inGroup = (other: string): { group?: DockviewGroupPanel } => {
      const group = this.#api?.getPanel(other)?.group;
      return group ? { group } : {};
    };
    this.#letGo();
    if ('within' in berth) panel?.api.moveTo({ ...inGroup(berth.within), position: 'center' });
    else if ('beside' in berth) panel?.api.moveTo({ ...inGroup(berth.beside), position: POSITION[berth.direction] });
    else {
      this.remove(id);
      this.add(id, berth, params[id]);
    }
    this.#hold();
    this.bringForward(id);
    this.#told();
  }

  /** Moves a panel one group on, or, where there is none in that direction, into a group of its own there. */
  push(id: string, direction: Direction): void {
    const panel = this.#api?.getPanel(id);
    if (!panel) return;
    const next = this.#api?.adjacentGroupInDirection(panel.group, direction)?.panels[0];
    if (next) this.move(id, { within: next.id });
    else if (panel.group.panels.length > 1) this.move(id, { beside: id, direction });
  }

  /** Gives a panel a group of its own on one side of the one it stands in. */
  split(id: string, direction: Direction): void {
    if (this.besides(id).length > 1) this.move(id, { beside: id, direction });
  }

  /** Makes the group of a panel wider or taller by px. */
  stretch(id: string, by: Partial<Size>): void {
    const size = this.sizeOf(id);
    if (size)
      this.setSize(id, {
        ...(by.width !== undefined && { width: size.width + by.width }),
        ...(by.height !== undefined && { height: size.height + by.height }),
      });
  }

  /** The panel in front of the next group, in the order of reading, round and round. */
  next(by: 1 | -1): string | null {
    const fronts = this.open.filter((id) => this.inFront.has(id));
    const at = this.active === null ? -1 : fronts.indexOf(this.active);
    return fronts.at((at + by + fronts.length) % Math.max(1, fronts.length)) ?? null;
  }

  /** The tab of a panel, where the focus may stand. */
  tabOf(id: string): HTMLElement | null {
    return this.#api?.getPanel(id)?.group.element.querySelector<HTMLElement>(`[data-tab-panel-id="${id}"]`) ?? null;
  }

  #floats(): { readonly group: DockviewGroupPanel; readonly frame: ReturnType<typeof frameOf> }[] {
    const floats = this.#api?.toJSON().floatingGroups ?? [];
    return floats.flatMap(({ data, grid, position }) => {
      const first = data?.id ?? (grid ? firstGroup(gridOf(grid).root) : '');
      const group = this.#api?.groups.find(({ id }) => id === first);
      return group ? [{ group, frame: frameOf(position) }] : [];
    });
  }

  /** While panels come and go no group holds its least size: dockview would push its neighbours out of the page for it. */
  #letGo(): void {
    for (const group of this.#api?.groups ?? []) group.api.setConstraints({ minimumWidth: LEAST.width, minimumHeight: LEAST.height });
  }

  /** From now on no group gets smaller than its panels are of use in, nor than it is where it is smaller already. */
  #hold(): void {
    for (const group of this.#api?.groups ?? []) {
      const least = (side: 'width' | 'height'): number => {
        const wanted = Math.max(LEAST[side], ...group.panels.map(({ id }) => this.#of(id)?.minSize[side] ?? 0));
        return Math.max(LEAST[side], Math.min(wanted, Math.floor(group[side])));
      };
      const [minimumWidth, minimumHeight] = [least('width'), least('height')];
      if (group.minimumWidth !== minimumWidth || group.minimumHeight !== minimumHeight)
        group.api.setConstraints({ minimumWidth, minimumHeight });
    }
  }

  #told(): void {
    const api = this.#api;
    if (api === null) return;
    const { top, left } = {
      top: (group: DockviewGroupPanel) => group.element.getBoundingClientRect().top,
      left: (group: DockviewGroupPanel) => group.element.getBoundingClientRect().left,
    };
    const groups = api.groups.toSorted((a, b) => left(a) - left(b) || top(a) - top(b));
    this.open = same(
      this.open,
      groups.flatMap(({ panels }) => panels.map(({ id }) => id)),
    );
    this.active = api.activePanel?.id ?? null;
    this.inFront = sameSet(
      this.inFront,
      groups.flatMap(({ activePanel }) => activePanel?.id ?? []),
    );
    this.floating = sameSet(
      this.floating,
      api.panels.filter(({ api: { location } }) => location.type === 'floating').map(({ id }) => id),
    );
    const params = Object.fromEntries(api.panels.map((panel) => [panel.id, paramsOf(panel)]));
    if (JSON.stringify(params) !== JSON.stringify(this.params)) this.params = params;
    this.onchange();
  }
}

const same = (before: readonly string[], now: readonly string[]): readonly string[] =>
  before.length === now.length && before.every((id, i) => id === now[i]) ? before : now;

const sameSet = (before: ReadonlySet<string>, now: readonly string[]): ReadonlySet<string> =>
  before.size === now.length && now.every((id) => before.has(id)) ? before : new Set(now);

// Params are set by `add`, `show` and `setParams` alone, which take nothing else.
const paramsOf = ({ params = {} }: IDockviewPanel): PanelParams =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));

/** A screen reader tells groups by what is in front; regions are the panels' own. */
function named(group: DockviewGroupPanel): void {
  for (const element of [group.element, ...group.element.querySelectorAll('.dv-groupview')])
    if (element.getAttribute('role') === 'region') element.setAttribute('role', 'group');
}

interface Box {
  readonly width: number;
  readonly height: number;
  readonly top?: number;
  readonly left?: number;
}
const frameOf = ({ width, height, top = 0, left = 0 }: Box): { left: number; top: number; width: number; height: number } => ({
  left: Math.round(left),
  top: Math.round(top),
  width: Math.round(width),
  height: Math.round(height),
});

interface Group {
  readonly id: string;
  readonly views: readonly string[];
  readonly activeView?: string;
}
interface Node {
  readonly type: 'leaf' | 'branch';
  readonly data: Group | readonly Node[];
  readonly size?: number;
}
const gridAround = (
  data: Group | undefined,
  { width, height }: Box,
): { root: Node; width: number; height: number; orientation: string } => ({
  root: { type: 'branch', data: data === undefined ? [] : [{ type: 'leaf', data, size: width }], size: height },
  width,
  height,
  orientation: 'HORIZONTAL',
});

function nodeOf({ data, size = 0 }: Node): DockNode {
  const px = Math.max(0, Math.round(size));
  if ('id' in data) {
    const { id, views, activeView } = data;
    return { type: 'leaf', data: { id, views: [...views], ...(activeView !== undefined && { activeView }) }, size: px };
  }
  return { type: 'branch', data: data.map(nodeOf), size: px };
}

function gridOf({ root, width, height, orientation }: { root: Node; width: number; height: number; orientation: string }): DockGrid {
  const node = nodeOf(root);
  return {
    root: { type: 'branch', data: node.type === 'branch' ? [...node.data] : [node], size: node.size },
    width: Math.round(width),
    height: Math.round(height),
    orientation: orientation === 'VERTICAL' ? 'VERTICAL' : 'HORIZONTAL',
  };
}

const firstGroup = (node: DockNode): string => (node.type === 'leaf' ? node.data.id : node.data[0] ? firstGroup(node.data[0]) : '');

/** A part of the dock that is there from its first moment to its last. */
class Part {
  readonly element: HTMLElement;
  readonly #mount: (target: HTMLElement) => () => void;
  #end: (() => void) | null = null;

  constructor(page: Document, className: string, mount: (target: HTMLElement) => () => void) {
    this.element = page.createElement('div');
    this.element.className = className;
    this.#mount = mount;
  }

  init(): void {
    this.#end = this.#mount(this.element);
  }

  dispose(): void {
    this.#end?.();
    this.#end = null;
  }
}

/** A panel. It begins when it is shown first; behind another tab it is out of the page, and lives on. */
class Content {
  readonly element: HTMLElement;
  readonly #id: string;
  readonly #mount: Mount;
  #end: (() => void) | null = null;
  /** An element that leaves the page forgets how far it was scrolled. */
  readonly #scrolled = new Map<Element, { readonly top: number; readonly left: number }>();

  constructor(page: Document, id: string, mount: Mount) {
    this.element = page.createElement('div');
    this.element.className = 'dock-content';
    this.#id = id;
    this.#mount = mount;
    this.element.addEventListener(
      'scroll',
      ({ target }) => {
        if (target !== null && this.element.isConnected)
          this.#scrolled.set(target as Element, { top: (target as Element).scrollTop, left: (target as Element).scrollLeft });
      },
      { capture: true, passive: true },
    );
  }

  init(): void {
    // It begins in `onShow`.
  }

  onShow(): void {
    this.#end ??= this.#mount(this.element, this.#id);
    for (const [element, { top, left }] of this.#scrolled) {
      if (this.element.contains(element)) element.scrollTo({ top, left, behavior: 'instant' });
      else this.#scrolled.delete(element);
    }
  }

  dispose(): void {
    this.#end?.();
    this.#end = null;
  }
}
