import type { ChartLook } from '#bridge/chart-look.ts';
import type { WatchRow } from '#bridge/contract.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { Instrument } from '#domain/instrument.ts';
import { type AnyMetric, findMetric } from '#domain/metrics/index.ts';
import { inUnit } from '#domain/units.ts';
import { type ComparedLines, comparedLinesOf, comparedModelOf } from '../../charts/compared-model.ts';
import { modelOf } from '../../charts/divergence-model.ts';
import type { Drawn } from '../../charts/divergence-option.ts';
import { layoutOf } from '../../charts/layout.ts';
import { type PaneModel, paneModelOf } from '../../charts/pane-model.ts';
import { priceLinesOf, priceModelOf } from '../../charts/price-model.ts';
import { tickDecimals } from '../../charts/view.ts';
import { axisFigure, metricFactor } from '../../format/metric-text.ts';
import { thetaScale } from '../../format/numbers.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import type { ChartData } from '../../state/chart-data.svelte.ts';
import type { ComparedData } from '../../state/compared-data.svelte.ts';
import type { PaneData } from '../../state/pane-data.svelte.ts';

/** What of a row is drawn. */
const DRAWN = ['f', 'd', 'observedAt', 'mark', 'neutralPerHour', 'intervalH', 'continuous'] as const;
type DrawnRow = Pick<WatchRow, (typeof DRAWN)[number]>;

/** What a chart is drawn from. */
export interface ChartSources {
  readonly chart: ChartData;
  readonly row: DrawnRow | null;
  /** Per hour: the one in force, or the one being typed. */
  readonly theta: number;
  readonly look: ChartLook;
  /** There is room for the pane of prices, and it is wanted. */
  readonly price: boolean;
  /** The uppermost pane has its name above it too. */
  readonly head: boolean;
  /** Of the lower pane, then of those below it; null: the divergence on its band. */
  readonly choices: readonly (MetricChoice | null)[];
  /** As many. */
  readonly panes: readonly PaneData[];
  readonly compared: ComparedData;
  /** Instruments that are drawn over the chart's own. */
  readonly over: readonly Instrument[];
}

/** Drawn while a chosen metric is on its way: never the divergence under another name. */
const NOTHING: PaneModel = {
  bins: null,
  line: null,
  holds: false,
  gaps: [],
  now: null,
  range: { min: 0, max: 1, step: 1 },
  ticks: [],
  tick: String,
};

/** What a chart draws at its size, as pure functions of its sources. */
export class ChartModels {
  size = $state.raw({ width: 0, height: 0 });
  readonly #app: AppState;
  readonly #sources: ChartSources;

  /** `sources` are getters: what is not read is not waited for. */
  constructor(app: AppState, sources: ChartSources) {
    this.#app = app;
    this.#sources = sources;
  }

  readonly #price = $derived.by(() => this.#sources.price);
  readonly #head = $derived.by(() => this.#sources.head);
  readonly #more = $derived.by(() => this.#sources.choices.length - 1);
  /** The same object until a pane or the size is another: a new one is a new structure of the whole chart. */
  readonly layout = $derived.by(() =>
    layoutOf(this.size.width, this.size.height, { price: this.#price, more: this.#more, head: this.#head }),
  );
  #rowBefore: DrawnRow | null = null;
  /** The same object while nothing that is drawn changes: a row comes anew for its columns and its open interest too. */
  readonly #row = $derived.by(() => {
    const { row } = this.#sources;
    const before = this.#rowBefore;
    const isSame = row === before || (row !== null && before !== null && DRAWN.every((field) => row[field] === before[field]));
    return isSame ? before : (this.#rowBefore = row);
  });
  readonly intervalH = $derived.by(() => this.#row?.intervalH ?? null);
  // Without an interval "per interval" has no axis; per 8 h always has one, and the header says which it is.
  readonly unit = $derived.by(() => thetaScale(this.#app.unit, this.intervalH).unit);
  readonly factor = $derived.by(() => inUnit(1, this.intervalH ?? Number.NaN, this.unit) * 100);
  readonly columns = $derived.by(() => this.layout.funding.width);

  readonly #comparedLines = $derived.by((): readonly (ComparedLines | null)[] => {
    const { chart, compared, over } = this.#sources;
    const own = chart.data;
    const until = own?.time.at(-1) ?? Number.NaN;
    return over.map(({ id }) => {
      const other = compared.answers.get(id);
      return own === null || other === undefined ? null : comparedLinesOf(own, other, until + HOUR_MS);
    });
  });
  readonly others = $derived.by(() => {
    const { chart, look } = this.#sources;
    return this.#comparedLines.map((lines) => lines && comparedModelOf(lines, chart.view, this.columns, this.factor, look.spread));
  });

  readonly model = $derived.by(() => {
    const { chart, theta, look } = this.#sources;
    const row = this.#row;
    if (!chart.data || !chart.lines || this.size.width === 0) return null;
    const over = this.others.flatMap((other) => (other ? [other.settled, other.spread ?? new Float64Array()] : []));
    const { columns, factor } = this;
    const { data, lines, view } = chart;
    return modelOf({ data, lines, row, view, columns, factor, theta, over, hidden: look.hidden });
  });

  readonly #priceLines = $derived.by(() => {
    const { chart, look } = this.#sources;
    return this.#price && chart.data ? priceLinesOf(chart.data, look.averageH) : null;
  });
  readonly price = $derived.by(() => {
    const { chart } = this.#sources;
    return this.#priceLines && priceModelOf(this.#priceLines, this.#row, chart.view, this.columns);
  });

  readonly metrics = $derived.by((): readonly (AnyMetric | undefined)[] =>
    this.#sources.choices.map((choice) => (choice === null ? undefined : findMetric(choice.metric))),
  );
  /** Null where the divergence is drawn, or nothing yet. */
  readonly panes = $derived.by((): readonly (PaneModel | null)[] => {
    const { chart, panes } = this.#sources;
    return this.metrics.map((metric, i) => {
      const series = panes[i]?.series ?? null;
      if (!metric || !series || this.size.width === 0) return null;
      return paneModelOf(series, chart.view, this.columns, {
        factor: metricFactor(metric, this.factor),
        holds: metric.on === 'settlement' || metric.unit === 'label',
        labels: metric.labels ?? null,
        tick: (value, step) => axisFigure(metric, value, tickDecimals(step)),
      });
    });
  });

  readonly drawn = $derived.by((): Drawn | null => {
    const { choices } = this.#sources;
    const { model, layout } = this;
    if (model === null) return null;
    const [lower, ...more] = this.panes;
    return {
      model,
      pane: choices[0] === null ? null : (lower ?? NOTHING),
      price: layout.price && this.price ? { model: this.price, height: layout.price.height } : null,
      others: this.others,
      more: more.map((one) => one ?? NOTHING),
    };
  });
}

const HOUR_MS = 3_600_000;
