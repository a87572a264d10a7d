import type { WatchRow } from '#bridge/contract.ts';
import { pairOf } from '#domain/instrument.ts';
import type { Column, ColumnKey } from './columns.ts';

export interface Sort {
  readonly key: ColumnKey;
  readonly descending: boolean;
  /** By the size of the figures, whatever their sign. */
  readonly size?: true | undefined;
}

/** Most columns that a list is ordered by. */
const MOST_SORTS = 4;

/** Shift and a click: one column more to order by, after the others; of one that is among them the next direction. */
export function addSort(sorts: readonly Sort[], column: Pick<Column, 'key' | 'signed'>): readonly Sort[] {
  const before = sorts.find(({ key }) => key === column.key) ?? null;
  const next = nextSort(before, column);
  if (before !== null) return sorts.flatMap((sort) => (sort !== before ? sort : (next ?? [])));
  return next === null || sorts.length >= MOST_SORTS ? sorts : [...sorts, next];
}

/** Clicking a header: figures with a sign by their size first; then its natural direction (text up, figures down), the other, one's own order. */
export function nextSort(sort: Sort | null, { key, signed }: Pick<Column, 'key' | 'signed'>): Sort | null {
  const natural = key !== 'asset' && key !== 'venue';
  if (sort?.key !== key && signed) return { key, descending: true, size: true };
  if (sort?.key === key && sort.size) return { key, descending: true };
  if (sort?.key !== key) return { key, descending: natural };
  return sort.descending === natural ? { key, descending: !natural } : null;
}

/** An entry of the list: its row may still be on its way. */
export interface Entry {
  readonly id: string;
  readonly row: WatchRow | null;
}

/** What plain words are looked for in. */
export const searchText = ({ instrument }: WatchRow, venueName: (id: string) => string): string =>
  `${pairOf(instrument)} ${instrument.symbol} ${venueName(instrument.venue)}`.toLowerCase();

/** Every word of the filter has to occur in the asset, symbol or venue. */
export function matches(entry: Entry, filter: string, venueName: (id: string) => string): boolean {
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return true;
  const text = entry.row ? searchText(entry.row, venueName) : entry.id.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** By asset, then by the instrument's id. */
export const inOrderOfNames = (entries: readonly Entry[]): Entry[] => {
  const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return entries.toSorted((a, b) => before(a.row?.instrument.asset ?? '', b.row?.instrument.asset ?? '') || before(a.id, b.id));
};

/** A value that is older ranks nothing: another row's is of another market by then. */
export const OLD_MS = 30 * 60_000;

/** Entries in an order of values, and how many of them it leaves to the end: without a value, and with one that is older than 30 minutes. */
export interface Ranking {
  readonly entries: readonly Entry[];
  readonly without: number;
  readonly old: number;
}

type Key = number | string;

const keyBy =
  (column: Column, sort: Sort) =>
  ({ row }: Entry): Key => {
    const figure = row ? column.sort(row) : Number.NaN;
    return sort.size && typeof figure === 'number' ? Math.abs(figure) : figure;
  };

/** What is not known is last in both directions. */
function compare(a: Key, b: Key, sign: number): number {
  if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
  if (typeof a === 'string' || typeof b === 'string') return sign * String(a).localeCompare(String(b), 'en');
  return sign * (a - b);
}

/**
 * A stable sort; what cannot be ranked is last in both directions. `more`: by these where the first ones are equal. `now`:
 * venue-corrected time of an instrument, ms.
 */
export function sorted(
  entries: readonly Entry[],
  sort: Sort | null,
  columns: readonly Column[],
  now: (id: string) => number,
  more: readonly Sort[] = [],
): Ranking {
  const column = columns.find(({ key }) => key === sort?.key);
  if (!sort || !column) return { entries, without: 0, old: 0 };
  const sign = sort.descending ? -1 : 1;
  const others = more.flatMap((one) => {
    const by = columns.find(({ key }) => key === one.key);
    return by ? { keyOf: keyBy(by, one), sign: one.descending ? -1 : 1 } : [];
  });
  const ranks = column.ranks === true;
  const observedAt = column.observedAt ?? (({ observedAt: at }: WatchRow) => at);
  function isOld({ id, row }: Entry): boolean {
    const at = ranks && row !== null ? observedAt(row) : null;
    return at !== null && now(id) - at > OLD_MS;
  }
  const keyOf = keyBy(column, sort);
  const keyed = entries.map((entry) => {
    const key = keyOf(entry);
    const left = isMissing(key) ? ('without' as const) : isOld(entry) ? ('old' as const) : null;
    return { entry, key, left, others: others.map((one) => one.keyOf(entry)) };
  });
  keyed.sort((a, b) => {
    const first = a.left !== null || b.left !== null ? Number(a.left !== null) - Number(b.left !== null) : compare(a.key, b.key, sign);
    for (let i = 0, order = first; ; i++) {
      const other = others[i];
      if (order !== 0 || other === undefined) return order;
      order = compare(a.others[i] ?? Number.NaN, b.others[i] ?? Number.NaN, other.sign);
    }
  });
  const count = (why: 'without' | 'old'): number => (ranks ? keyed.filter(({ left }) => left === why).length : 0);
  return { entries: keyed.map(({ entry }) => entry), without: count('without'), old: count('old') };
}

/** "3 of 40 not ranked: 2 have no value, 1 is older than 30 min"; null where all are. */
export function leftOutWords({ entries, without, old }: Ranking): string | null {
  if (without + old === 0) return null;
  const parts = [
    ...(without === 0 ? [] : [`${without} ${without === 1 ? 'has' : 'have'} no value`]),
    ...(old === 0 ? [] : [`${old} ${old === 1 ? 'is' : 'are'} older than 30 min`]),
  ];
  return `${without + old} of ${entries.length} not ranked: ${parts.join(', ')}`;
}

const isMissing = (key: Key): boolean => (typeof key === 'number' ? Number.isNaN(key) : key === '');
