import { UserError } from '#bridge/errors.ts';
import { MOST_LAYOUTS, type NamedLayout } from '#bridge/layout.ts';
import { type LookedAt, SETUP_BLOCKS, type SetupBlock, type SetupFile, setupFile, type SetupValue as Value } from '#bridge/setup.ts';
import type { Workspace } from '#bridge/workspace.ts';
import { groupsOf } from '#domain/sections.ts';
import type { AlertRule, Settings, VenueSettings, Watchlist } from './settings.ts';
import { MAX_ITEMS, MAX_LISTS as MOST_LISTS, regrouped } from './watchlists.ts';

const NAMES = Object.keys(SETUP_BLOCKS) as SetupBlock[];
const MOST_ALERTS = 100;

/**
 * What a person has arranged, as a file; `others`: blocks of another version that a file brought before, as they were. `wanted`: of
 * this version's blocks these alone.
 */
export function setupOf(
  settings: Settings,
  layout: Workspace,
  others: SetupFile['blocks'] = {},
  wanted?: readonly SetupBlock[],
): SetupFile {
  const { lists, thresholds, ownThresholds, alerts, unit, zone, theme, colours, density, numberFormat, notify, alertManners, calculators } =
    settings;
  const values: { [N in SetupBlock]: Value<N> } = {
    lists,
    thresholds: { all: thresholds, own: ownThresholds },
    alerts,
    layout,
    screen: { unit, zone, theme, colours, density, numberFormat, notify, alertManners },
    calculators,
    venues: Object.fromEntries(Object.entries(settings.venues).map(([id, venue]) => [id, withoutProxy(venue)])),
  };
  const own = Object.fromEntries((wanted ?? NAMES).map((name) => [name, { version: SETUP_BLOCKS[name].version, value: values[name] }]));
  return { perpscope: 'setup', blocks: wanted === undefined ? { ...others, ...own } : own };
}

function withoutProxy(venue: VenueSettings): Value<'venues'>[string] {
  const { proxy, ...rest } = venue;
  return proxy === undefined ? venue : rest;
}

/** Throws UserError that says what the text is not. */
export function readSetup(text: string): SetupFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError('bad-input', 'This is no file of a setup: it is not JSON. Choose one that Perpscope saved.');
  }
  const file = setupFile.safeParse(json);
  if (!file.success) throw new UserError('bad-input', 'This is JSON, but no file of a setup. Choose one that Perpscope saved.');
  return file.data;
}

const isKnown = (name: string): name is SetupBlock => Object.hasOwn(SETUP_BLOCKS, name);
const isOwn = (name: string, { version }: SetupFile['blocks'][string]): boolean => isKnown(name) && version <= SETUP_BLOCKS[name].version;

/** Blocks that this version does not know, or not in that version: they are kept as they are. */
export const otherBlocks = ({ blocks }: SetupFile): SetupFile['blocks'] =>
  Object.fromEntries(Object.entries(blocks).filter(([name, block]) => !isOwn(name, block)));

function valueOf<N extends SetupBlock>({ blocks }: SetupFile, name: N): Value<N> | null {
  const block = blocks[name];
  if (block === undefined || !isOwn(name, block)) return null;
  const parsed = SETUP_BLOCKS[name].value.safeParse(block.value);
  // The schema is that of the name.
  return parsed.success ? (parsed.data as Value<N>) : null;
}

/** What each block would bring, before anything is taken. */
export function lookAt(file: SetupFile): LookedAt[] {
  return Object.entries(file.blocks).map(([name, block]): LookedAt => {
    if (!isKnown(name))
      return { name, title: name, says: 'This version does not know it. It is kept, and written into the next file.', usable: false };
    const { title, version } = SETUP_BLOCKS[name];
    if (block.version > version)
      return { name, title, says: 'A newer Perpscope wrote it. It is kept, and written into the next file.', usable: false };
    const parsed = SETUP_BLOCKS[name].value.safeParse(block.value);
    if (parsed.success) return { name, title, says: saysOf(file, name), usable: true };
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    return {
      name,
      title,
      says: `It cannot be used${where === '' ? '' : `: ${where} is not what it should be`}. The other blocks can.`,
      usable: false,
    };
  });
}

function saysOf(file: SetupFile, name: SetupBlock): string {
  if (name === 'lists') {
    const lists = valueOf(file, 'lists') ?? [];
    return `${count(lists.length, 'list')} with ${count(new Set(lists.flatMap(({ items }) => items)).size, 'instrument')}. Lists of the same name are joined; nothing is taken out of one.`;
  }
  if (name === 'alerts')
    return `${count(valueOf(file, 'alerts')?.length ?? 0, 'alert')}, beside those that are here. Each tells from now on.`;
  if (name === 'thresholds') return 'In the place of the thresholds that are here.';
  if (name === 'layout') {
    const { length } = valueOf(file, 'layout')?.layouts ?? [];
    return `In the place of what this window shows${length === 0 ? '' : `, and ${count(length, 'named layout')} beside those that are here`}.`;
  }
  if (name === 'venues') return 'Which venues are asked, how often and where. Proxies and passwords stay as they are.';
  return 'In the place of what is set here.';
}

const count = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;

export interface Taken {
  readonly settings: Settings;
  /** Null: the window keeps what it shows. */
  readonly layout: Workspace | null;
}

