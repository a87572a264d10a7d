import { z } from 'zod';
import { chartLook } from './chart-look.ts';
import { chartRange, instrumentIdText, metricChoice } from './settings.ts';

/** Where the panels of one window stand: docked side by side, as tabs of a group, or floating over the others. */

const MOST_PANELS = 40;
const MOST_FLOATING = 20;
/** So deep may groups stand within each other. */
const DEEPEST = 8;

/** Panels of one colour follow one instrument. A colour is never alone on the screen: its letter stands in it. */
export const LINKS = ['a', 'b', 'c', 'd'] as const;
export const link = z.enum(LINKS);
export type Link = z.infer<typeof link>;

export const links = z.partialRecord(link, instrumentIdText);

/** Of the renderer's register; of the second and later ones of a panel that may stand several times also its number: "chart:2". */
const dockId = z
  .string()
  .max(44)
  .regex(/^[a-z-]{1,40}(?::[1-9][0-9]?)?$/u, 'must be the name of a panel.');
const groupId = z.string().min(1).max(40);
/** Px. */
const length = z.number().min(0).max(100_000);
const place = z.number().min(-100_000).max(100_000);

/** What is kept of one panel where it stands. */
export const panelParams = z.strictObject({
  link: link.optional(),
  /** Of a chart that has its own; left out: the window's. */
  range: chartRange.optional(),
  /** Of a chart that has its own: what its lower pane draws. */
  pane: metricChoice.nullable().optional(),
  look: chartLook.optional(),
  /** The chart shows the moment that another one so linked is read at, and is shown. */
  crosshair: z.literal(true).optional(),
  /** The chart shows the stretch of time that others so linked show. */
  time: z.literal(true).optional(),
});
export type PanelParams = z.infer<typeof panelParams>;

const group = z.strictObject({
  id: groupId,
  /** Its tabs from left to right. */
  views: z.array(dockId).min(1).max(MOST_PANELS),
  /** The tab in front. */
  activeView: dockId.optional(),
});
export type DockGroup = z.infer<typeof group>;

export interface DockLeaf {
  readonly type: 'leaf';
  readonly data: DockGroup;
  /** Px along the direction in which its branch lays out its parts. */
  readonly size: number;
}
export interface DockBranch {
  readonly type: 'branch';
  readonly data: readonly DockNode[];
  readonly size: number;
}
export type DockNode = DockLeaf | DockBranch;

const leaf = z.strictObject({ type: z.literal('leaf'), data: group, size: length });
const nodes: z.ZodType<DockNode>[] = [leaf];
// Spelled out level by level: a file cannot nest deeper than a check may follow.
for (let depth = 1; depth <= DEEPEST; depth++) {
  const within = nodes[depth - 1] ?? leaf;
  nodes.push(z.union([leaf, z.strictObject({ type: z.literal('branch'), data: z.array(within).max(MOST_PANELS), size: length })]));
}
const root = z.strictObject({ type: z.literal('branch'), data: z.array(nodes[DEEPEST - 1] ?? leaf).max(MOST_PANELS), size: length });

const grid = z.strictObject({ root, width: length, height: length, orientation: z.enum(['HORIZONTAL', 'VERTICAL']) });

/** Groups in one frame over the grid. */
const floating = z.strictObject({ grid, position: z.strictObject({ left: place, top: place, width: length, height: length }) });
export type Floating = z.infer<typeof floating>;
export type DockGrid = z.infer<typeof grid>;

export const dockLayout = z
  .strictObject({ grid, panels: z.record(dockId, panelParams), floating: z.array(floating).max(MOST_FLOATING) })
  .refine(placesEachOnce, 'must place each of its panels once.');
export type DockLayout = z.infer<typeof dockLayout>;

const groupsOfNode = (node: DockNode): readonly DockGroup[] => (node.type === 'leaf' ? [node.data] : node.data.flatMap(groupsOfNode));

/** All its groups: those of the grid from left to right and from top to bottom, then those that float. */
export const groupsOfLayout = ({ grid: docked, floating: floats }: Pick<DockLayout, 'grid' | 'floating'>): readonly DockGroup[] =>
  [docked, ...floats.map((one) => one.grid)].flatMap((one) => groupsOfNode(one.root));

function placesEachOnce(layout: { grid: z.infer<typeof grid>; panels: Record<string, PanelParams>; floating: Floating[] }): boolean {
  const groups = groupsOfLayout(layout);
  const views = groups.flatMap((one) => one.views);
  return (
    new Set(groups.map(({ id }) => id)).size === groups.length &&
    new Set(views).size === views.length &&
    views.length === Object.keys(layout.panels).length &&
    views.every((id) => Object.hasOwn(layout.panels, id)) &&
    groups.every(({ activeView, views: own }) => activeView === undefined || own.includes(activeView))
  );
}

/** Most named layouts of a window: each has a digit as its key. */
export const MOST_LAYOUTS = 9;

/** A layout under a name, with what belongs to it beside the places of its panels. */
export const namedLayout = z.strictObject({
  id: z.string().min(1).max(40),
  name: z.string().trim().min(1).max(40),
  /** Null: the default one. */
  layout: dockLayout.nullable(),
  links,
  range: chartRange,
  pane: metricChoice.nullable(),
  /** Left out by versions that drew nothing else. */
  look: chartLook.optional(),
  pages: z
    .record(z.string().min(1).max(40), z.string().max(40))
    .refine((pages) => Object.keys(pages).length <= MOST_PANELS, 'holds too many panels.'),
});
export type NamedLayout = z.infer<typeof namedLayout>;

/** A window of a panel's own, or (`instrument`) of a chart of one instrument, where it stood on its screen. */
export const ownWindow = z.strictObject({
  panel: dockId,
  instrument: instrumentIdText.optional(),
  x: place,
  y: place,
  width: length,
  height: length,
});
export type OwnWindow = z.infer<typeof ownWindow>;
