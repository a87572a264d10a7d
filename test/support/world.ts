import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type App, createApp } from '#core/app.ts';
import { defaultSettings } from '#core/default-settings.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import type { Http, HttpRequest, HttpResponse } from '#core/ports/http.ts';
import type { Log } from '#core/ports/log.ts';
import type { Updates } from '#core/ports/updates.ts';
import type { Notification } from '#core/ports/notifier.ts';
import type { PersonStore, WatchRequest } from '#core/ports/person.ts';
import { StudyCancelled } from '#core/ports/studies.ts';
import { HttpError } from '#core/venue-error.ts';
import { answerStudy } from '#core/read/evidence/answer.ts';
import { answerDeciles } from '#core/read/evidence/deciles.ts';
import type { PreferencesStore, WorkspaceStore } from '#core/ports/preferences.ts';
import { preferenceFields, settings as settingsSchema } from '#bridge/settings.ts';
import type { WindowId } from '#bridge/window.ts';
import { defaultWorkspace, type View, type Workspace } from '#bridge/workspace.ts';
import type { PersonFacts, Settings } from '#core/settings.ts';
import type { CallInput, CallName, CallOutput, MetricCell, WatchRow } from '#bridge/contract.ts';
import { LEASE_MS } from '#core/views.ts';
import { createClient } from '#bridge/client.ts';
import { createMemoryTransport } from '#bridge/memory-transport.ts';
import { tableBytes } from '#node/export/table-file.ts';
import { newCanceller } from '#node/canceller.ts';
import type { Wires } from '#node/demo/wire.ts';
import { type Lockbox, openPasswords } from '#node/proxy/passwords-file.ts';
import { openWebhookSecret } from '#node/webhook-secret.ts';
import { startQueryChild } from '#node/query/child-process.ts';
import { createStorage } from '#node/backup/storage.ts';
import { createImportFiles } from '#node/import/open-import.ts';
import { createQueries } from '#node/query/queries.ts';
import { openSpendingFile } from '#node/spending-file.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { SqlitePerson } from '#node/person/sqlite-person.ts';
import { factsOf, personOf } from '#node/person/words.ts';
import { createVenues } from '#node/venues/index.ts';
import { FakeClock } from './fake-clock.ts';
import { createPaperVenue, PaperMarket } from './paper-venue.ts';

export const HOUR = 3_600_000;
export const START = Date.UTC(2026, 9, 1, 0, 30);

/** Reads that take `asOf`, and how many inputs stand before it. */
const TAKES_AS_OF: Partial<Record<keyof HistoryStore, number>> = {
  instruments: 0,
  latest: 0,
  settled: 3,
  settledSeen: 3,
  hours: 3,
  snapshots: 3,
  prices: 3,
  stretches: 3,
  books: 3,
  terms: 1,
  orderRules: 1,
  events: 2,
  conflicts: 2,
  bans: 0,
  spans: 2,
  asked: 2,
};

/** The real store in this process, its calls as promises; those in `failing` reject as on a full disk. */
function promised(
  history: object,
  failing: ReadonlySet<keyof HistoryStore>,
  failingPolls: ReadonlySet<string>,
  asked: Map<string, number>,
  atOnce: Map<string, number>,
  asOf: number | null = null,
): HistoryStore {
  const open = new Map<string, number>();
  // Every call is handed on as it came: the two interfaces differ in the promises only.
  const calls = history as unknown as Record<keyof HistoryStore, (...input: unknown[]) => unknown>;
  return new Proxy({} as HistoryStore, {
    get:
      (_, name: keyof HistoryStore) =>
      (...input: unknown[]) => {
        const count = (open.get(name) ?? 0) + 1;
        open.set(name, count);
        atOnce.set(name, Math.max(atOnce.get(name) ?? 0, count));
        const answer = new Promise((resolve) => {
          asked.set(name, (asked.get(name) ?? 0) + 1);
          const [poll] = input;
          const ofVenue = name === 'recordPoll' && typeof poll === 'object' && poll !== null && 'venue' in poll ? String(poll.venue) : '';
          if (failing.has(name) || failingPolls.has(ofVenue)) throw new Error('the disk is full.');
          // Backups are made in a worker beside the writer, which stands for no history in this process.
          if (name === 'backUp') {
            resolve(null);
            return;
          }
          const takes = asOf === null ? undefined : TAKES_AS_OF[name];
          resolve(calls[name](...(takes === undefined ? input : [...input.slice(0, takes), asOf])));
        });
        const ended = (): void => void open.set(name, (open.get(name) ?? 0) - 1);
        answer.then(ended, ended);
        return answer;
      },
  });
}

