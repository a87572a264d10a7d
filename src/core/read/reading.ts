import type { WatchRow } from '#bridge/contract.ts';
import { type InstrumentId, venueOf } from '#domain/instrument.ts';
import { toSettlement } from '#domain/telling.ts';
import { accruesContinuously } from '#domain/metrics/venue-terms.ts';
import type { Events } from '../events.ts';
import type { PersonStore } from '../ports/person.ts';
import type { Reporter } from '../reporter.ts';
import type { Observed } from '../observed.ts';
import type { CorePorts } from '../joined-settings.ts';
import type { Moment } from '#bridge/as-of.ts';
import { UserError } from '#bridge/errors.ts';
import type { Teller } from '../teller.ts';
import { createSharedThread } from '../shared-thread.ts';
import type { ViewedColumn } from '../views.ts';
import { fromHistory } from '../from-history.ts';
import { effectiveParams, ownFields } from '../watchlists.ts';
import { type AlertNews, createAlertNews } from './alerts/alert-news.ts';
import { createEventRules } from './alerts/event-rules.ts';
import { createAlertRules, type AlertRules } from './alerts/rules.ts';
import type { Answers } from './answers.ts';
import { createCharts } from './charts.ts';
import { createLive } from './live.ts';
import { createMetricService, type MetricService } from './metrics/metric-service.ts';
import { createMetricSource } from './metrics/metric-source.ts';
import { readForecastRecord } from './forecast-record.ts';
import { createKeptRows } from './kept-rows.ts';
import { createMoments } from './moments.ts';
import { createPinned } from './pinned.ts';
import { createPasts, type Pasts } from './pasts.ts';
import { readAsOf } from './reading-as-of.ts';
import { SIGNAL_ROWS, SignalLine } from './signal-line.ts';
import { createSignalLines } from './signal-lines.ts';
import { createSignalNews } from './signal-news.ts';
import { buildRow, neutralOf } from './watch-rows.ts';

export interface ReadingOptions {
  readonly ports: Pick<CorePorts, 'clock' | 'store' | 'settings' | 'log' | 'nextTurn'> & {
    readonly person: Pick<
      PersonStore,
      'recordSignal' | 'recordAlert' | 'alerts' | 'newestAlerts' | 'acknowledge' | 'signalLog' | 'signals' | 'at'
    >;
  };
  readonly events: Events;
  readonly reporter: Reporter;
  readonly observed: Observed;
  /** As the facts of the history are stamped. */
  readonly utc: () => number;
  readonly teller: Teller;
  /** The metrics that some window shows for every followed instrument. */
  readonly columns: () => readonly ViewedColumn[];
}

/** What is made of the store and of what is observed now: rows, signals, columns, alerts. It asks no venue, and nothing of it is what a window shows. */
export interface Reading {
  /** Answers of now (null, or nothing said), or of a moment of the past; rejects with UserError where it has not come yet. */
  readonly at: (moment: Moment | null | undefined) => Promise<Answers>;
  /** What one window sees of the past. */
  readonly past: Pasts['look'];
  readonly metrics: MetricService;
  readonly alertRules: AlertRules;
  readonly alerts: AlertNews;
  readonly row: (id: InstrumentId) => WatchRow;
  /** The last closed hour of the instrument (followed or not). */
  readonly closedTo: (id: InstrumentId) => number;
  /** Resolves when what is being worked out is over. */
  readonly stop: () => Promise<void>;
}

