import type { VenueHealth, WatchRow } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { type Instrument, type InstrumentId, type VenueId, venueOf } from '#domain/instrument.ts';
import { type AlertNews, createAlertNews } from './alerts/alert-news.ts';
import { createBeat } from './collect/beat.ts';
import { createDecisions, type Decisions } from './decisions/decisions.ts';
import { createFeed, type Feed } from './collect/feed.ts';
import { createDueList } from './collect/due.ts';
import { createHosts } from './collect/host.ts';
import { type AppListener, createHub } from './hub.ts';
import { createJournal } from './journal.ts';
import { createLive } from './watch/live.ts';
import { createMarket, type Market } from './watch/market.ts';
import { createMetricDesk, type MetricDesk } from './metrics/metric-desk.ts';
import type { Cancel, Notification, Ports } from './ports.ts';
import { createPositions, type Positions } from './decisions/positions.ts';
import { createRecorder } from './collect/recorder.ts';
import { createRules, type Rules } from './alerts/rules.ts';
import { createScenarios, type Scenarios } from './decisions/scenarios.ts';
import type { Settings } from './settings.ts';
import { createSignalNews } from './watch/signal-news.ts';
import { createTurns } from './turns.ts';
import { createVenueClocks } from './collect/venue-clock.ts';
import { createVenueFacts } from './collect/venue-facts.ts';
import type { Venue } from './venue.ts';
import { buildRow, neutralOf, unknownInstrument } from './watch/watch-rows.ts';
import { createViews, type Views } from './views.ts';
import { effectiveParams, ownFields, seedLists, watchedIds } from './watch/watchlists.ts';

/** Instruments of no list whose charts were opened last; their history is kept up too. */
const MAX_OPENED = 20;
/** How long the first rows wait for slower venues before one is selected (real ms). */
const SELECT_WAIT_MS = 3_000;

export interface CollectorOptions {
  readonly venues: readonly Venue[];
  /** Base URLs that win over settings and the venue's own: PERPSCOPE_VENUE_URL_<ID>, the demo market. */
  readonly venueUrls: Readonly<Record<VenueId, string>>;
}

/** Collecting and following: the part of the app that runs whether or not anybody asks. */
export interface Collector {
  readonly market: Market;
  readonly desks: ReadonlyMap<VenueId, Feed>;
  readonly metrics: MetricDesk;
  readonly decisions: Decisions;
  readonly scenarios: Scenarios;
  readonly positions: Positions;
  readonly rules: Rules;
  readonly alerts: AlertNews;
  readonly views: Views;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly listen: (listener: AppListener) => Cancel;
  now(): number;
  readonly change: (change: (settings: Settings) => Settings) => Settings;
  rows(): WatchRow[];
  health(): VenueHealth[];
  notices(ofStore: readonly string[]): readonly string[];
  closedTo(id: InstrumentId): number;
  neutralPerHour(id: InstrumentId): number | null;
  readonly instrument: (id: InstrumentId) => Instrument;
  open(id: InstrumentId): void;
}

