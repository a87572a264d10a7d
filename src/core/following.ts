import { UserError } from '#bridge/errors.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { Collect } from './collect/collect.ts';
import type { Events } from './events.ts';
import type { SettingsStore } from './ports/preferences.ts';
import type { Settings } from './settings.ts';
import { seedLists, watchedIds } from './watchlists.ts';

/** Instruments of no list whose charts were opened last; their history is kept up too. */
const MAX_OPENED = 20;

export interface FollowingOptions {
  readonly events: Events;
  readonly settings: SettingsStore;
  readonly collect: Pick<Collect, 'listings' | 'venues' | 'instrument' | 'watch'>;
  /** Instruments that open windows look at: their history goes first. */
  readonly selected: () => ReadonlySet<InstrumentId>;
  /** Others that are followed without a list: of open positions, of alerts on one. */
  readonly others: () => Iterable<InstrumentId>;
}

/** Which instruments have a row, by the person's lists, alerts and positions and by what open windows look at; and the settings that say so. */
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

export function createFollowing({ events, settings, collect, selected, others }: FollowingOptions): Following {
  const { listings } = collect;
  let followed: ReadonlySet<InstrumentId> = new Set();
  let opened: readonly InstrumentId[] = [];

  const watch = (): void => collect.watch({ ids: followed, also: opened, first: selected(), plan: new Set() });

  function follow(atStart: boolean): void {
    const ids = watchedIds(settings.current);
    for (const id of [...selected(), ...others()]) ids.add(id);
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

  events.on('settings', ({ before, next }) => {
    if (!same(next.lists, before.lists) || !same(next.alerts, before.alerts)) follow(false);
  });
  events.on('polled', ({ venue, whole }) => {
    if (!whole) return;
    const listed = [...listings.ofVenue(venue)].filter(({ missing }) => missing === 0).map(({ instrument }) => instrument);
    const seeded = seedLists(settings.current, venue, listed, collect.venues, collect.instrument);
    if (seeded !== settings.current) change(() => seeded);
  });
  events.on('viewed', ({ selected: isOther }) => {
    if (isOther) follow(false);
  });

  return {
    change,
    follow,
    open(id) {
      if (followed.has(id) || opened.includes(id)) return;
      opened = [...opened, id].slice(-MAX_OPENED);
      watch();
    },
    instrument(id) {
      if (listings.get(id) === null && !followed.has(id)) throw new UserError('not-found', `No venue lists ${id}.`);
      return collect.instrument(id);
    },
  };
}
