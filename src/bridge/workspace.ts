import { z } from 'zod';
import { chartLook, defaultLook } from './chart-look.ts';
import { dockLayout, LINKS, links, MOST_LAYOUTS, namedLayout, ownWindow } from './layout.ts';
import { defaultMatrixLook, matrixLook } from './matrix.ts';
import { chartRange, instrumentIdText, metricChoice, type MetricChoice } from './settings.ts';

/** In the place of a list's id: everything that the venues which are on list now. */
export const EVERYTHING = 'everything';
/** Its columns until a person chooses others. */
const SCAN_COLUMNS: readonly MetricChoice[] = ['funding-rank', 'price-change', 'open-interest', 'open-interest-change'].map((metric) => ({
  metric,
  params: {},
}));

/** Most columns of a watchlist, and most panels that stand open in one window. */
export const MOST_COLUMNS = 12;
const MOST_PANELS = 40;
/** Windows of panels' own beside one window. */
export const MOST_WINDOWS = 8;
/** Lists with columns of their own in one window. */
export const MOST_OWN_COLUMNS = 40;

const listId = z.string().max(40);
const panelId = z.string().min(1).max(40);

const sortKey = z.strictObject({ key: z.string().min(1).max(200), descending: z.boolean(), size: z.literal(true).optional() });

/** What one window shows. Every field stands alone: a bad one of a file costs itself. */
export const workspaceFields = {
  /** The list whose rows are shown; one that is gone gives way to the first. */
  list: listId,
  selected: instrumentIdText.nullable(),
  range: chartRange,
  /** Watchlist columns beside the fixed ones, of every list that has none of its own below. */
  columns: z.array(metricChoice).max(MOST_COLUMNS),
  listColumns: z
    .record(listId, z.array(metricChoice).max(MOST_COLUMNS))
    .refine((own) => Object.keys(own).length <= MOST_OWN_COLUMNS, 'holds too many lists.'),
  /** The column by which rows are sorted, `size`: whatever the sign; null: the list's own order. */
  sort: sortKey.nullable(),
  /** By these where those before them are equal. */
  thenBy: z.array(sortKey).max(3),
  /** Rows of one asset, or of one venue, stand together under a line of their own. */
  groupBy: z.enum(['asset', 'venue']).nullable(),
  /** What the chart's lower pane draws; null: the divergence with its band. */
  pane: metricChoice.nullable(),
  /** What it draws beside that. */
  look: chartLook.default(defaultLook),
  matrix: matrixLook.default(defaultMatrixLook),
  /** Panels that a version without layouts left open: they are opened once, and then stand in `layout`. */
  panels: z.array(panelId).max(MOST_PANELS),
  /** Of panels that have several pages: the one in front. */
  pages: z.record(panelId, z.string().max(40)).refine((pages) => Object.keys(pages).length <= MOST_PANELS, 'holds too many panels.'),
  /** Where the panels stand; null: as they stand by default, whatever the window's size. */
  layout: dockLayout.nullable().default(null),
  layouts: z
    .array(namedLayout)
    .max(MOST_LAYOUTS)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'names one twice.')
    .default([]),
  /** The id of the named layout that was taken last; null: none. */
  layoutId: z.string().max(40).nullable().default(null),
  /** The instrument of each link colour. */
  links: links.default({}),
  /** Windows of panels' own that stood open at the end: they are offered again at the next start. */
  windows: z.array(ownWindow).max(MOST_WINDOWS).default([]),
} as const;

export const workspace = z.strictObject(workspaceFields);
export type Workspace = z.infer<typeof workspace>;

export const defaultWorkspace: Workspace = {
  list: '',
  selected: null,
  range: '7d',
  columns: [],
  listColumns: {},
  sort: null,
  thenBy: [],
  groupBy: null,
  pane: null,
  look: defaultLook,
  matrix: defaultMatrixLook,
  panels: [],
  pages: {},
  layout: null,
  layouts: [],
  layoutId: null,
  links: {},
  windows: [],
};

/** Columns of a list in the window; `list` null: none is shown. */
export const columnsOfList = ({ columns, listColumns }: Workspace, list: string | null): readonly MetricChoice[] =>
  (list === null ? undefined : listColumns[list]) ?? (list === EVERYTHING ? SCAN_COLUMNS : columns);

/**
 * What a window looks at, told to the app so that it is followed while the window is open: its instrument goes first in every
 * back-fill, its columns are worked out for every watched instrument, those over a basket within `list`.
 */
export const view = z.strictObject({
  selected: instrumentIdText.nullable(),
  /** What panels of link colours show beside it. */
  linked: z.array(instrumentIdText).max(LINKS.length).optional(),
  /** Null: no list is shown; EVERYTHING: rows of all that is listed are wanted. */
  list: listId.nullable(),
  columns: z.array(metricChoice).max(MOST_COLUMNS),
});
export type View = z.infer<typeof view>;

/** Under which names the rows' `cells` hold the columns of a view, in their order. Other views may have others in the same rows. */
export const followed = z.object({ columns: z.array(z.string()) });
