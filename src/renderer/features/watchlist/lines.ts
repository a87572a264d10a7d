import { type Group, groupsOf, type Section, type Sectioned, withoutAll } from '#domain/sections.ts';
import { quantile } from '#domain/quantile.ts';
import type { Entry } from './order.ts';

/** A heading between the rows of a list. */
export interface Head {
  readonly id: string;
  /** Its place among the list's headings. */
  readonly section: number;
  readonly name: string;
  readonly count: number;
  readonly collapsed: boolean;
  /** Of rows that stand together by what they have in common; a heading of the list has none. */
  readonly figures?: GroupFigures;
}

/** Rates per hour of a group's rows, of those that have one of now. */
export interface GroupFigures {
  readonly of: number;
  readonly median: number | null;
  /** The greatest less the least; null: there are no two to compare. */
  readonly spread: number | null;
}
export type Line = Entry | Head;
export const isHead = (line: Line): line is Head => 'section' in line;

/** The rows of a list under its headings; rows of a collapsed one are left out. */
export function linesOf(list: Sectioned, entries: readonly Entry[], isCollapsed: (name: string) => boolean): readonly Line[] {
  if ((list.sections ?? []).length === 0) return entries;
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return groupsOf(list).flatMap(({ name, items }, i): Line[] => {
    const rows = items.flatMap((id) => byId.get(id) ?? []);
    if (name === null) return rows;
    const collapsed = isCollapsed(name);
    return [{ id: `heading-${i - 1}`, section: i - 1, name, count: items.length, collapsed }, ...(collapsed ? [] : rows)];
  });
}

/** Where a row that is let go between two lines comes to stand in its list. */
export function dropPlace(
  list: Sectioned,
  lines: readonly Line[],
  id: string,
  dropAt: number,
): { readonly to: number; readonly section: number } {
  const before = lines[dropAt - 1];
  const head = lines.slice(0, dropAt).findLast(isHead);
  const end = (section: number): number => list.sections?.[section + 1]?.from ?? list.items.length;
  const to =
    before === undefined
      ? 0
      : isHead(before)
        ? before.collapsed
          ? end(before.section)
          : (list.sections?.[before.section]?.from ?? 0)
        : list.items.indexOf(before.id) + 1;
  return { to: list.items.indexOf(id) < to ? to - 1 : to, section: head === undefined ? 0 : head.section + 1 };
}

const figuresOf = (rates: readonly number[]): GroupFigures => {
  const sorted = [...rates].sort((a, b) => a - b);
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  return {
    of: sorted.length,
    median: quantile(Float64Array.from(rates), 0.5),
    spread: least === undefined || greatest === undefined || sorted.length < 2 ? null : greatest - least,
  };
};

/**
 * Rows in their order, those of one group together under its line, where the first of them stands. `groupOf`: its name, null while its
 * row is on its way; `rateOf`: per hour, null where there is none of now.
 */
export function groupedLines(
  entries: readonly Entry[],
  groupOf: (entry: Entry) => string | null,
  rateOf: (entry: Entry) => number | null,
  isCollapsed: (name: string) => boolean,
): readonly Line[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = groupOf(entry) ?? '\u2026';
    const members = groups.get(name);
    if (members) members.push(entry);
    else groups.set(name, [entry]);
  }
  return [...groups].flatMap(([name, members]): Line[] => {
    const collapsed = isCollapsed(name);
    const figures = figuresOf(members.flatMap((entry) => rateOf(entry) ?? []));
    return [{ id: `group-${name}`, section: -1, name, count: members.length, collapsed, figures }, ...(collapsed ? [] : members)];
  });
}

/** The list with rows, in this order, let go between two lines. */
export function dropMany(list: Sectioned, lines: readonly Line[], ids: readonly string[], dropAt: number): Group[] {
  const head = lines.slice(0, dropAt).findLast(isHead);
  const at = head === undefined ? 0 : head.section + 1;
  const after = lines.slice(dropAt);
  const end = after.findIndex(isHead);
  const next = (end < 0 ? after : after.slice(0, end)).find(({ id }) => !ids.includes(id))?.id;
  return withoutAll(list, new Set(ids)).map(({ name, items }, i) => {
    if (i !== at) return { name, items };
    const place = next === undefined ? -1 : items.indexOf(next);
    return { name, items: items.toSpliced(place < 0 ? items.length : place, 0, ...ids) };
  });
}

/** Where a row comes to stand that goes one up or down: over a heading it changes sides and keeps its place. Null: it is there already. */
export function shiftPlace(list: Sectioned, id: string, by: 1 | -1): { readonly to: number; readonly section: number } | null {
  const groups = groupsOf(list);
  const section = groups.findIndex(({ items }) => items.includes(id));
  const { items = [] } = groups[section] ?? {};
  const from = list.items.indexOf(id);
  const isLast = items.indexOf(id) === (by < 0 ? 0 : items.length - 1);
  if (!isLast) return { to: from + by, section };
  return groups[section + by] === undefined ? null : { to: from, section: section + by };
}

/** The list's headings with a new one above an instrument. */
export const withHeading = ({ items, sections = [] }: Sectioned, name: string, above: string): Section[] =>
  [...sections, { name, from: items.indexOf(above) }].toSorted((a, b) => a.from - b.from);

/** A name that no heading has yet. */
export function freeName({ sections = [] }: Sectioned): string {
  let name = 'New section';
  for (let n = 2; sections.some((one) => one.name === name); n++) name = `New section ${n}`;
  return name;
}