/** Settings are plain data, and a store may copy them: equal is what reads the same. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function createCollector(ports: Ports, options: CollectorOptions): Collector {
  const { clock, spending, store, settings, workspaces, notifier, log } = ports;
  const venueIds = options.venues.map(({ id }) => id);
  const market = createMarket();
  const hostOf = new Map(options.venues.map((venue) => [venue.id, venue.host.id]));
  const clocks = createVenueClocks(clock, (venue) => hostOf.get(venue) ?? venue);
  const dues = createDueList();
  const opened: InstrumentId[] = [];
  let started = false;
  let followed: ReadonlySet<InstrumentId> = new Set();
  let firstRowsAt: number | null = null;

  const views = createViews({
    clock,
    isOverList: (choice) => findMetric(choice.metric)?.on === 'basket',
    onChange({ selected }) {
      if (selected) follow(false);
    },
  });
  const hub = createHub(clock, {
    rows: (ids) => [...ids].filter((id) => followed.has(id)).map(row),
    health,
    onError: (error) => log.write('error', 'hub', 'a listener failed', { error: String(error) }),
  });
  const journal = createJournal({ store, log, onChange: tellNotices });
  /** As the store said last. */
  let ofStore: readonly string[] = [];
  let toldNotices = '[]';
  const recorder = createRecorder({ store, market, journal, watched: () => followed, onReplaced });
  const neutralPerHour = (id: InstrumentId): number | null => neutralOf(market.get(id)?.snapshot ?? null);
  const venueName = (id: InstrumentId): string => desks.get(venueOf(id))?.venue.name ?? venueOf(id);
  const known = (id: InstrumentId): Instrument => market.get(id)?.instrument ?? unknownInstrument(id);
  const live = createLive({
    clock,
    store,
    journal,
    neutralPerHour,
    params: (id) => effectiveParams(settings.current, id),
    now: (id) => clocks.now(venueOf(id)),
    awaits: (id, t) => dues.isDue(id, t) || (desks.get(venueOf(id))?.pollingSince(t) ?? false),
    held: (id) => desks.get(venueOf(id))?.held() ?? false,
    onView(id) {
      recorder.intervals.settled(id, live.view(id)?.settledAt ?? []);
      hub.rows([id]);
      hub.history(id);
      metrics.columns.refresh(id, Infinity);
      rules.refresh(id, Infinity);
      positions.changed([id]);
    },
    onEntry: createSignalNews({ store, journal, notifier, log, hub, venueName, instrument: known, notify: () => settings.current.notify }),
  });
  const hostFor = createHosts({ clock, spending, random: () => ports.random(), onSilence: () => hub.health() });
  const desks = new Map<VenueId, Feed>(
    options.venues.map((venue) => [
      venue.id,
      createFeed({
        venue,
        host: hostFor(venue.host),
        ports,
        urlOverride: options.venueUrls[venue.id],
        clocks,
        market,
        recorder,
        journal,
        dues,
        hub,
        followed: () => followed,
        onPoll,
        onStored,
        onArrived: () => live.tick(),
        onBook: (one) => metrics.columns.touch([one]),
      }),
    ]),
  );
  const source = {
    clock,
    store,
    market,
    live,
    instrument: known,
    book: (id: InstrumentId) => desks.get(venueOf(id))?.book(id) ?? null,
    now: (id: InstrumentId) => clocks.now(venueOf(id)),
    pollMs,
    venues: venueIds,
  };
  const turns = createTurns(clock, () => ports.nextTurn());
  const metrics = createMetricDesk({
    ...source,
    journal,
    turns,
    settings: () => settings.current,
    d: (id) => (followed.has(id) ? row(id).d : null),
    onCells: (ids) => hub.rows(ids),
  });
  const alerts = createAlertNews({
    store,
    journal,
    log,
    instrument: known,
    venueName,
    now: source.now,
    tell: tellOutside,
  });
  const rules = createRules({
    ...source,
    turns,
    journal,
    settings: () => settings.current,
    news: alerts,
    onChange: (ids, states) => hub.emit('alerts.change', { rules: [...ids], states }),
  });
  const venueFacts = createVenueFacts({ clock, desks });
  const decisions = createDecisions({ store, metrics, log, venue: venueFacts, row, closedTo: (id) => live.closedTo(id) });
  const scenarios = createScenarios({
    clock,
    store,
    journal,
    log,
    now: () => clock.now() + clocks.wallOffsetMs(),
    instrument,
    onChange(all) {
      hub.emit('scenarios.change', [...all]);
      positions.refresh();
      if (started) follow(false);
    },
  });
  const positions = createPositions({
    scenarios,
    store,
    journal,
    row,
    now: (id) => clocks.now(venueOf(id)),
    // What it has not said now, it may say at the next reading; the position shows why there is no figure.
    maintenance: (id) =>
      venueFacts.rules(id).then(
        ({ rules }) => rules.maintenance,
        () => null,
      ),
    venueName,
    tell(news) {
      log.write('info', 'position', `${news.title}, ${news.body}`, { instrument: news.instrument });
      tellOutside(news);
    },
    onChange: (views) => hub.emit('positions.change', views),
  });
  const beat = createBeat({
    clock,
    store,
    market,
    journal,
    log,
    desks,
    live,
    followed: () => followed,
    refreshRows,
    wantAll,
    tick() {
      metrics.columns.tick();
      rules.tick();
      tellNotices();
    },
    async tend() {
      try {
        ofStore = await recorder.tend();
      } catch (error) {
        journal.failed('look after the files', error);
      }
    },
    ensureSelected,
    limits: () => settings.current.limits,
    onJump,
  });

  function notices(): string[] {
    return [...new Set([...ofStore, ...settings.notices, ...workspaces.notices, ...journal.notices()])];
  }
  /** To the open windows, where they are others than before. */
  function tellNotices(): void {
    const now = notices();
    if (JSON.stringify(now) === toldNotices) return;
    toldNotices = JSON.stringify(now);
    hub.emit('app.notice', { notices: now });
  }
  function pollMs(venue: VenueId): number {
    return (desks.get(venue)?.settings().pollSeconds ?? 30) * 1000;
  }
  /** In the open windows, and outside them where the person wants it. */
  function tellOutside(news: Notification): void {
    hub.emit('signal.entered', news);
    if (settings.current.notify) notifier.notify(news);
  }
  function row(id: InstrumentId): WatchRow {
    return buildRow({
      id,
      listing: market.get(id),
      view: live.view(id),
      params: effectiveParams(settings.current, id),
      own: ownFields(settings.current, id),
      polls: market.polls(venueOf(id)),
      now: clocks.now(venueOf(id)),
      pollMs: pollMs(venueOf(id)),
      columns: metrics.columns.cells(id),
    });
  }
  function instrument(id: InstrumentId): Instrument {
    if (market.get(id) === null && !followed.has(id)) throw new UserError('not-found', `No venue lists ${id}.`);
    return known(id);
  }
  function health(): VenueHealth[] {
    return [...desks.values()].map((desk) => desk.health());
  }
  function refreshRows(ids: readonly InstrumentId[]): void {
    hub.rows(ids);
    metrics.columns.touch(ids);
    positions.changed(ids);
  }

  /** Lists, selection or what is listed changed: follow what is to be followed now. */
  function follow(atStart: boolean): void {
    const { selected } = settings.current;
    const ids = watchedIds(settings.current);
    if (selected !== null) ids.add(selected);
    for (const id of [...views.selected, ...positions.held(), ...rules.instruments()]) ids.add(id);
    const fresh = [...ids].filter((id) => !followed.has(id));
    followed = ids;
    live.track(ids, atStart);
    metrics.columns.follow(ids);
    hub.rows(fresh);
    const kept = new Set([...ids, ...opened]);
    for (const desk of desks.values()) desk.keep(kept, selected);
    if (started) for (const id of fresh) want(id);
  }
  function want(id: InstrumentId): void {
    const listing = market.get(id);
    if (listing) desks.get(venueOf(id))?.want(listing.instrument, id === settings.current.selected);
  }
  function wantAll(): void {
    for (const id of [...followed, ...opened]) want(id);
  }

  function change(apply: (old: Settings) => Settings): Settings {
    const before = settings.current;
    const next = settings.update(apply);
    if (same(before, next)) return next;
    hub.emit('settings.change', next);
    const rearranged = !same(next.lists, before.lists) || !same(next.alerts, before.alerts);
    if (rearranged || next.selected !== before.selected) follow(false);
    if (rearranged) rules.arrange();
    if (!same(next.thresholds, before.thresholds) || !same(next.ownThresholds, before.ownThresholds)) {
      hub.rows(followed);
      live.refresh(followed);
    }
    const columns = !same(next.columns, before.columns);
    if (columns) hub.rows(followed);
    if (columns || next.activeList !== before.activeList || !same(next.lists, before.lists)) metrics.columns.choose();
    for (const [id, desk] of desks) {
      const [old, now] = [before.venues[id], next.venues[id]];
      if (!same(old, now)) desk.reconfigure(old?.url !== now?.url);
    }
    return next;
  }

  function onPoll(desk: Feed, complete: boolean): void {
    const { id } = desk.venue;
    if (complete) {
      const listed = [...market.ofVenue(id)].filter(({ missing }) => missing === 0).map(({ instrument }) => instrument);
      const seeded = seedLists(settings.current, id, listed, venueIds, known);
      if (seeded !== settings.current) change(() => seeded);
    }
    const own = [...followed].filter((one) => venueOf(one) === id);
    if (market.polls(id) === 1) own.forEach(want);
    hub.rows(own);
    metrics.columns.touch([...market.ofVenue(id)].map(({ instrument }) => instrument.id));
    positions.polled(id);
    live.refresh(own.filter((one) => (live.view(one)?.neutralPerHour ?? null) !== neutralPerHour(one)));
    ensureSelected();
    desk.pump();
  }
  function onStored(id: InstrumentId, recent: boolean, changedFrom: number): void {
    hub.history(id);
    hub.health();
    metrics.columns.refresh(id, changedFrom);
    rules.refresh(id, changedFrom);
    positions.settled(id);
    decisions.forget(id);
    if (recent) live.refresh([id]);
  }

  /** What was fetched into the file before may be missing in this one. */
  function onReplaced(): void {
    for (const desk of desks.values()) desk.reload();
    wantAll();
    for (const id of followed) onStored(id, true, 0);
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
    if (waited || [...desks.values()].every((desk) => desk.heard())) change((old) => ({ ...old, selected: first }));
  }

  function onJump(missedMs: number): void {
    clocks.forget();
    const minutes = Math.round(Math.abs(missedMs) / 60_000);
    const text = missedMs < 0 ? `the clock was set back by ${minutes} min` : `no data for ${minutes} min: asleep, or the clock was set`;
    log.write('warn', 'app', text);
    for (const [id, desk] of desks) {
      if (!desk.settings().enabled) continue;
      journal.event({ at: clock.now(), kind: 'sleep', venue: id, instrument: null, text });
      desk.wake();
    }
    wantAll();
  }

  async function load(): Promise<void> {
    const [instruments, latest, bans] = await Promise.all([store.instruments(), store.latest(), store.bans()]);
    market.load(instruments, latest);
    for (const { instrument: one, snapshot } of latest) recorder.intervals.load(one.id, snapshot);
    for (const { at, venue } of bans) for (const desk of desks.values()) if (desk.venue.host.id === venue) desk.ban(at);
    await scenarios.load();
  }

  return {
    market,
    desks,
    metrics,
    decisions,
    scenarios,
    positions,
    rules,
    alerts,
    views,
    async start() {
      if (started) return;
      try {
        await load();
      } catch (error) {
        journal.failed('read what is stored', error);
      }
      started = true;
      follow(true);
      rules.arrange();
      wantAll();
      for (const desk of desks.values()) desk.start();
      beat.start();
    },
    async stop() {
      views.stop();
      beat.stop();
      await Promise.all([...desks.values()].map((desk) => desk.stop()));
      await live.stop();
      await metrics.columns.stop();
      await rules.stop();
      await positions.stop();
      await beat.done();
      hub.stop();
    },
    listen: (listener) => hub.listen(listener),
    now: () => Math.round(clock.now() + clocks.wallOffsetMs()),
    change,
    rows: () => [...followed].map(row),
    health,
    notices(said) {
      ofStore = said;
      tellNotices();
      return notices();
    },
    closedTo: (id) => live.closedTo(id),
    neutralPerHour,
    instrument,
    open(id) {
      if (followed.has(id) || opened.includes(id)) return;
      opened.push(id);
      if (opened.length > MAX_OPENED) opened.shift();
      want(id);
    },
  };
}
