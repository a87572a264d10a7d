import { UserError } from '#bridge/errors.ts';
import { usdPar } from '#domain/amounts.ts';
import type { Instrument, InstrumentId, VenueId } from '#domain/instrument.ts';
import { type Group, groupsOf, listOfGroups, moved, reflowed, type Section, without } from '#domain/sections.ts';
import type { Settings, SignalParams, Watchlist } from './settings.ts';

export const MAX_LISTS = 50;
export const MAX_ITEMS = 1000;

export const watchedIds = (settings: Pick<Settings, 'lists'>): Set<InstrumentId> => new Set(settings.lists.flatMap((list) => list.items));

function withList(settings: Settings, id: string, change: (list: Watchlist) => Watchlist): Settings {
  if (!settings.lists.some((list) => list.id === id)) throw new UserError('not-found', 'That list does not exist any more.');
  return { ...settings, lists: settings.lists.map((list) => (list.id === id ? change(list) : list)) };
}

export const addItem = (settings: Settings, list: string, instrument: InstrumentId): Settings =>
  withList(settings, list, (old) => {
    if (old.items.includes(instrument)) return old;
    if (old.items.length >= MAX_ITEMS) throw new UserError('bad-input', `A list holds at most ${MAX_ITEMS} instruments.`);
    return { ...old, items: [...old.items, instrument] };
  });

/** The list with other instruments or headings; without headings it has no field of them. */
export const regrouped = ({ id, name, assets, seeded }: Watchlist, groups: readonly Group[]): Watchlist => ({
  ...{ id, name, assets, seeded },
  ...listOfGroups(groups),
});

export const removeItem = (settings: Settings, list: string, instrument: InstrumentId): Settings =>
  withList(settings, list, (old) => regrouped(old, without(old, instrument)));

/** `section`: under which of its headings, from 1 on (0: before the first); absent: where the place itself says it. */
export const moveItem = (settings: Settings, list: string, instrument: InstrumentId, to: number, section?: number): Settings =>
  withList(settings, list, (old) => {
    if (!old.items.includes(instrument)) throw new UserError('not-found', 'That instrument is not in the list any more.');
    return regrouped(old, moved(old, instrument, to, section));
  });

/** Other headings over the same instruments. */
export const divideList = (settings: Settings, list: string, sections: readonly Section[]): Settings =>
  withList(settings, list, (old) => regrouped(old, groupsOf({ items: old.items, sections: sections.toSorted((a, b) => a.from - b.from) })));

/** Lists with other instruments and headings. */
export const arrangeLists = (
  settings: Settings,
  lists: readonly { readonly list: string; readonly items: readonly InstrumentId[]; readonly sections?: readonly Section[] | undefined }[],
): Settings =>
  lists.reduce(
    (all, { list, items, sections }) =>
      withList(all, list, (old) => regrouped(old, groupsOf({ items, sections: sections?.toSorted((a, b) => a.from - b.from) }))),
    settings,
  );

function checkName(settings: Settings, name: string, except: string | null): void {
  const same = (list: Watchlist): boolean => list.id !== except && list.name.toLowerCase() === name.toLowerCase();
  if (settings.lists.some(same)) throw new UserError('bad-input', `There is a list called “${name}” already.`);
}

export function createList(settings: Settings, name: string): Settings {
  checkName(settings, name, null);
  if (settings.lists.length >= MAX_LISTS) throw new UserError('bad-input', `There can be at most ${MAX_LISTS} lists.`);
  return { ...settings, lists: [...settings.lists, { id: newListId(settings), name, assets: [], seeded: [], items: [] }] };
}

export function newListId({ lists }: Pick<Settings, 'lists'>): string {
  let number = lists.length + 1;
  while (lists.some((list) => list.id === `list-${number}`)) number++;
  return `list-${number}`;
}

export function renameList(settings: Settings, list: string, name: string): Settings {
  checkName(settings, name, list);
  return withList(settings, list, (old) => ({ ...old, name }));
}

export function deleteList(settings: Settings, list: string): Settings {
  const lists = withList(settings, list, (old) => old).lists.filter((one) => one.id !== list);
  if (lists.length === 0) throw new UserError('bad-input', 'The last list cannot be deleted.');
  return { ...settings, lists };
}

/** Puts a deleted list back in its place, with its id: alerts on it tell again. */
export function restoreList(settings: Settings, list: Watchlist, at: number): Settings {
  if (settings.lists.some(({ id }) => id === list.id)) throw new UserError('bad-input', `“${list.name}” is there already.`);
  checkName(settings, list.name, null);
  if (settings.lists.length >= MAX_LISTS) throw new UserError('bad-input', `There can be at most ${MAX_LISTS} lists.`);
  return { ...settings, lists: settings.lists.toSpliced(at, 0, list) };
}

