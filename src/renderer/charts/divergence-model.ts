import type { Mark } from '#bridge/chart-look.ts';
import type { WatchRow } from '#bridge/contract.ts';
import type { Divergence } from '#bridge/series.ts';
import { KIND_GAP, KIND_INTERVAL_UNKNOWN, KIND_RUNNING } from '#domain/series.ts';
import { HOUR_MS } from '#domain/time.ts';
import { SignRun } from '#domain/metrics/settlement-counts.ts';
import { at, binExtremes, type Bins, decimateLine, type Gap, gapsOf, lowerBound } from './decimate.ts';
import { extentOf } from './divergence-shape.ts';
import { niceStep, type Range, type View } from './view.ts';

/** The pane has an axis that says its scale: it may look closely at what is far inside the band. */
const LEAST_SHARE = 0.02;

export interface Line {
  readonly time: Float64Array;
  readonly value: Float64Array;
}

/** Columns that depend on the data alone, made once per answer. All per hour. */
export interface Lines {
  readonly settled: Line;
  /** Of settlements that were learnt after the moment at which the window stands. */
  readonly late: Line;
  readonly running: Line;
  readonly ema: Line;
  readonly d: Line;
  readonly neutral: Line;
  readonly gaps: readonly Gap[];
  readonly changes: readonly IntervalChange[];
  /** Settlements at which the other side began to pay. */
  readonly flips: readonly number[];
}

/** As the metric of sign flips counts them: a rate of nothing is no side. */
export function flipsOf({ settledAt, settledRate }: Pick<Divergence, 'settledAt' | 'settledRate'>): number[] {
  const run = new SignRun();
  return [...settledAt].filter((_, i) => run.push(at(settledRate, i)));
}

/**
 * Settled rates as steps: each holds from its settlement for its interval. Where the next one is late the step ends and
 * the line breaks, and where the next one is of the other kind (`late`); a rate without a known interval has no value per hour and draws nothing.
 */
export function settledSteps(
  data: Pick<Divergence, 'settledAt' | 'settledRate' | 'settledIntervalH' | 'settledLate'>,
  until: number,
  late: 0 | 1 = 0,
): Line {
  const time: number[] = [];
  const value: number[] = [];
  const count = data.settledAt.length;
  for (let i = 0; i < count; i += 1) {
    if ((data.settledLate[i] ?? 0) !== late) continue;
    const start = at(data.settledAt, i);
    const hours = at(data.settledIntervalH, i);
    const rate = at(data.settledRate, i) / hours;
    const next = i + 1 < count ? at(data.settledAt, i + 1) : Number.POSITIVE_INFINITY;
    time.push(start);
    value.push(rate);
    if (Number.isNaN(rate)) continue;
    const end = start + hours * HOUR_MS;
    // A settlement up to five minutes late still joins; anything later is a break.
    if (next <= end + HOUR_MS / 12 && (data.settledLate[i + 1] ?? 0) === late) continue;
    const shown = Math.min(end, next, Math.max(start, until));
    time.push(shown, shown + 1);
    value.push(rate, Number.NaN);
  }
  return { time: Float64Array.from(time), value: Float64Array.from(value) };
}

/** From `at` on the instrument settles every `toH` hours, before it every `fromH`. */
export interface IntervalChange {
  readonly at: number;
  readonly fromH: number;
  readonly toH: number;
}

/** The interval of a settlement reaches back from it: there the change was. A settlement of unknown interval tells of none. */
export function intervalChanges({ settledAt, settledIntervalH }: Pick<Divergence, 'settledAt' | 'settledIntervalH'>): IntervalChange[] {
  const found: IntervalChange[] = [];
  let fromH = Number.NaN;
  for (let i = 0; i < settledAt.length; i += 1) {
    const toH = at(settledIntervalH, i);
    if (Number.isNaN(toH)) continue;
    if (!Number.isNaN(fromH) && toH !== fromH) found.push({ at: at(settledAt, i) - toH * HOUR_MS, fromH, toH });
    fromH = toH;
  }
  return found;
}