/** What is after the blocks were taken. Throws UserError where one of them cannot be. `now`: alerts tell of what enters from then on. */
export function takeSetup(file: SetupFile, names: readonly string[], settings: Settings, now: number): Taken {
  for (const name of names)
    if (!isKnown(name) || valueOf(file, name) === null)
      throw new UserError('bad-input', `The block ${name} of this file cannot be used. Leave it out.`);
  const wants = <N extends SetupBlock>(name: N): Value<N> | null => (names.includes(name) ? valueOf(file, name) : null);
  const there = valueOf(file, 'lists') ?? [];
  const { lists, idOf } = joinLists(settings.lists, there, wants('lists') !== null);
  const [thresholds, alerts, layout, screen, calculators, venues] = [
    wants('thresholds'),
    wants('alerts'),
    wants('layout'),
    wants('screen'),
    wants('calculators'),
    wants('venues'),
  ];
  return {
    settings: {
      ...settings,
      lists,
      ...(thresholds && { thresholds: thresholds.all, ownThresholds: thresholds.own }),
      ...(alerts && { alerts: joinAlerts(settings.alerts, alerts, idOf, now) }),
      ...screen,
      alertManners: screen?.alertManners ?? settings.alertManners,
      colours: screen?.colours ?? settings.colours,
      numberFormat: screen?.numberFormat ?? settings.numberFormat,
      ...(calculators && { calculators }),
      ...(venues && {
        venues: Object.fromEntries(Object.entries(settings.venues).map(([id, before]) => [id, { ...before, ...venues[id] }])),
      }),
    },
    layout: layout && { ...layout, list: idOf(layout.list) ?? '' },
  };
}

/** Lists of one name (but for its case) are one; `idOf`: of a list of the file, the id that it has here. */
function joinLists(here: readonly Watchlist[], there: readonly Watchlist[], isTaken: boolean) {
  const lists = [...here];
  const ids = new Map<string, string>();
  for (const list of there) {
    const at = lists.findIndex(({ name }) => name.toLowerCase() === list.name.toLowerCase());
    const found = lists[at];
    if (found !== undefined) {
      ids.set(list.id, found.id);
      if (isTaken) lists[at] = joined(found, list);
      continue;
    }
    if (!isTaken) continue;
    if (lists.length >= MOST_LISTS) throw new UserError('bad-input', `There can be at most ${MOST_LISTS} lists. Delete some first.`);
    const id = freeId(
      lists.map((one) => one.id),
      list.id,
    );
    ids.set(list.id, id);
    lists.push({ ...list, id });
  }
  return { lists, idOf: (id: string): string | null => ids.get(id) ?? null };
}

/** What the other list holds comes behind what is here, under the heading of its name. */
function joined(here: Watchlist, there: Watchlist): Watchlist {
  let groups = groupsOf(here);
  for (const { name, items } of groupsOf(there)) {
    const known = new Set(groups.flatMap((group) => group.items));
    const fresh = items.filter((id) => !known.has(id)).slice(0, Math.max(0, MAX_ITEMS - known.size));
    const at = groups.findIndex((group) => group.name?.toLowerCase() === name?.toLowerCase());
    groups =
      at < 0
        ? [...groups, { name, items: fresh }]
        : groups.map((group, i) => (i === at ? { ...group, items: [...group.items, ...fresh] } : group));
  }
  return regrouped(here, groups);
}

/** Named layouts of a file stand in the place of those of the same name (but for its case), and behind the others. */
export function joinLayouts(here: readonly NamedLayout[], there: readonly NamedLayout[]): NamedLayout[] {
  const layouts = [...here];
  for (const layout of there) {
    const at = layouts.findIndex(({ name }) => name.toLowerCase() === layout.name.toLowerCase());
    const found = layouts[at];
    if (found !== undefined) layouts[at] = { ...layout, id: found.id };
    else {
      if (layouts.length >= MOST_LAYOUTS)
        throw new UserError('bad-input', `A window has at most ${MOST_LAYOUTS} named layouts. Delete some first.`);
      const ids = layouts.map(({ id }) => id);
      layouts.push({ ...layout, id: freeId(ids, layout.id) });
    }
  }
  return layouts;
}

function joinAlerts(
  here: readonly AlertRule[],
  there: readonly AlertRule[],
  idOf: (list: string) => string | null,
  now: number,
): AlertRule[] {
  const question = ({ name, on, conditions, k, tells }: AlertRule): string => JSON.stringify([name, on, conditions, k, tells ?? null]);
  const known = new Set(here.map(question));
  const alerts = [...here];
  for (const rule of there) {
    const list = 'list' in rule.on ? rule.on.list : rule.on.among;
    const id = list === null ? null : idOf(list);
    if (list !== null && id === null)
      throw new UserError('bad-input', `The alert “${rule.name}” is on a list that is not here. Take the watchlists of the file too.`);
    const on = 'list' in rule.on ? { list: id ?? '' } : { ...rule.on, among: id };
    const taken: AlertRule = { ...rule, on, since: now };
    if (known.has(question(taken))) continue;
    if (alerts.length >= MOST_ALERTS) throw new UserError('bad-input', `At most ${MOST_ALERTS} alerts are kept. Delete some first.`);
    alerts.push({
      ...taken,
      id: freeId(
        alerts.map((one) => one.id),
        rule.id,
      ),
    });
  }
  return alerts;
}

function freeId(taken: readonly string[], wished: string): string {
  let id = wished;
  for (let n = 2; taken.includes(id); n++) id = `${wished.slice(0, 34)}-${n}`;
  return id;
}
