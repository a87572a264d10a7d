import type { WatchRow } from '#bridge/contract.ts';
import type { PositionView, Scenario, ScenarioLeg, ScenarioPosition } from '#bridge/scenario.ts';
import type { SettledColumns } from '#domain/columns.ts';
import { heldTerms } from '#domain/decisions/held.ts';
import type { MaintenanceRule } from '#domain/decisions/maintenance.ts';
import { lacksMark, withHourlyMarks } from '#domain/decisions/open-position.ts';
import { positionNow } from '#domain/decisions/position-now.ts';
import { type InstrumentId, moneyOf, pairOf, venueOf, type VenueId } from '#domain/instrument.ts';
import { LONGEST_INTERVAL_H } from '#domain/interval.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import type { Reporter } from '../reporter.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Notification } from '../ports/notifier.ts';
import type { Owed } from '../ports/person.ts';
import { alertsOf, type PositionAlerts } from './position-alerts.ts';
import type { Scenarios } from './scenarios.ts';
import { covers } from '../spans.ts';
import type { Entry, Teller } from '../teller.ts';

export interface PositionsOptions {
  readonly scenarios: Scenarios;
  readonly store: Pick<HistoryStore, 'settled' | 'spans' | 'hours' | 'prices'>;
  readonly reporter: Pick<Reporter, 'failed' | 'guard'>;
  readonly row: (id: InstrumentId) => WatchRow;
  readonly now: (id: InstrumentId) => number;
  /** Its venue accrues all the time (`accruesContinuously`). */
  readonly accrues: (id: InstrumentId) => boolean;
  /** The venue's maintenance rule for one whose calculation has none; null: it does not say, or not now. */
  readonly maintenance: (id: InstrumentId) => Promise<MaintenanceRule | null>;
  readonly venueName: (id: InstrumentId) => string;
  readonly teller: Teller;
  readonly onChange: (views: PositionView[]) => void;
}

/** Open positions as of now: followed at every poll of their venue, told about when something turns against them. */
export interface Positions {
  /** With what was opened just now. */
  readonly list: () => Promise<PositionView[]>;
  readonly held: () => ReadonlySet<InstrumentId>;
  /** Scenarios changed: positions were opened, moved or closed. */
  readonly refresh: () => void;
  /** The venue answered. */
  readonly polled: (venue: VenueId) => void;
  /** Settled rates of the instrument changed. */
  readonly settled: (id: InstrumentId) => void;
  /** Rows changed otherwise: an hour closed, a quote went dead. */
  readonly changed: (ids: readonly InstrumentId[]) => void;
  /** Resolves when what is being read is taken over. */
  readonly stop: () => Promise<void>;
}

/** Venues post a settlement up to minutes late, and asking for it takes its turn. */
const POSTED_MS = HOUR_MS / 2;
/** The longest interval there is: where the interval is not known, a settlement may be that old. */
const LONGEST_MS = LONGEST_INTERVAL_H * HOUR_MS;

interface Leg {
  readonly key: string;
  readonly scenario: Scenario;
  readonly index: number;
  readonly id: InstrumentId;
  rates: SettledColumns | null;
  /** Stretches of which every settlement is stored. */
  proven: readonly Span[];
  maintenance: MaintenanceRule | null;
  view: PositionView | null;
  memory: ReadonlySet<string>;
}

