import type { Client } from '#bridge/client.ts';
import type { AppInfo, CallInput, HistoryStatus, VenueHealth, VenueProfile, WatchRow } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import { freshness } from '#domain/freshness.ts';
import { pairOf, venueOf } from '#domain/instrument.ts';
import { type Group, groupsOf, listOfGroups, moved, type Section } from '#domain/sections.ts';
import type { Settings, SettingsPatch, SignalParams, Watchlist } from '#bridge/settings.ts';
import { activeSignals } from './active-signals.ts';
import { AlertsFeed } from './alerts-feed.svelte.ts';
import { EVERYTHING, type Workspace } from '#bridge/workspace.ts';
import { AppClock } from './clock.svelte.ts';
import { Past } from './past.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { ScanRows } from './scan-rows.svelte.ts';
import { playSound } from '../ui/sound.ts';
import { tellOutside } from './tell-outside.ts';
import { WorkspaceState } from './workspace.svelte.ts';

const HEARTBEAT_MS = 4000;
const STATUS_MS = 15_000;
/** Before the venue's own is known. */
const USUAL_POLL_MS = 30_000;
/** How long the first rows wait for slower venues, which may put theirs before them, until one is selected. */
const SELECT_WAIT_MS = 3_000;

/** How a venue's time runs: how far its clock is ahead of ours, in whole seconds, and how often it is asked; ms. */
interface Pace {
  readonly aheadMs: number;
  readonly pollMs: number;
}

export type Connection = 'connecting' | 'up' | 'down';

