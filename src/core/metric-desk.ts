import type { MatrixRow } from '#bridge/contract.ts';
import { freshness } from '#domain/freshness.ts';
import type { Instrument, InstrumentId, VenueId } from '#domain/instrument.ts';
import type { FrameKind } from '#domain/metrics/frames/frames.ts';
import type { Journal } from './journal.ts';
import type { Live } from './live.ts';
import { bySpread, matrixRow } from './matrix.ts';
import type { Market } from './market.ts';
import { createMetricColumns, type MetricColumns } from './metric-columns.ts';
import { BAR_MS, createMetricFrames, frameInstrument } from './metric-frames.ts';
import { liveRow, type LiveRow, type Observation } from './metric-live.ts';
import { createMetricAnswers, type MetricAnswers } from './metrics.ts';
import type { Clock, HistoryStore } from './ports.ts';
import type { Settings } from './settings.ts';
import { createTurns } from './turns.ts';

export interface MetricDeskOptions {
  readonly clock: Clock;
  readonly store: HistoryStore;
  readonly market: Market;
  readonly live: Live;
  readonly journal: Journal;
  readonly nextTurn: () => Promise<void>;
  readonly settings: () => Settings;
  readonly instrument: (id: InstrumentId) => Instrument;
  /** Venue-corrected time, and the venue's poll interval. */
  now(id: InstrumentId): number;
  pollMs(venue: VenueId): number;
  /** D of now of a followed instrument. */
  readonly d: (id: InstrumentId) => number | null;
  readonly venues: readonly VenueId[];
  readonly onCells: (ids: Iterable<InstrumentId>) => void;
}

/** Everything of metrics that the app holds: what is chosen for the list, what is asked for, the matrix. */
export interface MetricDesk extends MetricAnswers {
  readonly columns: MetricColumns;
  /** Widest spread first. */
  readonly matrix: (list: readonly InstrumentId[] | null) => MatrixRow[];
  /** A row of this instrument closed or its history changed: it and those that are compared with it are worked out again. */
  readonly refresh: (id: InstrumentId) => void;
  /** The venue has answered. */
  readonly polled: (ids: Iterable<InstrumentId>) => void;
}

export function createMetricDesk(options: MetricDeskOptions): MetricDesk {
  const { market, live, settings, venues } = options;
  const turns = createTurns(options.clock, options.nextTurn);

  function observation(id: InstrumentId): Observation {
    const instrument = options.instrument(id);
    const { snapshot = null, observedAt = null, intervalH = null } = market.get(id) ?? {};
    const at = observedAt ?? 0;
    return {
      instrument: frameInstrument(instrument, snapshot?.interestPer8h ?? null),
      snapshot: observedAt === null ? null : snapshot,
      observedAt: at,
      intervalH: intervalH ?? live.view(id)?.intervalH ?? NaN,
      freshness: freshness(options.now(id), at, snapshot?.nextFundingAt ?? null, options.pollMs(instrument.venue)),
    };
  }
  /** Every instrument that was ever listed, so that a delisting takes nothing from the hours before it. */
  function byAsset(): Map<string, InstrumentId[]> {
    const assets = new Map<string, InstrumentId[]>();
    for (const { instrument } of market.all()) {
      const ids = assets.get(instrument.asset);
      if (ids) ids.push(instrument.id);
      else assets.set(instrument.asset, [instrument.id]);
    }
    const rank = (id: InstrumentId): number => venues.indexOf(options.instrument(id).venue);
    for (const ids of assets.values()) ids.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    return assets;
  }
  const ofAsset = (id: InstrumentId): readonly InstrumentId[] => byAsset().get(options.instrument(id).asset) ?? [id];
  const basket = (): readonly InstrumentId[] => {
    const { lists, activeList } = settings();
    return lists.find((list) => list.id === activeList)?.items ?? [];
  };
  const legsOf = (on: FrameKind, id: InstrumentId): readonly InstrumentId[] =>
    on === 'asset' ? ofAsset(id) : on === 'basket' ? basket() : [id];

  function liveOf(on: FrameKind, id: InstrumentId): LiveRow | null {
    return liveRow(on, observation(id), on === 'asset' || on === 'basket' ? legsOf(on, id).map(observation) : []);
  }
  function closedTo(on: FrameKind, id: InstrumentId): number {
    if (on === 'bar') return Math.floor(options.now(id) / BAR_MS) * BAR_MS;
    return Math.min(live.closedTo(id), ...legsOf(on, id).map((leg) => live.closedTo(leg)));
  }
  const frame = createMetricFrames({
    store: options.store,
    instrument: (id) => observation(id).instrument,
    ofAsset,
    basket,
  });
  const answers = createMetricAnswers({ turns, frame, closedTo, live: liveOf });
  const columns = createMetricColumns({
    turns,
    journal: options.journal,
    frame,
    closedTo,
    live: liveOf,
    choices: () => settings().columns,
    onCells: options.onCells,
  });
  /** Those whose columns may read a row of one of these. */
  function dependents(ids: Iterable<InstrumentId>): Set<InstrumentId> {
    const found = new Set(ids);
    const own = [...found];
    if (columns.uses('asset')) {
      const assets = byAsset();
      for (const id of own) for (const other of assets.get(options.instrument(id).asset) ?? []) found.add(other);
    }
    if (columns.uses('basket') && own.some((id) => basket().includes(id))) for (const id of basket()) found.add(id);
    return found;
  }

  return {
    ...answers,
    columns,
    refresh: (id) => columns.refresh(dependents([id])),
    polled: (ids) => columns.touch(dependents(ids)),
    matrix(list) {
      const wanted = list && new Set(list.map((id) => options.instrument(id).asset));
      const rows: MatrixRow[] = [];
      for (const [asset, ids] of byAsset()) {
        const listed = ids.filter((id) => (market.get(id)?.missing ?? 0) === 0);
        if (wanted ? !wanted.has(asset) : new Set(listed.map((id) => options.instrument(id).venue)).size < 2) continue;
        rows.push(matrixRow(asset, listed, { observation, d: options.d, now: () => options.clock.now() }));
      }
      return rows.sort(bySpread);
    },
  };
}