export function createPositions(options: PositionsOptions): Positions {
  const { scenarios, store, reporter, teller, row, now } = options;
  let legs = new Map<string, Leg>();
  const reading = new Set<Promise<void>>();
  let stopped = false;

  const views = (): PositionView[] => [...legs.values()].flatMap(({ view }) => (view ? [view] : []));
  const all = (wanted: (leg: Leg) => boolean): Leg[] => [...legs.values()].filter(wanted);

  function refresh(): void {
    const next = new Map<string, Leg>();
    for (const scenario of scenarios.held()) {
      const { legs: held, told } = scenario.position ?? { legs: [], told: [] };
      for (const [index, { instrument }] of held.entries()) {
        const key = `${scenario.id} ${index}`;
        const before = legs.get(key);
        // A new name or input is a new object; what was told of it is not.
        if (before && before.scenario.input === scenario.input && before.scenario.position?.legs === held) next.set(key, before);
        else {
          const memory = new Set(told.flatMap((word) => (word.startsWith(`${index} `) ? [word.slice(`${index} `.length)] : [])));
          next.set(key, {
            key,
            scenario,
            index,
            id: instrument,
            rates: null,
            proven: [],
            maintenance: null,
            view: before?.view ?? null,
            memory,
          });
        }
      }
    }
    const before = legs;
    legs = next;
    if ([...before.keys()].some((key) => !next.has(key))) options.onChange(views());
    read(all((leg) => before.get(leg.key) !== leg));
  }

  /** Reads what was settled since the opening and what margin the venue asks, then shows the legs. */
  function read(some: readonly Leg[]): void {
    if (stopped) return;
    for (const leg of some) {
      const work = readRates(leg).finally(() => reading.delete(work));
      reading.add(work);
      void readMaintenance(leg);
    }
  }
  async function readRates(leg: Leg): Promise<void> {
    const { position } = leg.scenario;
    if (position === null) return;
    try {
      const [rates, proven] = await Promise.all([ratesSince(leg.id, position.openAt, now(leg.id)), store.spans(leg.id, 'settled')]);
      [leg.rates, leg.proven] = [rates, proven];
    } catch (error) {
      reporter.failed(`read what was settled of ${leg.id}`, error);
    }
    show([leg]);
  }
  /** Settled rates, each with its own mark or the stored hour's. */
  async function ratesSince(id: InstrumentId, from: number, to: number): Promise<SettledColumns> {
    const rates = await store.settled(id, from, to);
    if (!lacksMark(rates)) return rates;
    const [observed, candles] = await Promise.all([store.hours(id, from, to), store.prices(id, from, to)]);
    return withHourlyMarks(rates, observed, candles);
  }
  async function readMaintenance(leg: Leg): Promise<void> {
    if (leg.maintenance !== null || heldTerms(leg.scenario, leg.index).maintenance !== null) return;
    leg.maintenance = await options.maintenance(leg.id);
    if (leg.maintenance !== null) show([leg]);
  }

  /** Works the legs out again, tells what is new of them, and its listeners when one changed. */
  function show(some: readonly Leg[]): void {
    if (stopped) return;
    let changed = false;
    for (const leg of some) {
      const { position } = leg.scenario;
      const held = position?.legs[leg.index];
      // Closed or changed while its rates were read.
      if (!position || !held || leg.rates === null || legs.get(leg.key) !== leg) continue;
      const view = viewOf(leg, position, held, leg.rates);
      changed ||= JSON.stringify(view) !== JSON.stringify(leg.view);
      leg.view = view;
    }
    if (changed) options.onChange(views());
  }

  function viewOf(leg: Leg, position: ScenarioPosition, held: ScenarioLeg, rates: SettledColumns): PositionView {
    const { scenario, index, id } = leg;
    const { side, contracts, units, entry } = held;
    const { openAt } = position;
    const known = row(id);
    const { instrument, mark, rate, intervalH, nextFundingAt, observedAt } = known;
    const accrues = options.accrues(id);
    const live = known.status === 'live' && known.why !== 'stale' && mark !== null;
    const terms = heldTerms(scenario, index);
    const due = accrues ? lastAccrued(now(id)) : lastDue(known, now(id));
    const { fundingSince, ...rest } = positionNow(
      {
        side,
        contracts,
        units,
        entry,
        openAt,
        accrues,
        complete: due <= openAt || covers(leg.proven, openAt, due),
        terms,
        contract: instrument.contract,
        maintenance: terms.maintenance ?? leg.maintenance,
        money: instrument.settle,
        quote: moneyOf(instrument),
      },
      rates,
      now(id),
      live ? { mark, rate, intervalH, nextFundingAt } : null,
    );
    const alerts = alertsOf({ side, openAt, row: known, settled: rates, now: rest, memory: leg.memory });
    const whose = `${pairOf(instrument)} on ${options.venueName(id)}`;
    remember(leg, alerts, ({ title, text }) => ({ title: `${whose}: ${title}`, body: `${text} (${scenario.name})`, instrument: id }));
    return {
      scenario: scenario.id,
      leg: index,
      name: scenario.name,
      kind: scenario.kind,
      instrument,
      side,
      contracts,
      entry,
      openAt,
      mark: live ? mark : null,
      observedAt,
      fundingSince,
      ...rest,
      alerts: [...alerts.texts],
    };
  }

  /** What holds now, did not before, and is to be said; what no longer holds can enter again. */
  function remember(leg: Leg, { memory, news }: PositionAlerts, textOf: (one: PositionAlerts['news'][number]) => Notification): void {
    const { scenario, index, memory: before } = leg;
    const said = new Set(news.map(({ word }) => word));
    const nameOf = (word: string): string => `${scenario.id} ${scenario.position?.openAt} ${index} ${word}`;
    const keep = (word: string, holds: boolean, owed: Owed | null = null): Promise<boolean> =>
      scenarios.remember(scenario.id, `${index} ${word}`, holds, owed);
    leg.memory = memory;
    for (const word of before) {
      if (memory.has(word)) continue;
      teller.ended('position', nameOf(word));
      void reporter.guard('record what was told', () => keep(word, false));
    }
    for (const word of memory) {
      if (!before.has(word) && !said.has(word)) void reporter.guard('record what was told', () => keep(word, true));
    }
    const found = news.map((one): Entry => {
      const { word } = one;
      return { kind: 'position', name: nameOf(word), text: textOf(one), isNews: true, at: null, keep: (owed) => keep(word, true, owed) };
    });
    if (found.length > 0) void teller.tell(found);
  }

  return {
    async list() {
      await Promise.all(reading);
      return views();
    },
    held: () => new Set(all(() => true).map(({ id }) => id)),
    refresh,
    polled: (venue) => show(all(({ id }) => venueOf(id) === venue)),
    changed(ids) {
      const some = all(({ id }) => ids.includes(id));
      // The hour that closed may hold the mark that a settlement lacked.
      read(some.filter(({ rates }) => rates !== null && lacksMark(rates)));
      show(some);
    },
    settled: (id) => read(all((leg) => leg.id === id)),
    async stop() {
      stopped = true;
      await Promise.all(reading);
    },
  };
}

/** The newest clock hour whose accrual must be stored by now. */
const lastAccrued = (now: number): number => Math.floor((now - POSTED_MS) / HOUR_MS) * HOUR_MS;

/** The newest settlement that must be stored by now. */
function lastDue({ nextFundingAt, intervalH }: WatchRow, now: number): number {
  const by = now - POSTED_MS;
  if (nextFundingAt === null || intervalH === null) return by - LONGEST_MS;
  const intervalMs = intervalH * HOUR_MS;
  return nextFundingAt - Math.ceil((nextFundingAt - by) / intervalMs) * intervalMs;
}