/**
 * The one instrument of an asset that a preset takes of a venue, so that the list stays readable: one that settles in USDT, else
 * in USDC, else in USD or another stablecoin, else an inverse one, so that a market of such contracts alone fills the list like
 * any other. Of several the one with the shortest name, then the first by name.
 */
function presetInstrument(asset: string, listed: readonly Instrument[]): Instrument | null {
  const ofAsset = listed.filter((one) => one.asset === asset);
  const settledIn = (coin: string): Instrument[] => ofAsset.filter(({ settle }) => settle === coin);
  const inDollars = ofAsset.filter(({ contract, settle }) => contract === 'linear' && usdPar(settle) !== null);
  const kinds = [settledIn('USDT'), settledIn('USDC'), inDollars, ofAsset.filter(({ contract }) => contract === 'inverse')];
  const some = kinds.find((kind) => kind.length > 0) ?? [];
  const [first] = some.toSorted((a, b) => a.symbol.length - b.symbol.length || (a.symbol < b.symbol ? -1 : 1));
  return first ?? null;
}

/** Puts an instrument behind those of its asset, else before the first of a later asset; the person's own order stays. */
function insert(items: readonly Instrument[], fresh: Instrument, assets: readonly string[], venues: readonly VenueId[]): Instrument[] {
  const rank = ({ asset, venue }: Instrument): number => assets.indexOf(asset) * 1000 + venues.indexOf(venue);
  const inPreset = (one: Instrument): boolean => assets.includes(one.asset);
  const before = items.findIndex((one) => inPreset(one) && one.asset === fresh.asset && rank(one) > rank(fresh));
  if (before >= 0) return items.toSpliced(before, 0, fresh);
  const behind = items.findLastIndex((one) => one.asset === fresh.asset);
  if (behind >= 0) return items.toSpliced(behind + 1, 0, fresh);
  const next = items.findIndex((one) => inPreset(one) && rank(one) > rank(fresh));
  return next < 0 ? [...items, fresh] : items.toSpliced(next, 0, fresh);
}

/**
 * Fills the preset lists with what a venue lists, once per venue: grouped by asset in the preset's order, then by venue. A venue of
 * whose answer no asset of a list could be read is looked at again.
 * `known` turns an id of a list into its instrument; an unknown one keeps its place.
 */
export function seedLists(
  settings: Settings,
  venue: VenueId,
  listed: readonly Instrument[],
  venues: readonly VenueId[],
  known: (id: InstrumentId) => Instrument,
): Settings {
  if (settings.lists.every((list) => list.assets.length === 0 || list.seeded.includes(venue))) return settings;
  const lists = settings.lists.map((list) => {
    if (list.assets.length === 0 || list.seeded.includes(venue)) return list;
    const found = list.assets.flatMap((asset) => presetInstrument(asset, listed) ?? []);
    if (found.length === 0) return list;
    let items = list.items.map(known);
    for (const fresh of found) {
      if (items.length < MAX_ITEMS && !list.items.includes(fresh.id)) items = insert(items, fresh, list.assets, venues);
    }
    const ids = items.map(({ id }) => id);
    const sections = reflowed(list, ids);
    return { ...list, seeded: [...list.seeded, venue], items: ids, ...(sections && { sections }) };
  });
  return lists.every((list, i) => list === settings.lists[i]) ? settings : { ...settings, lists };
}

export function effectiveParams(
  { thresholds, ownThresholds }: Pick<Settings, 'thresholds' | 'ownThresholds'>,
  id: InstrumentId,
): SignalParams {
  const own = ownThresholds[id] ?? {};
  return { theta: own.theta ?? thresholds.theta, k: own.k ?? thresholds.k, n: own.n ?? thresholds.n };
}

export type ThresholdChange = { readonly [K in keyof SignalParams]?: SignalParams[K] | null | undefined };

const FIELDS = ['theta', 'k', 'n'] as const;

/** Which of the three are the instrument's own. */
export const ownFields = ({ ownThresholds }: Pick<Settings, 'ownThresholds'>, id: InstrumentId): (keyof SignalParams)[] =>
  FIELDS.filter((field) => ownThresholds[id]?.[field] !== undefined);

/** Global thresholds (null goes back to the default) or an instrument's own (null goes back to the global ones). */
export function changeThresholds(settings: Settings, id: InstrumentId | null, change: ThresholdChange, defaults: SignalParams): Settings {
  const before = id === null ? settings.thresholds : (settings.ownThresholds[id] ?? {});
  const merged: { -readonly [K in keyof SignalParams]?: SignalParams[K] } = {};
  for (const field of FIELDS) {
    const value = change[field] === undefined ? before[field] : change[field];
    if (value !== null && value !== undefined) merged[field] = value;
  }
  if (id === null) return { ...settings, thresholds: { ...defaults, ...merged } };
  const others = Object.entries(settings.ownThresholds).filter(([other]) => other !== id);
  const ownThresholds = Object.fromEntries(Object.keys(merged).length === 0 ? others : [...others, [id, merged]]);
  return { ...settings, ownThresholds };
}
