import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createApp, type App } from '#core/app.ts';
import { personFields } from '#bridge/settings.ts';
import { defaultSettings } from '#core/default-settings.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { FilesIn } from '#core/ports/files-in.ts';
import type { FilesOut } from '#core/ports/files-out.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import { type Badge, noBadge } from '#core/ports/badge.ts';
import type { Notifier } from '#core/ports/notifier.ts';
import type { PreferencesStore } from '#core/ports/preferences.ts';
import type { SpendingLedger } from '#core/ports/spending.ts';
import type { Venue } from '#core/venue.ts';
import { tableBytesInWorker } from './export/table-worker.ts';
import { newCanceller } from './canceller.ts';
import { createStorage } from './backup/storage.ts';
import { createClock } from './clock.ts';
import type { ClaimedFolder } from './claim-folder.ts';
import { startMarketBeside } from './demo/start-market.ts';
import { createStudyWorkers } from './evidence/study-workers.ts';
import { createHttp, LOOPBACK_ONLY, type Reach } from './http.ts';
import { keepHeapsSmall } from './heap.ts';
import type { FileLog } from './log.ts';
import { envProxies } from './proxy/env-proxies.ts';
import { type Lockbox, openPasswords } from './proxy/passwords-file.ts';
import type { SystemProxies } from './proxy/system-proxies.ts';
import { createMachine } from './machine.ts';
import { openPerson } from './person/open-person.ts';
import { startQueryChild } from './query/child-process.ts';
import type { StartQueryProcess } from './query/protocol.ts';
import { createImportFiles } from './import/open-import.ts';
import { createQueries } from './query/queries.ts';
import { openSettings, type StoreConstructor } from './settings.ts';
import { settingsPath } from './settings-files.ts';
import { openSpendingFile } from './spending-file.ts';
import { openSharedTerminal } from './postgres/terminal.ts';
import { placeOf, schemaOf, targetFrom } from './postgres/target.ts';
import { openTerminalHistory, type TerminalHistory } from './terminal-history.ts';
import { createInstaller } from './updates/install.ts';
import { openTellingRole } from './telling-role.ts';
import { type Release, release } from './updates/release.ts';
import { openSeen } from './updates/seen.ts';
import { createUpdates } from './updates/updates.ts';
import { venuesOfHistory, withNewVenues } from './venue-settings.ts';
import { venueUrlsFromEnv } from './venue-urls.ts';
import { openWebhookSecret, WEBHOOK_SECRET } from './webhook-secret.ts';
import { FORMER_FIELDS, openWorkspaces, type FileWorkspaces } from './workspaces.ts';
import { allVenues, createDroppedVenues, createVenues } from './venues/index.ts';
import { inWorkers } from './venues/worker/in-worker.ts';

export interface OpenAppOptions {
  readonly demo: { readonly speed: number; readonly seed: number } | null;
  readonly notifier: Notifier;
  /** What the system shows outside of the windows; absent: nothing. */
  readonly badge?: Badge;
  /** Where files go that a person asked for; absent: the page hands them to the browser. */
  readonly files?: FilesOut;
  readonly filesIn?: FilesIn;
  /** electron-store's constructor on the desktop, conf's elsewhere. */
  readonly createStore: StoreConstructor;
  /** A process for a question in SQL; absent: a child of Node. */
  readonly startQueryProcess?: StartQueryProcess;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the system says of proxies; absent: its environment says it. */
  readonly systemProxies?: SystemProxies;
  /** Locks passwords of proxies and the webhook's secret away; absent: nothing does. */
  readonly lockbox?: Lockbox;
  /** Bytes that all processes of the shell hold; absent: it is this process alone. */
  readonly memory?: () => number;
  /** Where newer versions are told, and the key that they are signed with; absent: what this build was made with. */
  readonly release?: Release | null;
  /** 'postgres://...': a desk's history, which is shown instead of the folder's; absent: the folder's. */
  readonly history?: string;
  /** Where that history's archived months lie; absent or null: nowhere that was named. */
  readonly archive?: string | null;
  /** Other exchanges than the registered ones. */
  readonly venues?: readonly Venue[];
}

export interface OpenedApp {
  /** Not started yet: the shell calls `app.start()` once it can show what comes. */
  readonly app: App;
  readonly settings: PreferencesStore;
  readonly workspaces: FileWorkspaces;
  readonly log: FileLog;
  /** The folder in use: the demo's own in the demo. */
  readonly dataDir: string;
  /** Stops everything in order and frees the lock; every part is closed even where one fails. Safe to call twice. */
  close(): Promise<void>;
}

