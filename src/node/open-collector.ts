import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Collect, createCollect } from '#core/collect/collect.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { createEvents, type Events } from '#core/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import type { TellingRole } from '#core/ports/telling-role.ts';
import { createTellingAlone } from '#core/telling-alone.ts';
import type { Venue } from '#core/venue.ts';
import { newCanceller } from './canceller.ts';
import { finishBesidePerson } from './backup/at-start.ts';
import { createClock } from './clock.ts';
import { dataPaths } from './data-dir.ts';
import { keepHeapsSmall } from './heap.ts';
import { startMarketBeside } from './demo/start-market.ts';
import { messageOf } from './history/errors.ts';
import { openHistory } from './history/open.ts';
import { followPreferences, stampOf } from './followed-preferences.ts';
import { createHttp, LOOPBACK_ONLY } from './http.ts';
import { acquireLock, COLLECTOR } from './lock.ts';
import { type FileLog, openLog } from './log.ts';
import { envProxies } from './proxy/env-proxies.ts';
import { openPasswords } from './proxy/passwords-file.ts';
import { readWanted, type Wanted } from './person/read-wanted.ts';
import { openTellerPerson } from './person/teller-person.ts';
import { openSpendingFile } from './spending-file.ts';
import { openTellingRole } from './telling-role.ts';
import { venuesOfHistory } from './venue-settings.ts';
import { venueUrlsFromEnv } from './venue-urls.ts';
import { allVenues, createDroppedVenues, createVenues } from './venues/index.ts';
import { inWorkers } from './venues/worker/in-worker.ts';
import { openWebhookSecret, WEBHOOK_SECRET } from './webhook-secret.ts';

export interface OpenCollectorOptions {
  /** Absolute; the demo lives in a folder inside it. */
  readonly dataDir: string;
  readonly demo: { readonly speed: number; readonly seed: number } | null;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Venues that are asked, whatever the settings say; null: as those say. */
  readonly only: readonly string[] | null;
  /** Venues that are asked too where the settings have them off. */
  readonly also?: readonly string[];
  /** It tells what enters too, and posts it to the webhook. */
  readonly alerts?: boolean;
  /** What is watched of all that is known and wanted; asked again every few seconds. */
  readonly choose: (wanted: Wanted, collect: Collect) => ReadonlySet<InstrumentId>;
  /** Other exchanges than the registered ones. */
  readonly venues?: readonly Venue[];
  /** Where it records instead of into the folder, and which of those that record there tells. */
  readonly shared?: { readonly store: HistoryStore; readonly role: TellingRole };
}

/** Collecting alone: the market's file is written, the person's files are only read, but for what it tells. */
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

const CHECK_EVERY_TICKS = 5;

