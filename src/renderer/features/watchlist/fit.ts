import type { Column, ColumnKey } from './columns.ts';

/** Px that a fixed column needs; the asset and the sparkline take what is left over. */
const WIDTHS: Readonly<Record<string, number>> = {
  asset: 84,
  venue: 86,
  rate: 58,
  ema: 58,
  d: 68,
  spark: 56,
  signal: 84,
  volume: 62,
  interval: 24,
  next: 56,
  age: 42,
};
/** Whose row it is stays in sight while the others scroll. */
const PINNED: ReadonlySet<ColumnKey> = new Set(['asset', 'venue']);
/** What says least gives way first: the last week is in the chart, the average is the rate less D, the interval is in the header. */
const GIVES_WAY: readonly ColumnKey[] = ['spark', 'ema', 'interval'];
/** Of everything that is listed also what is of one row alone. */
const GIVES_WAY_IN_SCAN: readonly ColumnKey[] = [...GIVES_WAY, 'next', 'signal'];
export const COLUMN_GAP_PX = 7;
export const ROW_END_PX = 10;

const widthOf = ({ key, metric }: Column): number => metric?.widthPx ?? WIDTHS[key] ?? 0;

/** Px that columns take at least. */
const needed = (columns: readonly Column[]): number =>
  columns.reduce((sum, column) => sum + widthOf(column), (columns.length - 1) * COLUMN_GAP_PX + ROW_END_PX);

/** How columns stand in a width. */
export interface Fit {
  readonly columns: readonly Column[];
  /** What gave way, to be said. */
  readonly left: readonly Column[];
  /** Of CSS: the grid of the header and of every row. */
  readonly template: string;
  /** Px; more than there is: the list scrolls sideways. */
  readonly leastPx: number;
  readonly scrolls: boolean;
}

/** All columns where they fit; else without those that give way; where that does not do, all of them, and the list scrolls. */
export function fitted(all: readonly Column[], widthPx: number): Fit {
  const givesWay = all.some(({ key }) => key === 'volume') ? GIVES_WAY_IN_SCAN : GIVES_WAY;
  const without = (count: number): readonly Column[] => all.filter(({ key }) => !givesWay.slice(0, count).includes(key));
  // Before the page has a width nothing gives way.
  const tries = givesWay.map((_, i) => without(i + 1));
  const columns = widthPx === 0 ? all : ([all, ...tries].find((some) => needed(some) <= widthPx) ?? all);
  const leastPx = needed(columns);
  const scrolls = widthPx !== 0 && leastPx > widthPx;
  const hasSpark = columns.some(({ key }) => key === 'spark');
  const track = (column: Column): string => {
    const px = widthOf(column);
    if (scrolls) return `${px}px`;
    return column.key === 'spark' || (column.key === 'asset' && !hasSpark)
      ? `minmax(${px}px, 1fr)`
      : column.key === 'asset'
        ? `minmax(${px}px, 0.5fr)`
        : `${px}px`;
  };
  return {
    columns,
    left: all.filter((column) => !columns.includes(column)),
    template: columns.map(track).join(' '),
    leastPx,
    scrolls,
  };
}

/** Columns of a scrolled list that stand in sight in part alone: half a number would be read as another one, so they are not painted. */
export function cutColumns({ columns, scrolls }: Fit, scrollLeft: number, widthPx: number): ReadonlySet<ColumnKey> {
  if (!scrolls) return new Set();
  const pinned = columns.filter(({ key }) => PINNED.has(key)).reduce((sum, column) => sum + widthOf(column) + COLUMN_GAP_PX, 0);
  const cut = new Set<ColumnKey>();
  let left = 0;
  for (const column of columns) {
    const right = left + widthOf(column);
    const isCut = left < scrollLeft + pinned - COLUMN_GAP_PX || right > scrollLeft + widthPx;
    if (!PINNED.has(column.key) && isCut) cut.add(column.key);
    left = right + COLUMN_GAP_PX;
  }
  return cut;
}

/** "Too narrow for EMA · D, 7 days"; null where all stand. */
export const leftWords = ({ left }: Fit): string | null =>
  left.length === 0 ? null : `Too narrow for ${left.map(({ title }) => title).join(' \u00b7 ')}`;
