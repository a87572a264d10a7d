import type { WatchRow } from '#bridge/contract.ts';
import { pairOf } from '#domain/instrument.ts';
import type { Column, ColumnKey } from './columns.ts';

export interface Sort {
  readonly key: ColumnKey;
  readonly descending: boolean;
}

/** Clicking a header: first its natural direction (text up, figures down), then the other, then one's own order. */
export function nextSort(sort: Sort | null, key: ColumnKey): Sort | null {
  const natural = key !== 'asset' && key !== 'venue';
  if (sort?.key !== key) return { key, descending: natural };
  return sort.descending === natural ? { key, descending: !natural } : null;
}

/** An entry of the list: its row may still be on its way. */
export interface Entry {
  readonly id: string;
  readonly row: WatchRow | null;
}

/** Every word of the filter has to occur in the asset, symbol or venue. */
export function matches(entry: Entry, filter: string, venueName: (id: string) => string): boolean {
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  const text = entry.row
    ? `${pairOf(entry.row.instrument)} ${entry.row.instrument.symbol} ${venueName(entry.row.instrument.venue)}`.toLowerCase()
    : entry.id.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The sorted entries; a stable sort, values that are not known last in both directions. */
export function sorted(entries: readonly Entry[], sort: Sort | null, columns: readonly Column[]): readonly Entry[] {
  const column = columns.find(({ key }) => key === sort?.key);
  if (!sort || !column) return entries;
  const sign = sort.descending ? -1 : 1;
  const keyed = entries.map((entry) => ({ entry, key: entry.row ? column.sort(entry.row) : Number.NaN }));
  keyed.sort((a, b) => {
    const [missingA, missingB] = [isMissing(a.key), isMissing(b.key)];
    if (missingA || missingB) return Number(missingA) - Number(missingB);
    if (typeof a.key === 'string' || typeof b.key === 'string') return sign * String(a.key).localeCompare(String(b.key), 'en');
    return sign * (a.key - b.key);
  });
  return keyed.map(({ entry }) => entry);
}

const isMissing = (key: number | string): boolean => (typeof key === 'number' ? Number.isNaN(key) : key === '');
