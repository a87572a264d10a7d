import type { ExploredSettlements } from '#bridge/explore.ts';
import { UserError } from '#bridge/errors.ts';
import type { MetricSeries } from '#bridge/series.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { createContext } from 'svelte';
import { choiceTitle } from '../../format/metric-text.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { basketOf } from '../../state/workspace.svelte.ts';

/** Of the register of panels. */
export const EXPLORER = 'explorer';

export const VIEWS = [
  { value: 'lines', text: 'Lines', says: 'series on one time axis' },
  { value: 'distribution', text: 'Distribution', says: 'histogram and percentiles' },
  { value: 'week', text: 'Week', says: 'heat map by hour and weekday' },
  { value: 'extremes', text: 'Extremes', says: 'the largest and the least values' },
  { value: 'cumulative', text: 'Cumulative', says: 'cumulative funding' },
  { value: 'settlements', text: 'Settlements', says: 'settlements with what they paid' },
  { value: 'spread', text: 'Spread', says: 'life of a spread' },
] as const;
export type ExplorerView = (typeof VIEWS)[number]['value'];

export const RANGES = ['7d', '30d', '90d', '1y', 'all', 'dates'] as const;
export type ExplorerRange = (typeof RANGES)[number];
const DAY_MS = 86_400_000;
const RANGE_DAYS: Partial<Record<ExplorerRange, number>> = { '7d': 7, '30d': 30, '90d': 90, '1y': 365 };

export const MOST_INSTRUMENTS = 8;
export const MOST_CHOICES = 3;

/** One metric of one instrument, in the range that was asked for. */
export interface ExploredSeries {
  readonly key: string;
  readonly instrument: string;
  readonly choice: MetricChoice;
  /** "BTC/USDT Binance: Funding" */
  readonly name: string;
  readonly time: Float64Array;
  readonly value: Float64Array;
  readonly notes: readonly string[];
}

export interface ExploredInstrument {
  readonly instrument: string;
  readonly settlements: ExploredSettlements;
}

/** What the explorer is asked for and what came; it outlives the panel on the screen. */
export class ExplorerSession {
  /** Empty: the instrument that is selected. */
  chosen = $state.raw<readonly string[]>([]);
  choices = $state.raw<readonly MetricChoice[]>([{ metric: 'funding', params: {} }]);
  range = $state<ExplorerRange>('30d');
  /** As typed: 2026-01-31. */
  fromDate = $state('');
  toDate = $state('');
  /** Which series stands in the views of one. */
  subject = $state(0);
  notional = $state('10000');
  side = $state<'long' | 'short'>('long');
  /** % per hour, and bp of the notional. */
  level = $state('0.001');
  cost = $state('8');
  series = $state.raw<readonly ExploredSeries[]>([]);
  settlements = $state.raw<readonly ExploredInstrument[]>([]);
  /** Of so many answers that were asked for so many have come; null: none is on its way. */
  progress = $state.raw<{ readonly done: number; readonly of: number } | null>(null);
  error = $state<string | null>(null);
  /** What the answers are of. */
  span = $state.raw<{ readonly from: number; readonly to: number }>({ from: 0, to: 0 });
  readonly #app: AppState;
  #ticket = 0;
  /** Whether what is shown is of the past. */
  #isPast = false;

  constructor(app: AppState) {
    this.#app = app;
  }

  readonly instruments = $derived.by((): readonly string[] => {
    const { selected } = this.#app.shown;
    return this.chosen.length > 0 ? this.chosen : selected === null ? [] : [selected];
  });
  /** Changes with every question. */
  readonly question = $derived.by(() =>
    JSON.stringify([
      this.instruments,
      this.choices,
      this.range,
      this.range === 'dates' ? [this.fromDate, this.toDate] : [],
      this.#app.list?.id,
      this.#app.past.key,
    ]),
  );
  readonly current = $derived.by(() => this.series[Math.min(this.subject, this.series.length - 1)] ?? null);
  readonly currentSettlements = $derived.by(
    () => this.settlements.find(({ instrument }) => instrument === this.current?.instrument) ?? this.settlements[0] ?? null,
  );

  add(instrument: string): void {
    if (!this.instruments.includes(instrument)) this.chosen = [...this.instruments, instrument].slice(-MOST_INSTRUMENTS);
  }
  remove(instrument: string): void {
    this.chosen = this.instruments.filter((one) => one !== instrument);
  }

  /** The range in ms, or what is wrong with it. */
  bounds(): { readonly from: number; readonly to: number } | string {
    const now = this.#app.clock.now;
    const days = RANGE_DAYS[this.range];
    if (days !== undefined) return { from: now - days * DAY_MS, to: now };
    if (this.range === 'all') return { from: 0, to: now };
    const [from, to] = [Date.parse(`${this.fromDate}T00:00Z`), Date.parse(`${this.toDate}T00:00Z`)];
    if (Number.isNaN(from) || Number.isNaN(to)) return 'Type both dates, as 2026-01-31. They are days in UTC.';
    return from < to ? { from, to } : 'The first date has to lie before the second.';
  }

  /** Asks for everything that the question needs, one answer after the other, so that it can be stopped in between. */
  async load(): Promise<void> {
    const ticket = ++this.#ticket;
    const bounds = this.bounds();
    if (typeof bounds === 'string') {
      this.error = bounds;
      return;
    }
    this.error = null;
    // What was known now is not shown for then, not even until the answers are there.
    if (this.#isPast !== this.#app.isPast) [this.series, this.settlements] = [[], []];
    this.#isPast = this.#app.isPast;
    const asked = this.instruments.flatMap((instrument) => this.choices.map((choice) => ({ instrument, choice })));
    const { instruments } = this;
    let done = 0;
    const of = asked.length + instruments.length;
    this.progress = { done, of };
    const [series, settlements]: [ExploredSeries[], ExploredInstrument[]] = [[], []];
    try {
      for (const { instrument, choice } of asked) {
        const list = basketOf(choice, this.#app.list?.id ?? null);
        const found = await this.#app.client.call('metrics.series', { instrument, choice, list, from: bounds.from });
        if (ticket !== this.#ticket) return;
        series.push(this.#named(instrument, choice, found, bounds.to));
        this.progress = { done: ++done, of };
      }
      for (const instrument of instruments) {
        const found = await this.#app.client.call('explore.settlements', { instrument, ...bounds });
        if (ticket !== this.#ticket) return;
        settlements.push({ instrument, settlements: found });
        this.progress = { done: ++done, of };
      }
      this.series = series;
      this.settlements = settlements;
      this.span = bounds;
    } catch (cause) {
      if (ticket === this.#ticket) this.error = cause instanceof UserError ? cause.message : String(cause);
    } finally {
      if (ticket === this.#ticket) this.progress = null;
    }
  }

  /** What is on its way is not waited for. */
  stop(): void {
    this.#ticket += 1;
    this.progress = null;
  }

  #named(instrument: string, choice: MetricChoice, { time, value, notes }: MetricSeries, to: number): ExploredSeries {
    const end = time.findLastIndex((t) => t <= to) + 1;
    return {
      key: JSON.stringify([instrument, choice]),
      instrument,
      choice,
      name: `${this.#app.nameOf(instrument)}: ${choiceTitle(choice)}`,
      time: time.slice(0, end),
      value: value.slice(0, end),
      notes,
    };
  }
}

export const [getExplorer, setExplorer] = createContext<ExplorerSession>();
