import type { AppInfo } from '#bridge/contract.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { createDispatcher, type Dispatch } from '#bridge/dispatcher.ts';
import { type CollectOptions, createCollect } from './collect/collect.ts';
import type { Beside } from './collect/follow.ts';
import { createSuccession } from './collect/succession.ts';
import { createDeciding } from './decide/deciding.ts';
import { createEvents } from './events.ts';
import { createFollowing } from './following.ts';
import { createHandlers } from './handlers.ts';
import type { AppListener } from './hub.ts';
import { type CorePorts, joinSettings } from './joined-settings.ts';
import { tendPerson } from './person-upkeep.ts';
import { readDiagnostics } from './diagnostics.ts';
import { watchMemory } from './memory-watch.ts';
import type { Ports } from './ports.ts';
import type { Cancel } from './ports/clock.ts';
import { createEvidence } from './read/evidence/evidence.ts';
import { nameBaskets } from './read/alerts/rule-settings.ts';
import { createImportJobs } from './import-jobs.ts';
import { createQuestions } from './read/questions.ts';
import { createOut } from './out.ts';
import { createReading } from './read/reading.ts';
import { createScreen } from './screen.ts';
import { createTelling } from './telling.ts';
import { watchUpdates } from './update-watch.ts';
import { createViews } from './views.ts';

export interface AppOptions extends CollectOptions, Pick<AppInfo, 'version' | 'shell' | 'platform' | 'demo' | 'dataDir'> {
  /** A collector records the folder: it is followed; null: this process records. */
  readonly beside?: Beside | null;
  /** What happened to the folder before this: sentences for the person, among the notices. */
  readonly happened?: readonly string[];
}

/** The product: everything but windows and files. A shell creates it, routes `dispatch` and `listen`, and stops it. */
export interface App {
  readonly dispatch: Dispatch;
  listen(listener: AppListener): Cancel;
  /** Something happened to the shell: one sentence among the notices of this run. */
  notice(text: string): void;
  /** Starts polling; resolves at once, the first rows come as events. */
  start(): Promise<void>;
  /** Ends requests in flight, flushes settings and history, frees the lock. Safe to call twice. */
  stop(): Promise<void>;
}

