import type { WatchRow } from '#bridge/contract.ts';
import { type InstrumentId, venueOf } from '#domain/instrument.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import type { Events } from '../events.ts';
import type { Reporter } from '../reporter.ts';
import type { Observed } from '../observed.ts';
import type { CorePorts } from '../joined-settings.ts';
import type { Teller } from '../teller.ts';
import { createSharedThread } from '../shared-thread.ts';
import type { ViewedColumn } from '../views.ts';
import { effectiveParams, ownFields } from '../watchlists.ts';
import { type AlertNews, createAlertNews } from './alerts/alert-news.ts';
import { createRules, type Rules } from './alerts/rules.ts';
import { type Charts, createCharts } from './charts.ts';
import { createLive } from './live.ts';
import { createMetricService, type MetricService } from './metrics/metric-service.ts';
import { frameInstrument } from './metrics/metric-frames.ts';
import { createMetricSource } from './metrics/metric-source.ts';
import { createKeptRows } from './kept-rows.ts';
import { SIGNAL_ROWS, SignalLine } from './signal-line.ts';
import { createSignalNews } from './signal-news.ts';
import { buildRow, neutralOf } from './watch-rows.ts';

export interface ReadingOptions {
  readonly ports: Pick<CorePorts, 'clock' | 'store' | 'person' | 'settings' | 'log' | 'nextTurn'>;
  readonly events: Events;
  readonly reporter: Reporter;
  readonly observed: Observed;
  readonly teller: Teller;
  /** The metrics that some window shows for every followed instrument. */
  readonly columns: () => readonly ViewedColumn[];
}

/** What is made of the store and of what is observed now: rows, signals, columns, alerts. It asks no venue, and nothing of it is what a window shows. */
export interface Reading {
  readonly charts: Charts;
  readonly metrics: MetricService;
  readonly rules: Rules;
  readonly alerts: AlertNews;
  readonly row: (id: InstrumentId) => WatchRow;
  readonly rows: () => WatchRow[];
  /** The last closed hour of the instrument (followed or not). */
  readonly closedTo: (id: InstrumentId) => number;
  /** Resolves when what is being worked out is over. */
  readonly stop: () => Promise<void>;
}

/** Settings are plain data, and a store may copy them: equal is what reads the same. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function createReading({ ports, events, reporter, observed, teller, columns }: ReadingOptions): Reading {
  const { clock, store, person, settings, log } = ports;
  const { market, now, pollMs, venueName, instrument } = observed;
  let followed: ReadonlySet<InstrumentId> = new Set();

  const neutralPerHour = (id: InstrumentId): number | null => neutralOf(market.get(id)?.snapshot ?? null);
  const framed = (id: InstrumentId): FrameInstrument =>
    frameInstrument(instrument(id), observed.formulaOf(venueOf(id)), market.get(id)?.snapshot?.interestPer8h);
  const thread = createSharedThread(clock, () => ports.nextTurn());
  const rows = createKeptRows(clock);
  const live = createLive({
    clock,
    reporter,
    thread,
    newLine: (id, params) => new SignalLine(params, source.feed(SIGNAL_ROWS, id, null)),
    neutralPerHour,
    params: (id) => effectiveParams(settings.current, id),
    now,
    awaits: observed.awaits,
    held: observed.held,
    onView: (id) => events.emit('closed', { instrument: id }),
    onEntry: createSignalNews({ person, teller, venueName, instrument }),
  });
  const list = (id: string): readonly InstrumentId[] => settings.current.lists.find((one) => one.id === id)?.items ?? [];
  const source = createMetricSource({ ...observed, clock, store, live, list, rows });
  const charts = createCharts({
    store,
    events,
    framed,
    params: (id) => effectiveParams(settings.current, id),
    closedTo: (id) => live.closedTo(id),
  });
  const metrics = createMetricService({
    ...observed,
    clock,
    source,
    reporter,
    thread,
    shown: columns,
    d: (id) => (followed.has(id) ? row(id).d : null),
    onCells: (instruments) => events.emit('cells', { instruments }),
  });
  const alerts = createAlertNews({ person, teller, log, instrument, venueName, now });
  const rules = createRules({
    clock,
    live,
    source,
    thread,
    reporter,
    settings: () => settings.current,
    news: alerts,
    onChange: (ids, states) => events.emit('judged', { rules: ids, states }),
  });

  function row(id: InstrumentId): WatchRow {
    const venue = venueOf(id);
    return buildRow({
      id,
      listing: market.get(id),
      view: live.view(id),
      params: effectiveParams(settings.current, id),
      own: ownFields(settings.current, id),
      polls: market.polls(venue),
      now: now(id),
      pollMs: pollMs(venue),
      cells: metrics.columns.cells(id),
    });
  }

  events.on('followed', ({ ids, atStart }) => {
    followed = ids;
    live.track(ids, atStart);
    metrics.columns.follow(ids);
  });
  events.on('settings', ({ before, next }) => {
    const lists = !same(next.lists, before.lists);
    if (lists || !same(next.alerts, before.alerts)) rules.arrange();
    if (!same(next.thresholds, before.thresholds) || !same(next.ownThresholds, before.ownThresholds)) live.refresh(followed);
    if (lists) metrics.columns.choose();
  });
  events.on('viewed', ({ columns: areOther }) => {
    if (areOther) metrics.columns.choose();
  });
  events.on('polled', ({ venue }) => {
    metrics.columns.touch([...market.ofVenue(venue)].map((listing) => listing.instrument.id));
    live.restated([...followed].filter((id) => venueOf(id) === venue));
  });
  events.on('stored', ({ instrument: id, recent, changedFrom }) => {
    rows.forget(id);
    metrics.columns.refresh(id, changedFrom);
    rules.refresh(id, changedFrom);
    live.changed(id, changedFrom, recent);
  });
  events.on('closed', ({ instrument: id }) => {
    metrics.columns.refresh(id, Infinity);
    rules.refresh(id, Infinity);
  });
  events.on('aged', ({ instruments }) => metrics.columns.touch(instruments));
  events.on('booked', ({ instrument: id }) => metrics.columns.touch([id]));
  events.on('arrived', () => live.tick());
  events.on('tick', () => {
    live.tick();
    metrics.columns.tick();
    rules.tick();
  });

  return {
    charts,
    metrics,
    rules,
    alerts,
    row,
    rows: () => [...followed].map(row),
    closedTo: (id) => live.closedTo(id),
    async stop() {
      await live.stop();
      await metrics.columns.stop();
      await rules.stop();
    },
  };
}