/** Settings are plain data, and a store may copy them: equal is what reads the same. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function createReading({ ports, events, reporter, observed, utc, teller, columns }: ReadingOptions): Reading {
  const { clock, store, person, settings, log } = ports;
  const { listings, now, pollMs, venueName, instrument } = observed;
  let followed: ReadonlySet<InstrumentId> = new Set();
  /** Those and what is scanned: they have rows. */
  let shown: ReadonlySet<InstrumentId> = new Set();
  events.on('followed', ({ ids, scanned }) => {
    followed = ids;
    shown = new Set([...ids, ...scanned]);
  });

  const neutralPerHour = (id: InstrumentId): number | null => neutralOf(listings.get(id)?.snapshot ?? null);
  const thread = createSharedThread(clock, () => ports.nextTurn());
  const rows = createKeptRows(clock);
  events.on('stored', ({ instrument: id }) => rows.forget(id));

  const news = createSignalNews({ person, teller, venueName, instrument, unit: () => settings.current.unit });
  const live = createLive({
    clock,
    reporter,
    thread,
    line: (id) => lines.of(id),
    neutralPerHour,
    now,
    awaits: observed.awaits,
    held: observed.held,
    onView: (id) => events.emit('closed', { instrument: id }),
    // What is only scanned is looked at: nothing of it is told.
    onEntry: (id, entry, params) => (followed.has(id) ? news(id, entry, params) : Promise.resolve()),
  });
  const list = (id: string): readonly InstrumentId[] => settings.current.lists.find((one) => one.id === id)?.items ?? [];
  const source = createMetricSource({ ...observed, clock, store, live, list, rows });
  const lines = createSignalLines({
    params: (id) => effectiveParams(settings.current, id),
    newLine: (id, params, draws) => new SignalLine(params, source.feed(SIGNAL_ROWS, id, null), draws),
  });
  events.on('followed', () => lines.follow(shown));
  events.on('stored', ({ instrument: id, changedFrom }) => lines.changed(id, changedFrom));

  events.on('followed', ({ atStart }) => live.track(shown, atStart));
  events.on('settings', ({ before, next }) => {
    if (!same(next.thresholds, before.thresholds) || !same(next.ownThresholds, before.ownThresholds)) live.refresh(shown);
  });
  events.on('polled', ({ venue }) => live.restated([...shown].filter((id) => venueOf(id) === venue)));
  events.on('stored', ({ instrument: id, recent }) => {
    if (recent) live.changed(id);
  });
  events.on('arrived', () => live.tick());
  events.on('tick', () => live.tick());

  const closedTo = (id: InstrumentId): number => live.closedTo(id);
  const charts = createCharts({
    ...{ lines, thread, closedTo, formulaOf: observed.formulaOf },
    spans: (id) => store.spans(id, 'settled'),
  });
  events.on('stored', ({ instrument: id }) => charts.stored(id));

  const metrics = createMetricService({
    ...observed,
    clock,
    ranges: (ids, from, to) => store.rateRanges(ids, from, to),
    source,
    reporter,
    thread,
    shown: columns,
    d: (id) => (shown.has(id) ? row(id).d : null),
    onCells: (instruments) => events.emit('cells', { instruments }),
  });
  const { columns: cells } = metrics;
  events.on('followed', () => cells.follow(shown));
  events.on('settings', ({ before, next }) => {
    if (!same(next.lists, before.lists)) cells.choose();
  });
  events.on('viewed', ({ columns: areOther }) => {
    if (areOther) cells.choose();
  });
  events.on('polled', ({ venue }) => cells.touch([...listings.ofVenue(venue)].map((listing) => listing.instrument.id)));
  events.on('stored', ({ instrument: id, changedFrom }) => cells.refresh(id, changedFrom));
  events.on('closed', ({ instrument: id }) => cells.refresh(id, Infinity));
  events.on('aged', ({ instruments }) => cells.touch(instruments));
  events.on('booked', ({ instrument: id }) => cells.touch([id]));
  events.on('tick', () => cells.tick());

  const alerts = createAlertNews({
    person,
    teller,
    log,
    instrument,
    venueName,
    now,
    unit: () => settings.current.unit,
    manners: () => settings.current.alertManners,
    settlementMs(id, at) {
      const listing = listings.get(id);
      return toSettlement(at, listing?.snapshot?.nextFundingAt ?? null, listing?.intervalH ?? null);
    },
  });
  const alertRules = createAlertRules({
    clock,
    live,
    now,
    source,
    thread,
    reporter,
    settings: () => settings.current,
    news: alerts,
    onChange: (ids, states) => events.emit('judged', { rules: ids, states }),
  });
  events.on('settings', ({ before, next }) => {
    if (!same(next.lists, before.lists) || !same(next.alerts, before.alerts)) alertRules.arrange();
  });
  events.on('stored', ({ instrument: id, changedFrom }) => alertRules.refresh(id, changedFrom));
  events.on('closed', ({ instrument: id }) => alertRules.refresh(id, Infinity));
  events.on('tick', () => alertRules.tick());

  const eventRules = createEventRules({
    clock,
    store,
    listings,
    now,
    manners: () => settings.current.alertManners,
    follows: (id) => followed.has(id),
    news: alerts,
    reporter,
    onChange: () => events.emit('judged', { rules: [], states: [] }),
  });
  events.on('followed', ({ atStart }) => {
    if (atStart) eventRules.arrange();
  });
  events.on('settings', ({ before, next }) => {
    if (!same(next.alertManners, before.alertManners)) eventRules.arrange();
  });
  events.on('polled', ({ venue, whole }) => eventRules.polled(venue, whole));
  events.on('tick', () => eventRules.tick());

  const moments = createMoments({
    clock,
    now: utc,
    live: {
      divergence: (id, from) => charts.divergence(instrument(id), from),
      series: metrics.series,
      explain: metrics.explain,
      record: (id) => readForecastRecord(store, metrics.series, id, now(id)),
      terms: async (id) => ({ formula: observed.formulaOf(venueOf(id))?.terms ?? [], stated: await fromHistory(store.terms(id)) }),
      rows: () => Promise.resolve([...shown].map(row)),
      row: (id) => Promise.resolve(row(id)),
      matrix(question) {
        const found = question.list === null ? null : settings.current.lists.find((one) => one.id === question.list);
        if (found === undefined) return Promise.reject(new UserError('not-found', 'That list does not exist any more.'));
        return metrics.matrix(found?.items ?? null, question);
      },
    },
    readAsOf: (then) => readAsOf({ ...observed, clock, store, person, thread, settings: () => settings.current }, then),
  });
  const pasts = createPasts({
    ...observed,
    clock,
    store,
    person,
    thread,
    reporter,
    settings: () => settings.current,
    now: utc,
    check: moments.check,
    walked: { lines, columns: metrics.columns },
  });
  events.on('stored', ({ instrument: id, changedFrom }) => pasts.changed(id, changedFrom));

  const pinned = createPinned({ store, clock, reporter, now, onChange: (id) => events.emit('cells', { instruments: [id] }) });
  // Of what is only scanned too, as far as its settlements are stored.
  events.on('followed', () => pinned.follow(shown));
  events.on('stored', ({ instrument: id, recent }) => pinned.stored(id, recent));
  events.on('tick', () => pinned.tick());

  function row(id: InstrumentId): WatchRow {
    const venue = venueOf(id);
    return buildRow({
      id,
      listing: listings.get(id),
      view: live.view(id),
      params: effectiveParams(settings.current, id),
      accrues: accruesContinuously(observed.formulaOf(venue)),
      own: ownFields(settings.current, id),
      pinned: pinned.of(id),
      polls: listings.polls(venue),
      now: now(id),
      pollMs: pollMs(venue),
      cells: metrics.columns.cells(id),
      scanned: shown.has(id) && !followed.has(id),
    });
  }

  return {
    at: (moment = null) => moments.at(moment),
    past: pasts.look,
    metrics,
    alertRules,
    alerts,
    row,
    closedTo,
    async stop() {
      moments.stop();
      await pasts.stop();
      await live.stop();
      await metrics.columns.stop();
      await alertRules.stop();
      await eventRules.stop();
      await pinned.stop();
    },
  };
}
