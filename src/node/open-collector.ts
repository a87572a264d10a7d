import { type Collect, createCollect } from '#core/collect/collect.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { createEvents, type Events } from '#core/events.ts';
import { preferenceFields, type Preferences } from '#bridge/settings.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { PreferencesStore } from '#core/ports.ts';
import type { Venue } from '#core/venue.ts';
import { newCanceller } from './canceller.ts';
import { createClock } from './clock.ts';
import { dataPaths } from './data-dir.ts';
import { startDemoMarket } from './demo/market.ts';
import { messageOf } from './history/errors.ts';
import { openHistory } from './history/open.ts';
import { createHttp, LOOPBACK_ONLY } from './http.ts';
import { acquireLock, COLLECTOR } from './lock.ts';
import { type FileLog, openLog } from './log.ts';
import { readWanted, type Wanted } from './person/read-wanted.ts';
import { checkEach } from './settings-fields.ts';
import { readSettingsFile, settingsPath } from './settings-files.ts';
import { openSpendingFile } from './spending-file.ts';
import { withNewVenues } from './venue-settings.ts';
import { venueUrlsFromEnv } from './venue-urls.ts';
import { createVenues } from './venues/index.ts';
import { inWorkers } from './venues/worker/in-worker.ts';

export interface OpenCollectorOptions {
  /** Absolute; the demo lives in a folder inside it. */
  readonly dataDir: string;
  readonly demo: { readonly speed: number; readonly seed: number } | null;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Venues that are asked, whatever the settings say; null: as those say. */
  readonly only: readonly string[] | null;
  /** What is watched of all that is known and wanted; asked again every few seconds. */
  readonly choose: (wanted: Wanted, collect: Collect) => ReadonlySet<InstrumentId>;
  /** Other exchanges than the registered ones. */
  readonly venues?: readonly Venue[];
}

/** Collecting alone: the market's file is written, the person's files are only read. */
export interface Collector {
  readonly collect: Collect;
  readonly events: Events;
  readonly log: FileLog;
  readonly dataDir: string;
  /** Begins to ask. */
  start(): Promise<void>;
  /** Resolves when everything is on disk and the lock is free; rejects where what was collected could not be written. Safe to call twice. */
  close(): Promise<void>;
}

const LOOK_EVERY_BEATS = 5;

/** Throws LockedError where another process writes the history of the folder, HistoryError where it must not be touched. */
export async function openCollector(options: OpenCollectorOptions): Promise<Collector> {
  const { demo, env } = options;
  const apart = options.venues === undefined ? inWorkers(createVenues()) : [];
  const venues = options.venues ?? apart;
  const venueIds = venues.map(({ id }) => id);
  const envUrls = venueUrlsFromEnv(env, venueIds);
  const paths = dataPaths(options.dataDir, demo !== null);
  const lock = acquireLock(paths.dir, { shell: COLLECTOR, version: options.version });
  const log = openLog({ dir: paths.logs, name: 'collector.log' });
  const closers: (() => Promise<void> | void)[] = [() => lock.release(), () => log.close()];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= closeAll(closers));

  try {
    log.write('info', 'app', 'starting', { version: options.version, shell: COLLECTOR, demo, dataDir: paths.dir, node: process.version });
    let clock = createClock({ speed: demo?.speed ?? 1, startAt: demo === null ? null : Date.now() });
    const store = await openHistory({ file: paths.database, demo: demo !== null, now: () => clock.now(), log, mine: () => lock.keep() });
    closers.push(() => store.close());
    if (demo !== null) {
      const newest = (await store.latest()).reduce((at, { observedAt }) => Math.max(at, observedAt), 0);
      clock = createClock({ speed: demo.speed, startAt: Math.max(clock.now(), newest) });
    }
    const market = demo === null ? null : await startDemoMarket({ clock, seed: demo.seed, log });
    if (market !== null) closers.push(() => market.close());

    const events = createEvents(log);
    const collect = createCollect(
      {
        clock,
        store,
        log,
        newCanceller,
        http: createHttp(demo !== null || env[LOOPBACK_ONLY] === '1' ? 'loopback' : 'anywhere'),
        spending: openSpendingFile(paths.spending, log),
        settings: readPreferences(paths.dir, defaultSettings(venues), options.only),
        random: Math.random,
      },
      events,
      { venues, venueUrls: market?.urls ?? envUrls },
    );
    closers.push(async () => {
      // Side by side: collecting waits for what it asked, and a reader may be at an answer without end.
      await Promise.all([collect.stop(), ...apart.map((venue) => venue.close())]);
    });

    let wanted: Wanted = { lists: [], others: [] };
    let watched = '';
    const watch = (): void => {
      try {
        wanted = readWanted(paths.person, paths.dir);
      } catch (error) {
        // The terminal may be writing it anew; what was wanted before holds on.
        log.write('warn', 'person', `what the person follows could not be read: ${messageOf(error)}`);
      }
      const ids = options.choose(wanted, collect);
      const now = [...ids].sort().join(' ');
      if (now === watched) return;
      watched = now;
      collect.watch({ ids, also: [], first: new Set() });
    };
    let beats = 0;
    events.on('beat', () => {
      if (++beats % LOOK_EVERY_BEATS === 0) watch();
    });
    events.on('polled', watch);
    return {
      collect,
      events,
      log,
      dataDir: paths.dir,
      async start() {
        await collect.load();
        watch();
        collect.start();
      },
      close,
    };
  } catch (error) {
    log.write('error', 'app', 'could not start', { error });
    await close();
    throw error;
  }
}

/** Last opened, first closed; each is closed even where one fails, and the first failure is thrown. */
async function closeAll(closers: readonly (() => Promise<void> | void)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const closer of closers.toReversed()) {
    try {
      await closer();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** settings.json as it is now; a collector changes nothing of it. */
function readPreferences(dataDir: string, defaults: Preferences, only: readonly string[] | null): PreferencesStore {
  const read = readSettingsFile(settingsPath(dataDir));
  const data = read.kind === 'whole' ? read.data : {};
  const { values, faults } = checkEach<Preferences>(preferenceFields, data, defaults, 'setting');
  const venues = Object.fromEntries(
    Object.entries(withNewVenues(values.venues, defaults.venues)).map(([id, one]) => [
      id,
      { ...one, enabled: only === null ? one.enabled : only.includes(id) },
    ]),
  );
  const notices = read.kind === 'broken' ? [`The settings file could not be read: ${read.why}. Defaults are used.`, ...faults] : faults;
  const current = { ...values, venues };
  return { current, notices, update: () => current, flush: () => Promise.resolve() };
}