/** Throws LockedError where another process writes the history of the folder, HistoryError where it must not be touched. */
export async function openCollector(options: OpenCollectorOptions): Promise<Collector> {
  keepHeapsSmall();
  const { demo, env } = options;
  const apart = options.venues === undefined ? inWorkers(demo === null ? allVenues() : createVenues()) : [];
  let venues: readonly Venue[] = options.venues ?? apart;
  const venueIds = venues.map(({ id }) => id);
  const envUrls = venueUrlsFromEnv(env, venueIds);
  const paths = dataPaths(options.dataDir, demo !== null);
  const lock = acquireLock(paths.dir, { shell: COLLECTOR, version: options.version });
  const log = openLog({ dir: paths.logs, name: 'collector.log' });
  const closers: (() => Promise<void> | void)[] = [() => lock.release(), () => log.close()];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= closeAll(closers));

  try {
    finishBesidePerson(paths.dir, { shell: COLLECTOR, version: options.version });
    log.write('info', 'app', 'starting', { version: options.version, shell: COLLECTOR, demo, dataDir: paths.dir, node: process.version });
    let clock = createClock({ speed: demo?.speed ?? 1, startAt: demo === null ? null : Date.now() });
    const { shared } = options;
    const history =
      shared === undefined
        ? await openHistory({ file: paths.database, demo: demo !== null, now: () => clock.now(), log, mine: () => lock.keep() })
        : { ...shared.store, unwritten: () => Promise.resolve(null) };
    const store: HistoryStore = {
      ...history,
      async tend() {
        const state = await history.tend();
        return { ...state, notices: [...state.notices, ...lock.notices] };
      },
    };
    closers.push(async () => {
      const unwritten = await history.unwritten();
      await store.close();
      if (unwritten !== null) throw new Error(`It is in no file. ${unwritten}`);
    });
    if (demo !== null) {
      const newest = (await store.latest()).reduce((at, { observedAt }) => Math.max(at, observedAt), 0);
      clock = createClock({ speed: demo.speed, startAt: Math.max(clock.now(), newest) });
    }
    const market = demo === null ? null : await startMarketBeside({ clock, seed: demo.seed, log });
    if (market !== null) closers.push(() => market.close());

    const passwords = openPasswords(paths.passwords, null, log);
    const events = createEvents(log);
    const defaults = defaultSettings(venues);
    const venuesOfFolder = () => venuesOfHistory(paths.database, venues, 'a terminal switches them on, and --venue asks them');
    const settings = followPreferences({ dataDir: paths.dir, defaults, venuesOfFolder, only: options.only, also: options.also ?? [] });
    if (demo === null) venues = [...venues, ...createDroppedVenues(settings.current.venues, venueIds)];
    const http = createHttp(demo !== null || env[LOOPBACK_ONLY] === '1' ? 'loopback' : 'anywhere', {
      system: envProxies(env),
      passwordOf: (proxy) => passwords.of(proxy),
    });
    const collect = createCollect(
      {
        clock,
        store,
        log,
        newCanceller,
        http,
        spending: openSpendingFile(paths.spending, log),
        settings,
        random: Math.random,
      },
      events,
      { venues, venueUrls: market?.urls ?? envUrls },
    );
    closers.push(async () => {
      // Side by side: collecting waits for what it asked, and a reader may be at an answer without end.
      await Promise.all([collect.stop(), ...apart.map((venue) => venue.close())]);
    });

    const who = { shell: COLLECTOR, version: options.version };
    const own = options.alerts === true && shared === undefined ? openTellingRole(paths.dir, who) : null;
    closers.push(() => own?.release());
    const role = options.alerts === true ? (own ?? shared?.role ?? null) : null;
    const person = openTellerPerson({ file: paths.person, kind: demo === null ? 'live' : 'demo', now: () => clock.now(), defaults });
    const telling =
      role === null
        ? null
        : createTellingAlone({
            ports: {
              clock,
              http,
              store,
              settings,
              log,
              newCanceller,
              nextTurn,
              person,
              tellingRole: role,
              webhookSecret: openWebhookSecret({ file: paths.webhookSecret, box: null, given: env[WEBHOOK_SECRET], log, now: Date.now }),
            },
            events,
            collect,
          });
    closers.push(() => telling?.stop());

    let wanted: Wanted = { lists: [], others: [], first: [], plan: [] };
    let watched = '';
    let started = false;
    const watch = (): void => {
      try {
        wanted = readWanted(paths);
      } catch (error) {
        // The terminal may be writing it anew; what was wanted before holds on.
        log.write('warn', 'person', `what the person follows could not be read: ${messageOf(error)}`);
      }
      rereadPerson();
      let ids: ReadonlySet<InstrumentId>;
      try {
        ids = new Set([...options.choose(wanted, collect), ...(telling?.instruments() ?? [])]);
        collect.reporter.state('choice', null);
      } catch (error) {
        // A list may be renamed or deleted while it is recorded: what was watched before is watched on.
        if (!started) throw error;
        collect.reporter.state('choice', `${messageOf(error)} What was watched before is watched on.`);
        return;
      }
      const plan = new Set(wanted.plan);
      const first = new Set([...wanted.first, ...plan]);
      const now = JSON.stringify([[...ids].sort(), [...first].sort(), [...plan].sort()]);
      if (now === watched) return;
      watched = now;
      collect.watch({ ids, also: [], first, plan });
    };
    /** What is judged by: only where this process tells. */
    function rereadPerson(): void {
      if (telling === null) return;
      try {
        const before = person.reread();
        collect.reporter.state('person', null);
        if (before !== null) events.emit('settings', { before: { ...telling.settings(), ...before }, next: telling.settings() });
        telling.changed();
      } catch (error) {
        collect.reporter.state('person', `Your alerts could not be read, and are judged as before. ${messageOf(error)}`);
      }
    }
    const stampOfPerson = (): string => [paths.person, `${paths.person}-wal`].map(stampOf).join();
    let stamped = '';
    let ticks = 0;
    events.on('tick', () => {
      const before = settings.reread();
      if (before !== null) {
        log.write('info', 'settings', 'settings.json was changed');
        events.emit('settings', {
          before: { ...defaults, ...person.current, ...before },
          next: { ...defaults, ...person.current, ...settings.current },
        });
      }
      events.emit('notices', null);
      // What a terminal asks at once; by and by also because what it asked ends by itself.
      const stamp = stampOfPerson();
      if (stamp === stamped && ++ticks % CHECK_EVERY_TICKS !== 0) return;
      stamped = stamp;
      watch();
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
        started = true;
        await telling?.start();
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
