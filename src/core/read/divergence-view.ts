import type { Divergence } from '#bridge/series.ts';
import type { PriceColumns, SettledColumns } from '#domain/columns.ts';
import type { Instrument } from '#domain/instrument.ts';
import { LONGEST_INTERVAL_H } from '#domain/interval.ts';
import type { SignalParams } from '#domain/signal.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import type { Analysis } from './analysis.ts';

/** Index of the first value beyond `from` in an ascending column. */
function after(column: Float64Array, from: number): number {
  const index = column.findIndex((value) => value > from);
  return index < 0 ? column.length : index;
}

/** Values of `close`-keyed columns laid onto the hour closes of the chart; the earlier source wins, NaN where none knows. */
function onto(time: Float64Array, ...sources: (readonly [close: Float64Array, values: Float64Array])[]): Float64Array<ArrayBuffer> {
  const column = new Float64Array(time.length).fill(NaN);
  const first = time[0] ?? 0;
  for (const [close, values] of sources) {
    for (let i = 0; i < close.length; i++) {
      const at = Math.round(((close[i] ?? NaN) - first) / HOUR_MS);
      if (at >= 0 && at < column.length && Number.isNaN(column[at])) column[at] = values[i] ?? NaN;
    }
  }
  return column;
}

function knownCount(column: Float64Array): number {
  let count = 0;
  for (const value of column) if (!Number.isNaN(value)) count++;
  return count;
}

/** Per hour close of the chart. */
export type ChartPrices = Pick<Divergence, 'mark' | 'index'>;

/** Mark and index per close: the venue's candles, else what the app observed. Last trades only where they tell of more hours. */
export function chartPrices({ series: { time }, hours }: Analysis, candles: PriceColumns): ChartPrices {
  const mark = onto(time, [candles.close, candles.mark], [hours.close, hours.mark]);
  const last = onto(time, [candles.close, candles.last]);
  const index = onto(time, [candles.close, candles.index], [hours.close, hours.index]);
  return { mark: knownCount(last) > knownCount(mark) ? last : mark, index };
}

export interface ViewParts {
  readonly instrument: Instrument;
  readonly params: SignalParams;
  readonly analysis: Analysis;
  readonly prices: ChartPrices;
  readonly spans: readonly Span[];
  /** Closes after this; null: all. */
  readonly from: number | null;
}

/** The chart's columns: a part of the whole analysis, so that every range shows the same numbers. */
export function divergenceView({ instrument, params, analysis, prices, spans, from }: ViewParts): Divergence {
  const { series, settled } = analysis;
  const start = from === null ? 0 : after(series.time, from);
  const time = series.time.slice(start);
  const firstSettled = from === null ? 0 : after(settled.key, from);
  const entries = analysis.entries.filter((entry) => from === null || entry.at > from);
  return {
    instrument,
    params,
    time,
    f: series.f.slice(start),
    kind: series.kind.slice(start),
    ema: analysis.ema.slice(start),
    d: analysis.d.slice(start),
    neutral: analysis.neutral.slice(start),
    neutralAssumed: analysis.neutralAssumed.slice(start),
    settledAt: settled.key.slice(firstSettled),
    settledRate: settled.rate.slice(firstSettled),
    settledIntervalH: settled.intervalH.slice(firstSettled),
    entryAt: Float64Array.from(entries, (entry) => entry.at),
    entrySide: Float64Array.from(entries, (entry) => entry.side),
    mark: prices.mark.slice(start),
    index: prices.index.slice(start),
    completeFrom: completeFrom(settled, spans, series.time.at(-1) ?? 0),
  };
}

/**
 * Where the newest proven stretch begins, if it reaches to the last close but for what cannot have settled since; one
 * that is proven back to before the venue's first settlement begins with that.
 */
function completeFrom(settled: SettledColumns, spans: readonly Span[], lastClose: number): number | null {
  const newest = spans.at(-1);
  if (!newest || newest.to < lastClose - LONGEST_INTERVAL_H * HOUR_MS) return null;
  return Math.max(newest.from, settled.key[0] ?? newest.from);
}
