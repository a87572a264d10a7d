import type { MetricSeries } from '#bridge/series.ts';
import { reasonOf } from '#domain/metrics/reason.ts';
import { at, binExtremes, type Bins, decimateLine, type Gap, lowerBound } from './decimate.ts';
import { rangeOf } from './divergence-model.ts';
import type { Range, View } from './view.ts';

const DAY_MS = 86_400_000;

/** How a metric is drawn. Its figures are multiplied by `factor` to those of the axis. */
export interface PaneStyle {
  readonly factor: number;
  /** Each value holds until the next one: rows are settlements, or words. */
  readonly holds: boolean;
  /** Words of a label's values, on the axis. */
  readonly labels: Readonly<Record<number, string>> | null;
  readonly tick: (value: number, step: number) => string;
}

/** The lower pane of the chart where it draws a metric of the person's choice. */
export interface PaneModel {
  /** Bars from zero where the values lie on both sides of it; else a line. */
  readonly bins: Bins | null;
  readonly line: Float64Array | null;
  readonly holds: boolean;
  readonly gaps: readonly Gap[];
  /** The row in progress, which has not closed. */
  readonly now: { readonly from: number; readonly t: number; readonly value: number } | null;
  readonly range: Range;
  /** Values that the axis names; null: round ones. */
  readonly ticks: readonly number[] | null;
  readonly tick: (value: number) => string;
}

/** The least distance of two rows: what one value stands for at least. */
export function stepOf(time: Float64Array): number {
  let least = DAY_MS;
  for (let i = 1; i < time.length; i += 1) least = Math.min(least, at(time, i) - at(time, i - 1));
  return least > 0 ? least : DAY_MS;
}

export function paneModelOf(series: MetricSeries, view: View, columns: number, style: PaneStyle): PaneModel {
  const { time } = series;
  const step = stepOf(time);
  const crosses = series.value.some((v) => v > 0) && series.value.some((v) => v < 0);
  const value = series.value.map((v) => v * style.factor);
  const live = series.live;
  const now =
    live !== null && live.value !== null && live.time >= view.from && live.time <= view.to
      ? {
          from: Math.max(view.from, time.length === 0 ? live.time - step : at(time, time.length - 1)),
          t: live.time,
          value: live.value * style.factor,
        }
      : null;
  const nowValue = now?.value ?? Number.NaN;
  const bins = crosses ? binExtremes(time, value, view.from, view.to, columns / 1.5, step) : null;
  const line = crosses ? null : decimateLine(time, value, view.from, view.to, columns);
  const keys = style.labels ? Object.keys(style.labels).map(Number) : null;
  const range = keys
    ? { min: Math.min(...keys) - 0.5, max: Math.max(...keys) + 0.5, step: 1 }
    : bins
      ? rangeOf([], [0, ...bins.low, ...bins.high, nowValue], 0)
      : rangeOf([line ?? new Float64Array()], [nowValue], 0.02);
  return {
    bins,
    line,
    holds: style.holds,
    gaps: reasonGaps(series, step).filter((gap) => gap.to > view.from && gap.from < view.to),
    now,
    range,
    ticks: keys,
    tick: (v) => style.labels?.[v] ?? style.tick(v, range.step),
  };
}

/** Stretches of rows without a value, each with its reason; a row stands for the time since the row before it. */
function reasonGaps({ time, reason }: MetricSeries, step: number): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 0; i < time.length; i += 1) {
    const why = reasonOf(reason[i] ?? 0);
    if (why === null) continue;
    const from = i === 0 ? at(time, 0) - step : at(time, i - 1);
    while (i + 1 < time.length && reason[i + 1] === reason[i]) i += 1;
    gaps.push({ from, to: at(time, i), label: why.replaceAll('-', ' ') });
  }
  return gaps;
}

/** A metric at one moment: the row that was the newest one then. */
export interface PaneReading {
  readonly t: number;
  readonly value: number | null;
  readonly reason: string | null;
  readonly word: string;
  /** Of the row in progress. */
  readonly isNow: boolean;
}

const LATE_MS = 300_000;

/**
 * What the pane shows at t: a bar stands for the time up to its row, a line holds from its row on. The row in progress
 * where t lies past the last one. Null outside the series.
 */
export function paneReading(series: MetricSeries, t: number, isNow: boolean, bars: boolean): PaneReading | null {
  const i = bars ? lowerBound(series.time, t - LATE_MS) : lowerBound(series.time, t + LATE_MS) - 1;
  if (series.live && (isNow || i >= series.time.length)) {
    return { t: series.live.time, value: series.live.value, reason: series.live.reason, word: series.live.word, isNow: true };
  }
  if (i < 0 || i >= series.time.length) return null;
  const value = at(series.value, i);
  return {
    t: at(series.time, i),
    value: Number.isNaN(value) ? null : value,
    reason: reasonOf(series.reason[i] ?? 0),
    word: '',
    isNow: false,
  };
}