/** Everything the screen knows. Created once by the entry, passed by context. */
export class AppState {
  readonly clock = new AppClock();
  readonly toasts = new Toasts();
  readonly alerts = new AlertsFeed(this);
  connection = $state<Connection>('connecting');
  info = $state.raw<AppInfo | null>(null);
  /** Of now. */
  #settings = $state.raw<Settings | null>(null);
  #rows = $state.raw<ReadonlyMap<string, WatchRow>>(new Map());
  #health = $state.raw<readonly VenueHealth[]>([]);
  /** Where the window stands in time: everything below is of then, unless it says that it is of now. */
  readonly past: Past;
  readonly isPast = $derived.by(() => this.past.view !== null);
  readonly settings = $derived.by((): Settings | null => {
    const [now, then] = [this.#settings, this.past.view?.settings];
    if (now === null || then === undefined) return now;
    const { lists, thresholds, ownThresholds, alerts } = then;
    return { ...now, lists, thresholds, ownThresholds, alerts };
  });
  readonly rows = $derived.by((): ReadonlyMap<string, WatchRow> => {
    const { view } = this.past;
    return view === null ? this.#rows : new Map(view.rows.map((row) => [row.instrument.id, row]));
  });
  /** Of what no list holds, while this window shows everything. */
  readonly scan = new ScanRows();
  /** What each venue is: its name, hue and fees. */
  venues = $state.raw<ReadonlyMap<string, VenueProfile>>(new Map());
  readonly health = $derived.by((): readonly VenueHealth[] => this.past.view?.health ?? this.#health);
  storage = $state.raw<HistoryStatus | null>(null);
  /** What the app has to say: what is over is no longer in it. */
  #said = $state.raw<readonly string[]>([]);
  /** Of those, what the person has put away. */
  #dismissed = $state.raw<ReadonlySet<string>>(new Set());
  readonly notices = $derived(this.#said.filter((text) => !this.#dismissed.has(text)));
  /** Grows with every `history.change` of an instrument: charts watch it. */
  historyVersion = $state.raw<ReadonlyMap<string, number>>(new Map());
  /** What is asked of it is of where the window stands. */
  readonly client: Client;
  /** Of now, wherever the window stands. */
  readonly #client: Client;
  /**
   * Settings told by event so far. Answers and events travel apart: an answer that was asked for before the last event
   * may be older than it, and every change comes as an event anyway.
   */
  #settingsHeard = 0;
  #isLoading = false;

  readonly workspace: WorkspaceState;
  #firstRowsAt: number | null = null;

  constructor(client: Client) {
    this.#client = client;
    this.past = new Past({
      client,
      selected: () => this.shown.selected,
      columns: () => this.workspace.columns,
      list: () => this.list?.id ?? null,
      onMove: () => this.#moved(),
      tell: (error) => this.tell(error),
    });
    this.client = this.past.standing(client);
    this.workspace = new WorkspaceState({
      client,
      list: () => (this.isScan ? EVERYTHING : (this.list?.id ?? null)),
      lists: () => (this.settings?.lists ?? []).map(({ id }) => id),
      scanning: (isScan) => {
        if (isScan) void this.#loadRows();
        else this.scan.clear();
      },
      tell: (error) => this.tell(error),
    });
  }

  /** What this window shows. */
  get shown(): Workspace {
    return this.workspace.shown;
  }

  /** Everything that is listed is shown, which is no list of the person's. */
  readonly isScan = $derived.by(() => this.shown.list === EVERYTHING);
  /** The list of the person's that is shown; null: none, or everything. */
  readonly list = $derived.by((): Watchlist | null => {
    if (this.isScan) return null;
    const lists = this.settings?.lists ?? [];
    return lists.find(({ id }) => id === this.shown.list) ?? lists[0] ?? null;
  });
  /** Under which names rows hold the cells of the shown columns. */
  readonly cellNames = $derived.by((): readonly string[] => this.past.view?.columns ?? this.workspace.cellNames);
  readonly selectedRow = $derived.by(() => (this.shown.selected === null ? null : (this.rows.get(this.shown.selected) ?? null)));
  readonly #active = $derived.by(() => [...this.rows.values()].filter(({ signal }) => signal.phase === 'active'));
  readonly activeSignals = $derived.by(() => activeSignals(this.#active, (row) => this.isStale(row)));
  #activeIdsBefore: ReadonlySet<string> = new Set();
  /** Instruments whose signal is active: the same object while they are the same ones. */
  readonly activeIds = $derived.by(() => {
    const ids = new Set(this.#active.map(({ instrument }) => instrument.id));
    const before = this.#activeIdsBefore;
    const isSame = ids.size === before.size && [...ids].every((id) => before.has(id));
    return isSame ? before : (this.#activeIdsBefore = ids);
  });
  #pacesBefore: ReadonlyMap<string, Pace> = new Map();
  /** By venue: the same object while no pace changes, though the venues' health does with every poll, for every row in sight goes by it. */
  readonly #paces = $derived.by(() => {
    const paces = new Map(this.health.map(({ id, aheadMs, pollMs }) => [id, { aheadMs: Math.round(aheadMs / 1000) * 1000, pollMs }]));
    const before = this.#pacesBefore;
    const isSame = ({ aheadMs, pollMs }: Pace, other?: Pace): boolean => aheadMs === other?.aheadMs && pollMs === other.pollMs;
    const areSame = paces.size === before.size && [...paces].every(([id, pace]) => isSame(pace, before.get(id)));
    return areSame ? before : (this.#pacesBefore = paces);
  });
  /** Venues are on, and none has answered so far. */
  readonly unreachable = $derived.by(() => {
    const on = this.health.filter(({ state }) => state !== 'off');
    return on.length > 0 && on.every(({ okAt, error }) => okAt === null && error !== null);
  });
  readonly unit = $derived(this.settings?.unit ?? '8h');
  readonly zone = $derived(this.settings?.zone ?? 'utc');

  /** Subscribes, loads and asks for the clock again and again; returns the stop. */
  start(): () => void {
    const client = this.#client;
    const stops = [
      client.on('settings.change', (settings) => {
        // Before the clock is known nothing may be drawn by it; they are asked for once it is.
        if (this.info === null) return;
        this.#settingsHeard += 1;
        this.#takeSettings(settings);
      }),
      client.on('watchlist.change', (rows) => this.#takeRows(rows)),
      client.on('venues.change', (health) => {
        this.#health = health;
        this.#selectFirst();
      }),
      client.on('instrument.asked', ({ instrument }) => {
        if (instrument !== '') this.select(instrument);
      }),
      client.on('history.change', ({ instruments }) => this.#bumpHistory(instruments)),
      client.on('app.notice', ({ notices }) => this.#hear(notices)),
      client.on('signal.entered', ({ title, body, instrument, severity = 'warning' }) => {
        void this.alerts.loadLog();
        const open = (): void => {
          if (instrument !== '') this.select(instrument);
        };
        const action = instrument === '' ? null : { label: 'Open', run: open };
        this.toasts.show('signal', this.isPast ? `Now: ${title}` : title, body, action);
        if (this.info?.shell === 'browser' && this.settings?.notify) tellOutside(title, body, open);
        if (this.settings?.alertManners.sound?.includes(severity) === true) playSound(severity).catch((error: unknown) => this.tell(error));
      }),
      this.clock.start(),
    ];
    const heartbeat = setInterval(() => void this.#askClock(), HEARTBEAT_MS);
    const status = setInterval(() => void this.#loadStorage(), STATUS_MS);
    void this.#askClock();
    return () => {
      clearInterval(heartbeat);
      clearInterval(status);
      for (const stop of stops) stop();
    };
  }

  venueName(id: string): string {
    return this.venues.get(id)?.name ?? id;
  }

  /** What the venue charges; null where that is not known. */
  feesOf(id: string): VenueProfile['fees'] {
    return this.venues.get(id)?.fees ?? null;
  }

  /** Of a list, or of everything while that is shown. */
  rowOf(id: string): WatchRow | null {
    return this.rows.get(id) ?? (this.isScan ? (this.scan.rows.get(id) ?? null) : null);
  }

  /** "SOL/USDC Binance USD-M"; of an instrument without a row its symbol. */
  nameOf(id: string): string {
    const row = this.rowOf(id);
    const pair = row ? pairOf(row.instrument) : id.slice(id.indexOf(':') + 1);
    return `${pair} ${this.venueName(venueOf(id))}`;
  }

  /** Its values are of before: the venue has not answered for too long, or nothing answers any more. */
  isStale({ instrument, status, observedAt }: WatchRow): boolean {
    if (this.connection === 'down' || status !== 'live' || observedAt === null) return true;
    // By age alone: a settlement that has just been is no reason to count it out.
    return freshness(this.timeAt(instrument.id), observedAt, null, this.pollMsOf(instrument.venue)) !== 'fresh';
  }

  /** How often the venue is asked. */
  pollMsOf(venue: string): number {
    return this.#paces.get(venue)?.pollMs ?? USUAL_POLL_MS;
  }

  healthOf(venue: string): VenueHealth | null {
    return this.health.find(({ id }) => id === venue) ?? null;
  }

  /** What time it is at the instrument's venue, in whole seconds: its ages and countdowns go by this. */
  timeAt(instrument: string): number {
    return this.clock.nowOf(instrument) + (this.#paces.get(venueOf(instrument))?.aheadMs ?? 0);
  }

  /** The same, precise and not watched. */
  readTimeAt(instrument: string): number {
    return this.clock.read() + (this.healthOf(venueOf(instrument))?.aheadMs ?? 0);
  }

  /** Changes settings at once on the screen and then in the app; what the app answers is what stays. */
  async change(patch: SettingsPatch): Promise<void> {
    if (!this.#settings) return;
    this.#settings = { ...this.#settings, ...withoutUndefined(patch) };
    await this.#settle(() => this.#client.call('settings.change', patch));
  }

  /** For what the system shows outside the windows: nothing hangs on its answer. */
  sayActive(count: number): void {
    this.#client.call('view.active', { count }).catch((error: unknown) => this.tell(error));
  }

  /** Changes what this window shows, and no other. */
  show(change: Partial<Workspace>): void {
    this.workspace.show(change);
  }

  select(instrument: string): void {
    if (this.shown.selected !== instrument) this.show({ selected: instrument });
  }

  /** A window that shows nothing yet selects the first row of its list, once the venues had their chance to put theirs first. */
  #selectFirst(): void {
    if (!this.workspace.isLoaded || this.shown.selected !== null) return;
    const first = this.list?.items[0] ?? this.settings?.lists.find(({ items }) => items.length > 0)?.items[0];
    if (first === undefined) return;
    this.#firstRowsAt ??= performance.now();
    const waited = performance.now() - this.#firstRowsAt >= SELECT_WAIT_MS;
    if (waited || this.health.every(({ state }) => state !== 'starting')) this.select(first);
  }

  async add(list: string, instrument: string): Promise<boolean> {
    const done = await this.#settle(() => this.client.call('watchlist.add', { list, instrument }));
    if (done) await this.#loadRows();
    return done;
  }

  async remove(list: Watchlist, instrument: string): Promise<void> {
    const from = list.items.indexOf(instrument);
    const section = groupsOf(list).findIndex(({ items }) => items.includes(instrument));
    if (!(await this.#settle(() => this.client.call('watchlist.remove', { list: list.id, instrument })))) return;
    const name = this.nameOf(instrument);
    this.toasts.show('notice', `${name} removed from ${list.name}`, '', {
      label: 'Undo',
      run: () => void this.#restore(list.id, instrument, from, section),
    });
  }

  async #restore(list: string, instrument: string, to: number, section: number): Promise<void> {
    if (await this.add(list, instrument)) await this.move(list, instrument, to, section);
  }

  /** Puts an instrument at a position of its list; `section`: under which heading, where it stands between two. */
  async move(list: string, instrument: string, to: number, section?: number): Promise<void> {
    const settings = this.#settings;
    if (!settings) return;
    this.#settings = {
      ...settings,
      lists: settings.lists.map((each) => (each.id === list ? { ...each, ...listOfGroups(moved(each, instrument, to, section)) } : each)),
    };
    await this.#settle(() => this.client.call('watchlist.move', { list, instrument, to, ...(section !== undefined && { section }) }));
  }

  /** Gives lists other instruments and headings, all at once. */
  async arrange(lists: readonly { readonly list: string; readonly groups: readonly Group[] }[]): Promise<boolean> {
    const arranged = lists.map(({ list, groups }) => ({ list, ...listOfGroups(groups) }));
    const done = await this.#settle(() => this.client.call('watchlist.arrange', { lists: arranged }));
    if (done) await this.#loadRows();
    return done;
  }

  /** Gives a list other headings. */
  async divide(list: Watchlist, sections: readonly Section[]): Promise<void> {
    await this.#settle(() => this.client.call('watchlist.divide', { list: list.id, sections: [...sections] }));
  }

  async createList(name: string): Promise<void> {
    const before = new Set(this.settings?.lists.map(({ id }) => id));
    if (!(await this.#settle(() => this.client.call('watchlist.create', { name })))) return;
    const made = this.settings?.lists.find(({ id }) => !before.has(id));
    if (made) this.show({ list: made.id });
  }

  async renameList(list: string, name: string): Promise<void> {
    await this.#settle(() => this.client.call('watchlist.rename', { list, name }));
  }

  async deleteList(list: string): Promise<void> {
    const lists = this.settings?.lists ?? [];
    const at = lists.findIndex(({ id }) => id === list);
    const deleted = lists[at];
    if (!(await this.#settle(() => this.client.call('watchlist.delete', { list })))) return;
    await this.#loadRows();
    if (deleted === undefined) return;
    const undo = async (): Promise<void> => {
      if (!(await this.#settle(() => this.client.call('watchlist.restore', { list: deleted, at })))) return;
      this.show({ list });
      await this.#loadRows();
    };
    this.toasts.show('notice', `${deleted.name} deleted`, '', { label: 'Undo', run: () => void undo() });
  }

  /** Global thresholds (instrument null) or an instrument's own; null goes back to the global one. */
  async changeThreshold(instrument: string | null, change: { [K in keyof SignalParams]?: SignalParams[K] | null }): Promise<boolean> {
    const input: CallInput<'thresholds.change'> = { instrument, ...change };
    const done = await this.#settle(() => this.client.call('thresholds.change', input));
    if (done) await this.#loadRows();
    return done;
  }

  async retryVenue(venue: string): Promise<void> {
    const why = await this.attempt(() => this.#client.call('venues.retry', { venue }));
    if (why !== null) this.toasts.show('fault', why);
  }

  /** Null when it was done; else why not, for the place on the screen that asked for it. */
  async attempt(ask: () => Promise<unknown>): Promise<string | null> {
    try {
      await ask();
      return null;
    } catch (error) {
      return error instanceof UserError ? error.message : String(error);
    }
  }

  dismiss(notice: string): void {
    this.#dismissed = new Set([...this.#dismissed, notice]);
  }

  /** Says an error in words for the person. */
  tell(error: unknown): void {
    if (error instanceof UserError && error.code === 'disconnected') {
      this.connection = 'down';
      return;
    }
    this.toasts.show(
      'fault',
      error instanceof UserError ? error.message : 'Something on this screen failed.',
      error instanceof UserError ? '' : String(error),
    );
  }

  async #settle(ask: () => Promise<Settings>): Promise<boolean> {
    try {
      const heard = this.#settingsHeard;
      const answer = await ask();
      if (heard === this.#settingsHeard) this.#takeSettings(answer);
      return true;
    } catch (error) {
      this.tell(error);
      await this.#reloadSettings();
      return false;
    }
  }

  /** What the screen had assumed is undone by what the app really has. */
  async #reloadSettings(): Promise<void> {
    try {
      this.#takeSettings(await this.#client.call('settings.get', {}));
    } catch (error) {
      this.tell(error);
    }
  }

  #takeSettings(settings: Settings): void {
    this.#settings = settings;
    this.#selectFirst();
    if (settings.lists.some(({ items }) => items.some((id) => !this.#rows.has(id)))) void this.#loadRows();
  }

  #takeRows(rows: readonly WatchRow[]): void {
    const scanned = rows.filter((row) => row.scanned === true);
    // Another window may show everything, and this one not.
    if (this.isScan && scanned.length > 0) this.scan.take(scanned);
    const left = scanned.filter(({ instrument }) => this.#rows.has(instrument.id));
    if (left.length === 0 && scanned.length === rows.length) return;
    const next = new Map(this.#rows);
    for (const { instrument } of left) next.delete(instrument.id);
    for (const row of rows) {
      if (row.scanned === true) continue;
      next.set(row.instrument.id, row);
      this.scan.drop(row.instrument.id);
    }
    this.#rows = next;
    this.#selectFirst();
  }

  /** The window stands at another moment: charts, audits, the log of alerts and what is measured are asked for anew. */
  #moved(): void {
    this.clock.standsAt = this.past.time;
    this.#bumpHistory([...new Set([...this.rows.keys(), ...(this.shown.selected === null ? [] : [this.shown.selected])])]);
    void this.alerts.loadLog();
  }

  #bumpHistory(instruments: readonly string[]): void {
    const next = new Map(this.historyVersion);
    for (const id of instruments) next.set(id, (next.get(id) ?? 0) + 1);
    this.historyVersion = next;
  }

  /** What is over and comes again is told again, also where it was put away before. */
  #hear(notices: readonly string[]): void {
    this.#said = notices;
    this.#dismissed = new Set([...this.#dismissed].filter((text) => notices.includes(text)));
  }

  async #loadRows(): Promise<void> {
    try {
      this.#takeRows(await this.#client.call('watchlist.rows', {}));
    } catch (error) {
      this.tell(error);
    }
  }

  async #loadStorage(): Promise<void> {
    if (this.connection !== 'up') return;
    try {
      this.storage = await this.#client.call('history.status', {});
      this.#hear(this.storage.notices);
    } catch (error) {
      this.tell(error);
    }
  }

  /** All at once: an app that has just begun answers each in its own time. */
  async #loadAll(): Promise<void> {
    const heard = this.#settingsHeard;
    // The list does not wait for how its window was arranged.
    const kept = this.workspace.kept();
    kept.catch(() => undefined);
    const [info, settings, rows, health, venues] = await Promise.all([
      this.#client.call('app.info', {}),
      this.#client.call('settings.get', {}),
      this.#client.call('watchlist.rows', {}),
      this.#client.call('venues.health', {}),
      this.#client.call('venues.list', {}),
    ]);
    this.#takeClock(info);
    this.venues = new Map(venues.map((venue) => [venue.id, venue]));
    this.#takeRows(rows);
    if (heard === this.#settingsHeard) this.#settings = settings;
    this.#health = health;
    await this.workspace.begin(await kept);
    this.connection = 'up';
    this.#bumpHistory(settings.lists.flatMap(({ items }) => items));
    await this.#loadStorage();
  }

  #takeClock(info: AppInfo): void {
    this.info = info;
    this.clock.sync(info);
  }

  /** Asks for the app's clock; the first answer, and each after an interruption, loads everything again. */
  async #askClock(): Promise<void> {
    try {
      // The first answers may take longer than the next question: they are asked for once.
      if (this.connection !== 'up' && !this.#isLoading) {
        this.#isLoading = true;
        await this.#loadAll().finally(() => (this.#isLoading = false));
        return;
      }
      this.#takeClock(await this.#client.call('app.info', {}));
      if (this.#isLoading) return;
      this.#selectFirst();
      await this.workspace.follow();
    } catch (error) {
      if (error instanceof UserError && error.code !== 'disconnected') this.tell(error);
      this.connection = 'down';
    }
  }
}

function withoutUndefined(patch: SettingsPatch): Partial<Settings> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