/** The one that polls state and no settlement has shown yet: since the last settlement. */
function changeNow(data: Divergence, row: ModelInput['row']): IntervalChange[] {
  const fromH = data.settledIntervalH.at(-1) ?? Number.NaN;
  const toH = row?.intervalH ?? Number.NaN;
  // Of one that accrues the hours of its rows are not those that its rate is quoted for.
  if (row === null || row.continuous || Number.isNaN(fromH) || Number.isNaN(toH) || fromH === toH) return [];
  return [{ at: data.settledAt.at(-1) ?? Number.NaN, fromH, toH }];
}

/** Where the rate rested, hour by hour: the value at a close stands for the hour before it, and nothing is drawn where it is not known. */
export function neutralSteps({ time: closes, neutral }: Pick<Divergence, 'time' | 'neutral'>): Line {
  const time: number[] = [];
  const value: number[] = [];
  for (let i = 0; i < closes.length; i += 1) {
    const rest = at(neutral, i);
    const before = value.at(-1);
    if (before !== undefined && Object.is(before, rest)) time[time.length - 1] = at(closes, i);
    else {
      time.push(at(closes, i) - HOUR_MS, at(closes, i));
      value.push(rest, rest);
    }
  }
  return { time: Float64Array.from(time), value: Float64Array.from(value) };
}

export function linesOf(data: Divergence, until: number): Lines {
  const running = data.f.map((f, i) => (data.kind[i] === KIND_RUNNING ? f : Number.NaN));
  const reasonAt = (i: number): string | null =>
    data.kind[i] === KIND_GAP ? 'no data' : data.kind[i] === KIND_INTERVAL_UNKNOWN ? 'interval unknown' : null;
  return {
    settled: settledSteps(data, until),
    late: settledSteps(data, until, 1),
    running: { time: data.time, value: running },
    ema: { time: data.time, value: data.ema },
    d: { time: data.time, value: data.d },
    neutral: neutralSteps(data),
    gaps: gapsOf(data.time, reasonAt, HOUR_MS),
    changes: intervalChanges(data),
    flips: flipsOf(data),
  };
}

/** What is drawn: decimated to the pixels of the view, rates in percent of the chosen unit. */
export interface Model {
  readonly view: View;
  readonly settled: Float64Array;
  readonly late: Float64Array;
  readonly running: Float64Array;
  readonly ema: Float64Array;
  readonly bins: Bins;
  readonly gaps: Lines['gaps'];
  readonly changes: readonly IntervalChange[];
  readonly entries: readonly { t: number; side: number }[];
  /** None of a kind of which there are too many to be told apart. */
  readonly flips: readonly number[];
  readonly settlements: readonly number[];
  readonly now: { readonly t: number; readonly f: number; readonly d: number } | null;
  readonly lastClose: number;
  /** As the lines: [t, v, ...], up to now. */
  readonly neutral: Float64Array;
  readonly theta: number;
  readonly fRange: Range;
  readonly dRange: Range;
  /** Theta lies above the view: the band fills the pane and its edge cannot be seen. */
  readonly bandOutside: boolean;
}

export interface ModelInput {
  readonly data: Divergence;
  readonly lines: Lines;
  readonly row: Pick<WatchRow, 'f' | 'd' | 'observedAt' | 'neutralPerHour' | 'intervalH' | 'continuous'> | null;
  readonly view: View;
  readonly columns: number;
  /** Percent of the chosen unit per unit of rate per hour. */
  readonly factor: number;
  /** Per hour. */
  readonly theta: number;
  /** Kinds of marks that are left out. */
  readonly hidden?: readonly Mark[];
  /** Lines of other instruments as they are drawn over the funding: they must find room. */
  readonly over?: readonly Float64Array[];
}

/** The hour in progress rests by the terms of now, and no hour before it does. */
function restingNow(row: ModelInput['row'], lastClose: number, factor: number): number[] {
  if (row === null || row.neutralPerHour === null || row.observedAt === null || row.observedAt <= lastClose) return [];
  const since = Number.isNaN(lastClose) ? row.observedAt - HOUR_MS : Math.max(lastClose, row.observedAt - HOUR_MS);
  return [since, row.neutralPerHour * factor, row.observedAt, row.neutralPerHour * factor];
}