const NOTHING: View = { selected: null, list: 'majors', columns: [] };

export interface WorldOptions {
  readonly start?: number;
  /** Of the clock: how much of its time passes between two beats. */
  readonly speed?: number;
  /** Venue ids; each is an exchange on paper. */
  readonly venues?: readonly string[];
  readonly settings?: (defaults: Settings) => Settings;
  /** Exchange hosts of those that are a second market of another venue's. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** What the window of the tests looks at. */
  readonly view?: Partial<View>;
  readonly random?: () => number;
  readonly limit?: number;
  /** Wire formats of the demo market: then the venues are the real ones. */
  readonly wires?: Wires;
  /** Stands between the app and the wires: `answer` gives what the venue says at a time, or says nothing. */
  readonly between?: (
    venue: string,
    answer: (at: number) => HttpResponse,
    now: number,
    path: string,
  ) => HttpResponse | Promise<HttpResponse>;
  /** A world that collects: this one only reads what that one records, on its clock. */
  readonly follows?: World;
  /** Of that one, what was known at this moment, on a clock that stands there. */
  readonly asOf?: number;
  /** What its files say they are of; left out, live. */
  readonly kind?: 'live' | 'demo';
  /** Opens another store than a file, with the same calls without promises. */
  readonly openStore?: (log: Log, now: () => number) => object;
}

/** A whole app on paper exchanges, a fake clock and the real store in a folder of its own. */
export class World {
  readonly clock: FakeClock;
  readonly markets = new Map<string, PaperMarket>();
  readonly dir = mkdtempSync(join(tmpdir(), 'perpscope-core-'));
  readonly notifications: Notification[] = [];
  /** What the system was told of active signals. */
  readonly badges: number[] = [];
  readonly events: { readonly name: string; readonly payload: unknown }[] = [];
  readonly logged: string[] = [];
  /** What answers where alerts are posted. */
  webhook: (request: HttpRequest) => Promise<HttpResponse> = () => Promise.reject(new HttpError('network', 'POST: ECONNREFUSED'));
  /** What locks passwords away; null: nothing does. */
  lockbox: Lockbox | null = null;
  settings: Settings;
  #split: { readonly of: Settings; readonly preferences: PreferencesStore['current']; readonly person: PersonFacts } | null = null;
  #view: View;
  /** Under which names rows hold the cells of its columns. */
  #names: readonly string[] = [];
  #renews: (() => void) | null = null;
  readonly workspaces = new Map<WindowId, Workspace>();
  /** What a kill would leave of them. */
  onDisk: Settings | null = null;
  app!: App;
  store!: HistoryStore;
  person!: PersonStore;
  /** Calls of the store that fail. */
  readonly failing = new Set<keyof HistoryStore>();
  /** How often each call of the store was made. */
  readonly asked = new Map<string, number>();
  /** How many of each call of the store were open together at most. */
  readonly atOnce = new Map<string, number>();
  /** Calls of the person's file that fail. */
  readonly failingPerson = new Set<string>();
  /** Venues whose polls it fails to record. */
  readonly failingPolls = new Set<string>();
  /** Units a minute that the venues allow: 10 for a poll, 1 for a page of history. */
  readonly #limit: number;
  readonly #wires: Wires | null;
  readonly updates: Updates = {
    look: () => Promise.reject(new Error('No notice came. Nothing was changed.')),
    prepare: () => Promise.reject(new Error('No file came. Nothing was changed.')),
    install: () => Promise.resolve(false),
  };
  readonly machine = {
    versions: { node: '24.0.0' },
    held: 0,
    memory: (): number => this.machine.held,
    memoryLimit: 1_000_000_000,
    logTail: (): Promise<string> => Promise.resolve('a line of the log'),
    withoutPlaces: (text: string): string => text.replaceAll(this.dir, '<data>'),
  };
  readonly #between: NonNullable<WorldOptions['between']> | null;
  readonly #follows: World | null;
  readonly #asOf: number | null;
  readonly #kind: 'live' | 'demo';
  readonly #openStore: (log: Log) => object;
  /** What it asked of the collector beside it. */
  readonly requests: { readonly at: number; readonly request: WatchRequest | null }[] = [];
  readonly #venues: readonly string[];
  readonly #hosts: Readonly<Record<string, string>>;
  readonly #random: () => number;

