import { UserError } from '#bridge/errors.ts';
import type { ListLook, RefusedEntry } from '#bridge/lists.ts';
import { readListFile } from '#domain/import/list-file.ts';
import { createListNames, type ListVenue } from '#domain/import/list-names.ts';
import type { Instrument } from '#domain/instrument.ts';
import { type Group, groupsOf } from '#domain/sections.ts';
import type { Watchlist } from './settings.ts';
import { MAX_ITEMS, MAX_LISTS, newListId, regrouped } from './watchlists.ts';

export interface ListSource {
  /** Of the file: its stem names the list where nothing else does. */
  readonly file: string;
  readonly text: string;
  /** Of the list that the entries go into; '': as the file says. */
  readonly name: string;
}

export interface ListImport {
  readonly look: ListLook;
  readonly lists: readonly Watchlist[];
}

/**
 * The lists with the entries of a file behind what they hold, each under its heading: nothing is taken out of a list, and what is in it already
 * stays where it is. Null: the text is no file of lists. Throws UserError where there would be too many lists.
 */
export function importLists(
  { file, text, name }: ListSource,
  here: readonly Watchlist[],
  known: readonly Instrument[],
  venues: readonly ListVenue[],
  dry: boolean,
): ListImport | null {
  const read = readListFile(text);
  if (read === null) return null;
  const instrumentOf = createListNames(known, venues);
  const lists = [...here];
  const looks = new Map<string, ListLook['lists'][number]>();
  const entries: ListLook['entries'] = [];
  const refused: RefusedEntry[] = [];
  for (const { entry, line, text: said, list, section } of read.entries) {
    const { instrument, reason } = instrumentOf(said);
    if (instrument === null) {
      refused.push({ entry, line, text: said.slice(0, 120), reason });
      continue;
    }
    const at = placeOf(lists, name.trim() || (list ?? stemOf(file)));
    const target = lists[at];
    if (target === undefined) continue;
    const look = lookOf(looks, target, !here.some(({ id }) => id === target.id));
    const isKnown = target.items.includes(instrument.id);
    if (!isKnown && target.items.length >= MAX_ITEMS) {
      refused.push({ entry, line, text: said.slice(0, 120), reason: `A list holds at most ${MAX_ITEMS} instruments.` });
      continue;
    }
    entries.push({ entry, line, text: said, list: target.name, section, instrument: instrument.id });
    if (isKnown) look.known++;
    else look.adds++;
    if (section !== null && !look.sections.includes(section)) look.sections.push(section);
    if (!isKnown) lists[at] = regrouped(target, underHeading(groupsOf(target), instrument.id, section));
  }
  const all = [...looks.values()];
  const [adds, same] = [all.reduce((n, one) => n + one.adds, 0), all.reduce((n, one) => n + one.known, 0)];
  return {
    look: { dry, words: `${dry ? 'adds' : 'added'} ${adds}, known ${same}, refused ${refused.length}`, lists: all, entries, refused },
    lists,
  };
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Where the list of a name is; one that is not there yet is made. */
function placeOf(lists: Watchlist[], name: string): number {
  const at = lists.findIndex((one) => same(one.name, name));
  if (at >= 0) return at;
  if (lists.length >= MAX_LISTS) throw new UserError('bad-input', `There can be at most ${MAX_LISTS} lists. Delete some first.`);
  return lists.push({ id: newListId({ lists }), name, assets: [], seeded: [], items: [] }) - 1;
}

function lookOf(looks: Map<string, ListLook['lists'][number]>, { id, name }: Watchlist, isNew: boolean): ListLook['lists'][number] {
  const found = looks.get(id) ?? { id, name, isNew, adds: 0, known: 0, sections: [] };
  looks.set(id, found);
  return found;
}

function underHeading(groups: readonly Group[], id: string, section: string | null): Group[] {
  const at = groups.findIndex(({ name }) => (section === null ? name === null : name !== null && same(name, section)));
  if (at < 0) return [...groups, { name: section, items: [id] }];
  return groups.map((group, i) => (i === at ? { ...group, items: [...group.items, id] } : group));
}

/** "watchlists/Alts_2026.txt" names a list "Alts_2026". */
function stemOf(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const dot = base.lastIndexOf('.');
  return (dot > 0 ? base.slice(0, dot) : base).trim().slice(0, 60) || 'Imported';
}
