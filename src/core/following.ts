import { UserError } from '#bridge/errors.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { Collect } from './collect/collect.ts';
import type { Events } from './events.ts';
import type { Clock, SettingsStore } from './ports.ts';
import type { Settings } from './settings.ts';
import { seedLists, watchedIds } from './watchlists.ts';

/** Instruments of no list whose charts were opened last; their history is kept up too. */
const MAX_OPENED = 20;
/** How long the first rows wait for slower venues before one is selected (real ms). */
const SELECT_WAIT_MS = 3_000;

export interface FollowingOptions {
  readonly clock: Clock;
  readonly events: Events;
  readonly settings: SettingsStore;
  readonly collect: Pick<Collect, 'market' | 'venues' | 'feeds' | 'instrument' | 'watch'>;
  /** Instruments that are followed without a list: of open windows, of open positions, of alerts on one. */
  readonly others: () => Iterable<InstrumentId>;
}

/** Which instruments have a row, by the person's lists, selection, alerts and positions; and the settings that say so. */
export interface Following {
  readonly change: (change: (settings: Settings) => Settings) => Settings;
  /** What is to be followed may be another now. `atStart`: the app has just been started. */
  readonly follow: (atStart: boolean) => void;
  /** Its history is wanted although no list holds it. */
  readonly open: (id: InstrumentId) => void;
  /** Throws UserError 'not-found' for one that no venue lists and no list holds. */
  readonly instrument: (id: InstrumentId) => Instrument;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function createFollowing({ clock, events, settings, collect, others }: FollowingOptions): Following {
  const { market, feeds } = collect;
  let followed: ReadonlySet<InstrumentId> = new Set();
  let opened: readonly InstrumentId[] = [];
  let firstRowsAt: number | null = null;

  const watch = (): void => collect.watch({ ids: followed, also: opened, first: settings.current.selected });

  function follow(atStart: boolean): void {
    const { selected } = settings.current;
    const ids = watchedIds(settings.current);
    if (selected !== null) ids.add(selected);
    for (const id of others()) ids.add(id);
    const fresh = [...ids].filter((id) => !followed.has(id));
    followed = ids;
    events.emit('followed', { ids, fresh, atStart });
    watch();
  }
  function change(apply: (old: Settings) => Settings): Settings {
    const before = settings.current;
    const next = settings.update(apply);
    if (!same(before, next)) events.emit('settings', { before, next });
    return next;
  }

  /** At first start the first row is selected, once the venues had their chance to put theirs first. */
  function ensureSelected(): void {
    const { selected, lists, activeList } = settings.current;
    if (selected !== null) return;
    const active = lists.find((list) => list.id === activeList);
    const first = active?.items[0] ?? lists.find((list) => list.items.length > 0)?.items[0];
    if (first === undefined) return;
    firstRowsAt ??= clock.monotonic();
    const waited = clock.monotonic() - firstRowsAt >= SELECT_WAIT_MS * clock.speed;
    if (waited || [...feeds.values()].every((feed) => feed.heard())) change((old) => ({ ...old, selected: first }));
  }

  events.on('settings', ({ before, next }) => {
    const rearranged = !same(next.lists, before.lists) || !same(next.alerts, before.alerts);
    if (rearranged || next.selected !== before.selected) follow(false);
  });
  events.on('polled', ({ venue, whole }) => {
    if (whole) {
      const listed = [...market.ofVenue(venue)].filter(({ missing }) => missing === 0).map(({ instrument }) => instrument);
      const seeded = seedLists(settings.current, venue, listed, collect.venues, collect.instrument);
      if (seeded !== settings.current) change(() => seeded);
    }
    ensureSelected();
  });
  events.on('viewed', ({ selected }) => {
    if (selected) follow(false);
  });
  events.on('beat', ensureSelected);

  return {
    change,
    follow,
    open(id) {
      if (followed.has(id) || opened.includes(id)) return;
      opened = [...opened, id].slice(-MAX_OPENED);
      watch();
    },
    instrument(id) {
      if (market.get(id) === null && !followed.has(id)) throw new UserError('not-found', `No venue lists ${id}.`);
      return collect.instrument(id);
    },
  };
}