export function createApp(given: Ports, options: AppOptions): App {
  const { clock, workspaces, store, person, notifier, log } = given;
  const { version, shell, platform, demo, dataDir } = options;

  const settings = joinSettings(given.settings, person);
  const ports: CorePorts = { ...given, settings };
  const events = createEvents(log);
  const { beside = null } = options;
  const collect = beside === null ? createCollect(ports, events, options) : createSuccession(ports, events, options, beside);
  const { reporter } = collect;
  const views = createViews({
    clock,
    isOverList: (choice) => findMetric(choice.metric)?.on === 'basket',
    onChange: (changed) => events.emit('viewed', changed),
  });
  const telling = createTelling({
    clock,
    person,
    reporter,
    log,
    events,
    http: given.http,
    secret: given.webhookSecret,
    settings: () => settings.current,
    newCanceller: () => given.newCanceller(),
    role: given.tellingRole,
  });
  const { teller, webhook } = telling;
  const reading = createReading({ ports, events, reporter, observed: collect, utc: collect.utc, teller, columns: () => views.columns });
  const following = createFollowing({
    events,
    settings,
    collect,
    selected: () => views.selected,
    scans: () => views.scans,
    others: () => [...positions.held(), ...reading.alertRules.instruments()],
  });
  const { decisions, pastFacts, scenarios, positions, notes } = createDeciding({
    ports,
    events,
    reporter,
    observed: collect,
    reading,
    teller,
    venue: collect.facts,
    utc: collect.utc,
    instrument: following.instrument,
  });
  const evidence = createEvidence({
    ...ports,
    settings: () => settings.current,
    version,
    now: () => collect.utc(),
    onProgress: (job, share, doing) => screen.emit('evidence.progress', { job, share, doing }),
  });
  const notices = (ofStore?: readonly string[]): readonly string[] => [
    ...new Set([...(options.happened ?? []), ...workspaces.notices, ...collect.notices(ofStore)]),
  ];
  const screen = createScreen({ clock, events, log, row: reading.row, health: collect.health, notices });
  events.on('entered', (news) => {
    if (settings.current.notify) notifier.notify(news);
  });
  watchMemory({ machine: given.machine, events, reporter, log });
  const updates = watchUpdates({ updates: given.updates, events, reporter, settings: () => settings.current, log, isDemo: demo !== null });
  const personUpkeep = tendPerson({ person, settings, scenarios, notes, events, reporter });
  let started: Promise<void> | null = null;
  let running = false;
  let stopping: Promise<void> | null = null;
  events.on('scenarios', () => {
    if (running) following.follow(false);
  });

  const now = (): number => Math.round(collect.utc());
  const info = (): AppInfo => ({ version, shell, platform, demo, dataDir, now: now(), speed: clock.speed });
  const imports = createImportJobs({
    store,
    now,
    venues: options.venues,
    files: ports.importFiles,
    newCanceller: ports.newCanceller,
    log,
    tell: (state) => screen.emit('import.change', state),
    stored(instrument, from, recent) {
      if (collect.listings.get(instrument.id) === null) collect.listings.load([instrument], []);
      events.emit('stored', { instrument: instrument.id, recent, changedFrom: from });
    },
    refusal: collect.refusal,
  });
  const handlers = createHandlers({
    ...collect,
    profiles: options.venues,
    ...following,
    ...reading,
    store,
    out: createOut({
      store,
      files: ports.files,
      tableBytes: ports.tableBytes,
      instrument: following.instrument,
      series: async (question) => (await reading.at(question.asOf)).series(question),
    }),
    storage: given.storage,
    filesIn: given.filesIn,
    workspaces,
    passwords: ports.passwords,
    webhook,
    log,
    views,
    badge: given.badge,
    imports,
    questions: createQuestions(ports.queries, ports.newCanceller),
    decisions,
    pastFacts,
    scenarios,
    positions,
    notes,
    evidence,
    info,
    updates,
    diagnostics: () => readDiagnostics({ machine: given.machine, info, settings: () => settings.current, health: collect.health, notices }),
    settings: () => settings.current,
    notices(ofStore) {
      const all = notices(ofStore);
      events.emit('notices', null);
      return all;
    },
    async keep(change) {
      const next = following.change(change);
      try {
        await settings.flush();
      } catch (error) {
        log.write('warn', 'app', `a change is in memory only: ${String(error)}`);
      }
      return next;
    },
  });

  async function start(): Promise<void> {
    try {
      await collect.load();
      await scenarios.load();
    } catch (error) {
      reporter.failed('read what is stored', error);
    }
    await telling.start(async () => {
      await reading.alerts.load();
      // The log of every window is another now.
      events.emit('judged', { rules: [], states: [] });
    });
    following.change(nameBaskets);
    running = true;
    following.follow(true);
    reading.alertRules.arrange();
    collect.start();
  }
  async function stop(): Promise<void> {
    // First, since this process may be killed before the rest is done. A disk that refuses is told by the second one.
    await settings.flush().catch(() => undefined);
    try {
      await imports.stop();
      await telling.stop();
      views.stop();
      await collect.stop();
      await given.studies.close();
      await reading.stop();
      await positions.stop();
      await personUpkeep.done();
      screen.stop();
      await settings.flush();
    } finally {
      await Promise.all([store.close(), person.close()]);
    }
  }
  return {
    dispatch: createDispatcher(handlers, (name, error) => {
      log.write('error', 'bridge', `${name} failed`, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }),
    listen: (listener) => screen.listen(listener),
    notice: (text) => reporter.notice(text),
    start: () => (started ??= start()),
    stop: () => (stopping ??= stop()),
  };
}