  constructor({
    start = START,
    speed = 1,
    venues = ['alpha'],
    hosts = {},
    settings = (same) => same,
    view = {},
    random = () => 0.5,
    limit = 1200,
    wires,
    between,
    follows,
    asOf,
    kind = 'live',
    openStore,
  }: WorldOptions = {}) {
    this.clock = asOf === undefined ? (follows?.clock ?? new FakeClock(start, speed)) : new FakeClock(asOf, speed);
    this.#follows = follows ?? null;
    this.#asOf = asOf ?? null;
    this.#kind = kind;
    const file = join(this.dir, 'history.sqlite');
    this.#openStore = (log) =>
      openStore?.(log, () => this.clock.now()) ?? new SqliteHistory({ file, kind, log, now: () => this.clock.now() });
    this.#venues = venues;
    this.#hosts = hosts;
    this.#random = random;
    this.#limit = limit;
    this.#wires = wires ?? null;
    this.#between = between ?? null;
    for (const id of venues) this.markets.set(id, new PaperMarket(this.clock));
    this.settings = settings(defaultSettings(venues.map((id) => ({ id, onByDefault: true }))));
    this.#view = Object.keys(view).length === 0 ? NOTHING : { ...NOTHING, ...view };
  }
  market(id = 'alpha'): PaperMarket {
    const market = this.markets.get(id);
    if (!market) throw new Error(`no market ${id}`);
    return market;
  }
  /** Opens the app on the same folder, as a first start or a restart does. */
  async start(): Promise<void> {
    const log: Log = { write: (level, area, message) => this.logged.push(`${level} ${area} ${message}`) };
    const history = this.#follows
      ? new ReadonlyHistory({ file: join(this.#follows.dir, 'history.sqlite'), kind: this.#kind, now: () => this.clock.now() })
      : this.#openStore(log);
    this.store = promised(
      this.#follows ? Object.assign(history, { tend: () => ({ file: 0, notices: [] }) }) : history,
      this.failing,
      this.failingPolls,
      this.asked,
      this.atOnce,
      this.#asOf,
    );
    this.person = this.#personStore(log);
    const http: Http = {
      request: (request, signal) => {
        if (request.json !== undefined) return this.webhook(request);
        const [, host = '', id = host, path = ''] = /^https:\/\/([\w-]+)\.example(?:\/market-of\/(\w+))?(\/.*)$/u.exec(request.url) ?? [];
        const wire = this.#wires?.[id];
        if (!wire) return this.market(id).answer(request, path, signal);
        const url = new URL(request.url);
        const asked = { method: request.method, path: url.pathname, query: url.searchParams, body: JSON.stringify(request.body ?? null) };
        const answer = (at: number): HttpResponse => {
          const { status, type, body } = wire(asked, at);
          return { status, headers: { 'content-type': type }, body };
        };
        return Promise.resolve(this.#between === null ? answer(this.clock.now()) : this.#between(id, answer, this.clock.now(), path));
      },
    };
    this.app = createApp(
      {
        clock: this.clock,
        http,
        spending: openSpendingFile(join(this.dir, 'limits.json'), log),
        passwords: openPasswords(join(this.dir, 'passwords.json'), this.lockbox, log),
        webhookSecret: openWebhookSecret({
          file: join(this.dir, 'webhook-secret.json'),
          box: this.lockbox,
          given: undefined,
          log,
          now: () => this.clock.now(),
        }),
        tellingRole: null,
        store: this.store,
        storage: createStorage(this.dir, join(this.dir, 'history.sqlite'), false),
        settings: this.#settingsStore(),
        workspaces: this.#workspaceStore(),
        person: this.person,
        queries: createQueries({
          history: join(this.#follows?.dir ?? this.dir, 'history.sqlite'),
          person: join(this.dir, 'person.sqlite'),
          start: startQueryChild,
        }),
        machine: this.machine,
        updates: this.updates,
        importFiles: createImportFiles(join(this.dir, 'imports'), { now: () => this.clock.now(), log }),
        files: { put: () => Promise.resolve({ kind: 'download' }) },
        filesIn: { choose: () => Promise.resolve({ kind: 'page' }), handed: () => Promise.resolve(null) },
        tableBytes,
        // The real work in this thread: its worker is tried by itself.
        studies: {
          run: (job, see, cancelled) =>
            answerStudy(this.store, job, {}, (...told) => {
              if (cancelled.aborted) throw new StudyCancelled();
              see(...told);
            }),
          sort: (job, see) => answerDeciles(this.store, job, {}, see),
          close: () => Promise.resolve(),
        },
        notifier: { notify: (notification) => this.notifications.push(notification) },
        badge: { show: (active) => this.badges.push(active) },
        log,
        random: this.#random,
        newCanceller,
        nextTurn,
      },
      {
        version: '0.0.0',
        shell: 'browser',
        platform: 'test',
        demo: null,
        dataDir: this.dir,
        venues: this.#wires ? createVenues() : this.#venues.map((id) => createPaperVenue(id, this.#limit, this.#hosts[id])),
        ...(this.#follows && {
          beside: {
            sentence: () => 'A collector records this folder.',
            version: () => Promise.resolve((history as ReadonlyHistory).version()),
            records: () => true,
            ask: (request) => {
              this.requests.push({ at: this.clock.now(), request });
              return Promise.resolve();
            },
            takeOver: () => Promise.resolve(false),
          },
        }),
        venueUrls: this.#wires ? Object.fromEntries(this.#venues.map((id) => [id, `https://${id}.example`])) : {},
      },
    );
    this.app.listen((name, payload) => this.events.push({ name, payload }));
    await this.app.start();
    if (this.#view !== NOTHING) await this.look({});
  }
  /** Looks at something else from now on, and says so again before the app takes the window as gone. */
  async look(change: Partial<View>): Promise<void> {
    this.#view = { ...this.#view, ...change };
    this.#renews?.();
    this.#renews = this.clock.after((LEASE_MS / 2) * this.clock.speed, () => void this.look({}));
    this.#names = (await this.call('view.follow', this.#view)).columns;
  }
  /** Cells of the columns that it looks at, in their order. */
  cells(row: Pick<WatchRow, 'cells'>): MetricCell[] {
    return this.#names.map((name) => row.cells[name] ?? { value: null, reason: 'unnamed', word: '' });
  }
  /** The settings by the files that keep them; the same objects until a test or the app sets others, as of the real stores. */
  #parts(): { readonly preferences: PreferencesStore['current']; readonly person: PersonFacts } {
    const { settings } = this;
    if (this.#split?.of === settings) return this.#split;
    const names = Object.keys(preferenceFields) as (keyof typeof preferenceFields)[];
    const preferences = Object.fromEntries(names.map((name) => [name, settings[name]])) as PreferencesStore['current'];
    const { lists, thresholds, ownThresholds, alerts } = settings;
    this.#split = { of: settings, preferences, person: { lists, thresholds, ownThresholds, alerts } };
    return this.#split;
  }
  #settingsStore(): PreferencesStore {
    const current = (): PreferencesStore['current'] => this.#parts().preferences;
    return {
      get current() {
        return current();
      },
      notices: [],
      update: (change) => (this.settings = settingsSchema.parse({ ...this.settings, ...change(current()) })),
      flush: () => {
        this.onDisk = this.settings;
        return Promise.resolve();
      },
    };
  }
  #workspaceStore(): WorkspaceStore {
    const { workspaces } = this;
    return {
      notices: [],
      get: (window) => workspaces.get(window) ?? defaultWorkspace,
      keep: (window, workspace) => void workspaces.set(window, workspace),
    };
  }
  /** The real file; what is in force is `settings`, as a test may set it. */
  #personStore(log: Log): PersonStore {
    const file = join(this.dir, 'person.sqlite');
    const history = join(this.dir, 'history.sqlite');
    const store = new SqlitePerson({ file, kind: this.#kind, log, now: () => this.clock.now(), old: { facts: [], history } });
    const current = (): PersonFacts => this.#parts().person;
    const soon = async <T>(name: string, work: () => T): Promise<T> => {
      await Promise.resolve();
      if (this.failingPerson.has(name)) throw new Error('the disk is full.');
      return work();
    };
    return {
      get current() {
        return current();
      },
      get notices() {
        return store.state().notices;
      },
      update: (change) => {
        this.settings = settingsSchema.parse({ ...this.settings, ...change(current()) });
        store.keep(factsOf(this.settings));
        return current();
      },
      flush: () => Promise.resolve(),
      at: (asOf) => soon('at', () => personOf(store.facts(asOf), current()).person),
      recordSignal: (...entry) => soon('recordSignal', () => store.recordSignal(...entry)),
      recordScenario: (...record) => soon('recordScenario', () => store.recordScenario(...record)),
      recordAlert: (...alert) => soon('recordAlert', () => store.recordAlert(...alert)),
      owed: () => soon('owed', () => store.owed()),
      paid: (...told) => soon('paid', () => store.paid(...told)),
      posts: (...asked) => soon('posts', () => store.posts(...asked)),
      posted: (id) => soon('posted', () => store.posted(id)),
      putOff: (...post) => soon('putOff', () => store.putOff(...post)),
      hurry: () => soon('hurry', () => store.hurry()),
      askCollector: (request) => soon('askCollector', () => store.askCollector(request)),
      signals: (...range) => soon('signals', () => store.signals(...range)),
      signalLog: (...asked) => soon('signalLog', () => store.signalLog(...asked)),
      facts: (kind) => soon('facts', () => store.factsOf(kind)),
      recordFacts: (facts) => soon('recordFacts', () => store.keep(facts)),
      scenarios: (asOf) => soon('scenarios', () => store.scenarios(asOf)),
      alerts: (...asked) => soon('alerts', () => store.alerts(...asked)),
      newestAlerts: () => soon('newestAlerts', () => store.newestAlerts()),
      acknowledge: (entries) => soon('acknowledge', () => store.acknowledge(entries)),
      othersWrote: () => soon('othersWrote', () => store.othersWrote()),
      tend: () =>
        soon('tend', () => {
          store.tend(true);
          return false;
        }),
      close: () => soon('close', () => store.close()),
    };
  }
  /** What is in flight is dropped, as at a kill; what was stored is there at the next start. */
  async stop(): Promise<void> {
    this.#renews?.();
    const stopping = this.app.stop();
    await this.clock.advance(0);
    await stopping;
  }
  /** As a window asks; each has a workspace of its own. */
  async call<N extends CallName>(name: N, input: CallInput<N>, window: WindowId = 'memory'): Promise<CallOutput<N>> {
    return createClient(createMemoryTransport(this.app.dispatch, window).transport).call(name, input);
  }
  async row(id: string): Promise<CallOutput<'watchlist.rows'>[number]> {
    const row = (await this.call('watchlist.rows', {})).find(({ instrument }) => instrument.id === id);
    if (!row) throw new Error(`no row ${id}`);
    return row;
  }
  async health(id = 'alpha'): Promise<CallOutput<'venues.health'>[number]> {
    const health = (await this.call('venues.health', {})).find((one) => one.id === id);
    if (!health) throw new Error(`no venue ${id}`);
    return health;
  }
  async kinds(): Promise<string[]> {
    return (await this.store.events(0, Number.MAX_SAFE_INTEGER)).map(({ kind, venue }) => `${kind} ${venue}`);
  }
  dispose(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
