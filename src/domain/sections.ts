import type { InstrumentId } from './instrument.ts';

/** A heading of a list; `from`: the place of its first instrument among the list's. */
export interface Section {
  readonly name: string;
  readonly from: number;
}

/** Instruments of a list in its order, and its headings in theirs. */
export interface Sectioned {
  readonly items: readonly InstrumentId[];
  readonly sections?: readonly Section[] | undefined;
}

/** Instruments under one heading; name null: those before the first heading. */
export interface Group {
  readonly name: string | null;
  readonly items: readonly InstrumentId[];
}

/** A list as its groups: the first has no heading, and may be empty. */
export function groupsOf({ items, sections = [] }: Sectioned): Group[] {
  const starts = sections.map(({ from }) => from);
  return [
    { name: null, items: items.slice(0, starts[0]) },
    ...sections.map(({ name, from }, i) => ({ name, items: items.slice(from, starts[i + 1]) })),
  ];
}

/** The groups as a list; without headings it has no field of them. */
export function listOfGroups(groups: readonly Group[]): { items: InstrumentId[]; sections?: Section[] } {
  const items: InstrumentId[] = [];
  const sections: Section[] = [];
  for (const { name, items: own } of groups) {
    if (name !== null) sections.push({ name, from: items.length });
    items.push(...own);
  }
  return sections.length === 0 ? { items } : { items, sections };
}

/** Without an instrument; a heading with nothing under it stays. */
export const without = (list: Sectioned, id: InstrumentId): Group[] =>
  groupsOf(list).map(({ name, items }) => ({ name, items: items.filter((item) => item !== id) }));

/**
 * With an instrument moved to a place of the list. `section`: under which heading (0: before the first) where the place lies between two;
 * absent: under that of the instrument which stands there.
 */
export function moved(list: Sectioned, id: InstrumentId, to: number, section?: number): Group[] {
  const groups = without(list, id);
  const starts = groups.map((_, i) => groups.slice(0, i).reduce((n, { items }) => n + items.length, 0));
  const there = groups.findLastIndex((_, i) => (starts[i] ?? 0) <= to);
  const at = Math.max(0, Math.min(groups.length - 1, section ?? there));
  return groups.map(({ name, items }, i) =>
    i === at ? { name, items: items.toSpliced(Math.max(0, to - (starts[i] ?? 0)), 0, id) } : { name, items },
  );
}

/** The same headings over items of which some came between or went: each begins at the first of its old items that is still there. */
export function reflowed({ items: before, sections }: Sectioned, items: readonly InstrumentId[]): Section[] | undefined {
  return sections?.map(({ name, from }) => {
    const first = before.slice(from).find((id) => items.includes(id));
    return { name, from: first === undefined ? items.length : items.indexOf(first) };
  });
}

/** Without some instruments; headings stay. */
export const withoutAll = (list: Sectioned, ids: ReadonlySet<InstrumentId>): Group[] =>
  groupsOf(list).map(({ name, items }) => ({ name, items: items.filter((item) => !ids.has(item)) }));

/** With instruments behind those that it holds; one that it holds already stays where it is. */
export function withAll(list: Sectioned, ids: readonly InstrumentId[]): Group[] {
  const fresh = ids.filter((id) => !list.items.includes(id));
  return groupsOf(list).map((group, i, { length }) => (i === length - 1 ? { ...group, items: [...group.items, ...fresh] } : group));
}

/** The list as it was before, with what has come into it since, but for `taken`, which an undone change had put there. */
export function restored(before: Sectioned, now: Sectioned, taken: readonly InstrumentId[] = []): Group[] {
  return withAll(
    before,
    now.items.filter((id) => !taken.includes(id)),
  );
}