/** The seed of the demo market that everybody sees. */
export const DEMO_SEED = 1;

/**
 * The composition root of both shells, over a folder that it releases. Throws VenueUrlError for a bad PERPSCOPE_VENUE_URL_<ID>, and what
 * a desk's history is refused with; what was opened by then is closed again.
 */
export async function openApp(folder: ClaimedFolder, options: OpenAppOptions): Promise<OpenedApp> {
  keepHeapsSmall();
  const { demo } = options;
  const { paths, who, log, mine, records, restored } = folder;
  const closers: (() => Promise<void> | void)[] = [() => folder.release()];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    if (closing === null) log.write('info', 'app', 'closing');
    return (closing ??= closeAll(closers, log));
  };

  try {
    const apart = options.venues === undefined ? inWorkers(demo === null ? allVenues() : createVenues()) : [];
    let venues: readonly Venue[] = options.venues ?? apart;
    const venueIds = venues.map((venue) => venue.id);
    const envUrls = venueUrlsFromEnv(options.env, venueIds);
    const defaults = defaultSettings(venues);
    const isFirst = !existsSync(settingsPath(paths.dir));
    // Beside a collector that began the folder the person is a new one: what it has recorded so far says nothing of them.
    const isNew = records === null && !existsSync(paths.person);
    const venuesOfFolder = () => (isNew ? null : venuesOfHistory(paths.database, venues, 'Venues switches them on'));
    const settings = openSettings({ dataDir: paths.dir, createStore: options.createStore, defaults, venuesOfFolder, log });
    closers.push(() => settings.flush());
    // Written at the first start: which venues are new to a later version is told from those that are named.
    const namesAll = venueIds.every((id) => Object.hasOwn(settings.current.venues, id));
    if (isFirst || !namesAll) settings.update((all) => ({ ...all, venues: withNewVenues(all.venues, defaults.venues) }));
    if (demo === null) venues = [...venues, ...createDroppedVenues(settings.current.venues, venueIds)];
    const workspaces = openWorkspaces({ dataDir: paths.dir, inherited: fieldsOf(settings.others, FORMER_FIELDS) ?? {}, log });
    closers.push(() => workspaces.flush());
    // Only once they are on disk elsewhere; where the disk refuses they stay where they are.
    void workspaces.flush().then(
      () => settings.letGo(FORMER_FIELDS),
      (error: unknown) => log.write('warn', 'workspaces', String(error)),
    );

    const target =
      options.history === undefined
        ? null
        : targetFrom(options.history, options.env, `perpscope ${who.shell}`, true, schemaOf(demo !== null));
    const archive = options.archive ?? null;
    const openHistory = (): Promise<TerminalHistory> => {
      const opening =
        target === null
          ? openTerminalHistory({ dir: paths.dir, file: paths.database, demo: demo !== null, log, now, who }, records)
          : openSharedTerminal({ target, archive, log, now });
      closers.push(() =>
        opening.then(
          ({ store }) => store.close(),
          () => undefined,
        ),
      );
      return opening;
    };
    let clock = createClock({ speed: demo?.speed ?? 1, startAt: demo === null ? null : Date.now() });
    const now = (): number => clock.now();
    // A person without a file is first: what an older version kept in the history is taken over from there as it is.
    const early = existsSync(paths.person) ? openHistory() : null;
    // It is waited for below; where the person's file ends the start before, nothing else is to be told.
    early?.catch(() => undefined);
    const person = await openPerson({
      file: paths.person,
      demo: demo !== null,
      log,
      now: () => clock.now(),
      defaults,
      outgrown: fieldsOf(settings.others, Object.keys(personFields)),
      history: paths.database,
      mine: () => mine.keep(),
    });
    closers.push(() => person.close());
    if (person.tookSettings) settings.letGo(Object.keys(personFields));
    const history = await (early ?? openHistory());
    const store: HistoryStore = {
      ...history.store,
      async tend() {
        settings.tend();
        const state = await history.store.tend();
        return { ...state, notices: [...state.notices, ...mine.notices, ...(records?.notices ?? [])] };
      },
    };
    // So that the demo's time never runs backwards across restarts: neither before what was stored nor before what the person kept.
    if (demo !== null) {
      const stored = history.isReadable ? await newestStored(store) : 0;
      clock = createClock({ speed: demo.speed, startAt: Math.max(clock.now(), stored, await person.newest()) });
    }

    const queries = createQueries({
      history: paths.database,
      person: paths.person,
      shared: target && placeOf(target),
      start: options.startQueryProcess ?? startQueryChild,
    });
    closers.push(() => {
      queries.close();
    });
    const market = demo === null ? null : await startMarketBeside({ clock, seed: demo.seed, log });
    if (market !== null) closers.push(() => market.close());
    if (market !== null && Object.keys(envUrls).length > 0) log.write('warn', 'app', 'PERPSCOPE_VENUE_URL_* has no effect in the demo');

    const role = openTellingRole(paths.dir, who);
    closers.push(() => role.release());
    const studies = createStudyWorkers(
      target === null ? { file: paths.database, kind: demo !== null ? 'demo' : 'live' } : { target, archive },
    );
    const ports = portsOf(clock);
    // The last thing that is done: a new version may only take the place of one that is closed.
    closers.unshift(async () => {
      if (await ports.updates.install()) process.stderr.write('perpscope: the new version starts next\n');
    });
    const app = createApp(ports, {
      ...who,
      platform: process.platform,
      demo,
      dataDir: paths.dir,
      venues,
      venueUrls: market?.urls ?? envUrls,
      happened: restored === null ? [] : [restored],
      beside: history.beside && { ...history.beside, ask: (request) => person.askCollector(request) },
    });
    closers.push(async () => {
      // Side by side: the app waits for what it asked, and a reader may be at an answer without end.
      await Promise.all([app.stop(), ...apart.map((venue) => venue.close())]);
    });
    return { app, settings, workspaces, log, dataDir: paths.dir, close };

    function portsOf(appClock: Clock) {
      const { notifier } = options;
      const passwords = openPasswords(paths.passwords, options.lockbox ?? null, log);
      const reach: Reach = demo !== null || options.env[LOOPBACK_ONLY] === '1' ? 'loopback' : 'anywhere';
      const http = createHttp(reach, {
        system: options.systemProxies ?? envProxies(options.env),
        passwordOf: (proxy) => passwords.of(proxy),
      });
      // The AppImage's own runtime says where it lies; every other package is replaced by its own means.
      const appImage = who.shell === 'desktop' ? options.env['APPIMAGE'] : undefined;
      return {
        clock: appClock,
        http,
        updates: createUpdates({
          http,
          release: options.release === undefined ? release : options.release,
          seen: openSeen(join(paths.dir, 'updates.json'), log),
          version: who.version,
          now: Date.now,
          installer: appImage === undefined || appImage === '' ? null : createInstaller(appImage),
          arch: process.arch,
        }),
        passwords,
        tellingRole: role,
        webhookSecret: openWebhookSecret({
          file: paths.webhookSecret,
          box: options.lockbox ?? null,
          given: options.env[WEBHOOK_SECRET],
          log,
          now: Date.now,
        }),
        // Beside a collector its file is the collector's: it is read when this process begins to ask.
        spending: lazily(() => openSpendingFile(paths.spending, log)),
        store,
        storage: createStorage(paths.dir, paths.database, demo !== null),
        settings,
        workspaces,
        person,
        queries,
        studies,
        machine: createMachine({ dataDir: folder.dataDir, logs: paths.logs, memory: options.memory }),
        importFiles: createImportFiles(join(paths.dir, 'imports'), { now: () => appClock.now(), log }),
        notifier,
        badge: options.badge ?? noBadge,
        files: options.files ?? { put: () => Promise.resolve({ kind: 'download' }) },
        filesIn: options.filesIn ?? { choose: () => Promise.resolve({ kind: 'page' }), handed: () => Promise.resolve(null) },
        tableBytes: tableBytesInWorker,
        log,
        random: Math.random,
        newCanceller,
        nextTurn,
      };
    }
  } catch (error) {
    log.write('error', 'app', 'could not start', { error });
    await close();
    throw error;
  }
}

function lazily(open: () => SpendingLedger): SpendingLedger {
  let ledger: SpendingLedger | null = null;
  const opened = (): SpendingLedger => (ledger ??= open());
  return { spent: (...input) => opened().spent(...input), keep: (...input) => opened().keep(...input) };
}

/** Those of the fields that there are; null where there is none. */
function fieldsOf(fields: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> | null {
  const found = Object.entries(fields).filter(([name]) => names.includes(name));
  return found.length === 0 ? null : Object.fromEntries(found);
}

async function newestStored(store: HistoryStore): Promise<number> {
  const latest = await store.latest();
  return latest.reduce((newest, { observedAt }) => Math.max(newest, observedAt), 0);
}

/** Last opened, first closed. */
async function closeAll(closers: readonly (() => Promise<void> | void)[], log: FileLog): Promise<void> {
  for (const closer of closers.toReversed()) {
    try {
      await closer();
    } catch (error) {
      log.write('error', 'app', 'A part could not be closed cleanly.', { error });
    }
  }
}
