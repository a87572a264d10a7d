import { UserError } from '#bridge/errors.ts';
import { type Instrument, type InstrumentId, venueOf } from '#domain/instrument.ts';
import type { Collect } from './collect/collect.ts';
import type { Events } from './events.ts';
import { isListed } from './listings.ts';
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
  /** One of them shows everything that is listed. */
  readonly scans: () => boolean;
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

const sameIds = (a: ReadonlySet<InstrumentId>, b: ReadonlySet<InstrumentId>): boolean =>
  a.size === b.size && [...a].every((id) => b.has(id));
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function createFollowing({ events, settings, collect, selected, scans, others }: FollowingOptions): Following {
  const { listings } = collect;
  let followed: ReadonlySet<InstrumentId> = new Set();
  let scanned: ReadonlySet<InstrumentId> = new Set();
  let opened: readonly InstrumentId[] = [];

  const watch = (): void => collect.watch({ ids: followed, also: opened, first: selected(), plan: new Set() });

  /** What the venues that are on list and no list of the person's holds, where a window shows everything. */
  function scan(): ReadonlySet<InstrumentId> {
    if (!scans()) return new Set();
    const isOn = (id: InstrumentId): boolean => settings.current.venues[venueOf(id)]?.enabled === true;
    const all = [...listings.all()].filter((one) => one.snapshot !== null && isListed(one) && isOn(one.instrument.id));
    return new Set(all.map(({ instrument }) => instrument.id).filter((id) => !followed.has(id)));
  }
  function follow(atStart: boolean): void {
    const [before, beforeScanned] = [followed, scanned];
    const ids = watchedIds(settings.current);
    for (const id of [...selected(), ...others()]) ids.add(id);
    followed = ids;
    scanned = scan();
    const fresh = [...ids, ...scanned].filter((id) => !before.has(id) && !beforeScanned.has(id));
    events.emit('followed', { ids, scanned, fresh, atStart });
    watch();
  }
  function change(apply: (old: Settings) => Settings): Settings {
    const before = settings.current;
    const next = settings.update(apply);
    if (!same(before, next)) events.emit('settings', { before, next });
    return next;
  }

  events.on('settings', ({ before, next }) => {
    const isScan = scans() && !same(next.venues, before.venues);
    if (isScan || !same(next.lists, before.lists) || !same(next.alerts, before.alerts)) follow(false);
  });
  events.on('polled', ({ venue, whole }) => {
    if (!whole) return;
    const listed = [...listings.ofVenue(venue)].filter(({ missing }) => missing === 0).map(({ instrument }) => instrument);
    const seeded = seedLists(settings.current, venue, listed, collect.venues, collect.instrument);
    if (seeded !== settings.current) change(() => seeded);
    // New and delisted instruments; where the lists changed with them, that has been done.
    else if (scans() && !sameIds(scan(), scanned)) follow(false);
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