export function modelOf({ data, lines, row, view, columns, factor, theta, over = [], hidden = [] }: ModelInput): Model {
  const line = (source: Line, scale: number): Float64Array => {
    const points = decimateLine(source.time, source.value, view.from, view.to, columns);
    for (let i = 1; i < points.length; i += 2) points[i] = at(points, i) * scale;
    return points;
  };
  const settled = line(lines.settled, factor);
  const late = line(lines.late, factor);
  const ema = line(lines.ema, factor);
  const raw = binExtremes(lines.d.time, lines.d.value, view.from, view.to, columns / 1.5, HOUR_MS);
  const scaled = (column: Float64Array): Float64Array => column.map((v) => v * factor);
  const bins: Bins = { start: raw.start, end: raw.end, low: scaled(raw.low), high: scaled(raw.high) };
  const now =
    row !== null && row.f !== null && row.observedAt !== null && row.observedAt >= view.from && row.observedAt <= view.to
      ? { t: row.observedAt, f: row.f * factor, d: row.d === null ? Number.NaN : row.d * factor }
      : null;
  const lastClose = data.time.length === 0 ? Number.NaN : at(data.time, data.time.length - 1);
  const closes = line(lines.running, factor);
  // What ran at the last close has run on to the minute of the newest poll.
  const isRunning = now !== null && now.t > lastClose && now.t - lastClose <= HOUR_MS * 1.5 && !Number.isNaN(closes.at(-1) ?? Number.NaN);
  const running = isRunning ? Float64Array.of(...closes, now.t, now.f) : closes;
  const neutral = Float64Array.of(...line(lines.neutral, factor), ...restingNow(row, lastClose, factor));
  const shownTheta = theta * factor;
  const largest = Math.max(0, ...bins.low.map(Math.abs), ...bins.high.map(Math.abs), now && !Number.isNaN(now.d) ? Math.abs(now.d) : 0);
  const extent = extentOf(largest, shownTheta, LEAST_SHARE);
  const first = lowerBound(data.entryAt, view.from);
  const entries: { t: number; side: number }[] = [];
  for (let i = first; i < data.entryAt.length && at(data.entryAt, i) <= view.to; i += 1) {
    entries.push({ t: at(data.entryAt, i), side: at(data.entrySide, i) });
  }
  const isShown = (mark: Mark): boolean => !hidden.includes(mark);
  const marked = (mark: Mark, times: ArrayLike<number>, leastPx: number): number[] => {
    const seen = isShown(mark) ? Array.from(times).filter((t) => t >= view.from && t <= view.to) : [];
    return seen.length * leastPx > columns ? [] : seen;
  };
  return {
    view,
    settled,
    late,
    running,
    ema,
    bins,
    gaps: lines.gaps.filter((gap) => gap.to > view.from && gap.from < view.to),
    changes: isShown('interval')
      ? [...lines.changes, ...changeNow(data, row)].filter((change) => change.at > view.from && change.at < view.to)
      : [],
    entries: isShown('entry') ? entries : [],
    flips: marked('flip', lines.flips, 12),
    settlements: marked('settlement', data.settledAt, 4),
    now,
    lastClose,
    neutral,
    theta: shownTheta,
    fRange: rangeOf([settled, late, running, ema, neutral, ...over], [now?.f ?? Number.NaN]),
    dRange: { min: -extent, max: extent, step: niceStep(extent, 2) },
    bandOutside: shownTheta > extent,
  };
}

/**
 * Round range around the values of [t, v, ...] lines and single values; NaN counts for nothing. It spans at least
 * `leastShare` of the largest value.
 */
export function rangeOf(lines: readonly Float64Array[], values: readonly number[], leastShare = 0.2): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const take = (v: number): void => {
    if (v < low) low = v;
    if (v > high) high = v;
  };
  for (const points of lines) for (let i = 1; i < points.length; i += 2) take(at(points, i));
  for (const v of values) take(v);
  if (low > high) return { min: -1, max: 1, step: 1 };
  // A plateau is drawn as one: its last digits are not blown up to the height of the pane.
  const least = Math.max(Math.abs(low), Math.abs(high)) * leastShare || 0.001;
  const room = Math.max((high - low) * 0.08, (least - (high - low)) / 2);
  return { min: low - room, max: high + room, step: niceStep(high - low + room * 2, 4) };
}
