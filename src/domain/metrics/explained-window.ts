import { LONGEST_INTERVAL_H } from '../interval.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS } from '../time.ts';
import { columnOf, isGroup, sourceOf, type InputSource } from './explained-inputs.ts';
import type { FrameKind, Frames, SettlementFrame } from './frames/frames.ts';
import type { Metric, MetricWindow, StepAudit } from './metric.ts';
import type { Params } from './params.ts';

/** Rows of one input by where they came from. */
export interface SourceCount {
  readonly name: string;
  readonly source: InputSource;
  readonly n: number;
}

/** The rows behind a value that rests on more than its own. */
export interface ExplainedWindow {
  /** (from, to]: what the parameters ask for. */
  readonly from: number;
  readonly to: number;
  /** Times of the first and the last row used: an average may reach further back than `from`, a restart less far. Null of none. */
  readonly first: number | null;
  readonly last: number | null;
  /** What it asks for: values, or hours that settlements cover. */
  readonly need: number;
  /** Hours that its settlements cover, where `need` is of hours. */
  readonly coveredH: number | null;
  /** Values that the metric used, and how many it would use if nothing were missing. */
  readonly n: number;
  readonly possible: number;
  /** Rows in (from, to] in which an input is not known. */
  readonly gaps: number;
  /** Settlements that are missing in (from, to]: they have no row. Null: the rows do not go back so far. */
  readonly missing: number | null;
  /** The latest of both. */
  readonly latestGap: number | null;
  /** Of the rows in (from, to] that were used, where it is kept. */
  readonly sources: readonly SourceCount[];
}

export function explainedWindow<K extends FrameKind>(
  metric: Metric<K>,
  params: Params,
  frame: Frames[K],
  row: number,
  audit: StepAudit,
): ExplainedWindow | null {
  const window = metric.window(params);
  if (window === null) return ofWholePast(frame, row, audit);
  const { from, to, start, last } = bounds(window, frame, row);
  const since = Number.isFinite(audit.from) ? audit.from! : -Infinity;
  const rows = rowsOf(window, audit, start, last);
  // A row without an interval covers no time; its rate counts.
  const names: readonly string[] = window.needOf === 'hours' ? ['rate'] : metric.inputs;
  const known = rows.filter((i) => !hasGap(names, metric, frame, i));
  const used = known.filter((i) => frame.time[i]! >= since);
  const gaps = rows.filter((i) => hasGap(names, metric, frame, i));
  const missing = 'rate' in frame && rows.length > 0 ? missingSettlements(frame, start, last, from) : [];
  const n = audit.n ?? used.length;
  const latest = Math.max(...gaps.map((i) => frame.time[i]!), ...missing);
  return {
    from,
    to,
    // More values than the window has rows: an average that still feels what came before them.
    first: n === 0 ? null : n > used.length && Number.isFinite(since) ? since : (frame.time[used[0] ?? -1] ?? null),
    last: n === 0 ? null : (frame.time[used.at(-1) ?? -1] ?? null),
    need: window.need,
    coveredH: window.needOf === 'hours' && 'rate' in frame ? coveredHours(frame, start, last) : null,
    n,
    possible: Math.max(n, audit.earlier !== undefined && rows.length <= 2 ? 2 : possibleRows(window, frame, known.length, gaps, missing)),
    gaps: gaps.length,
    missing: missing.length,
    latestGap: Number.isFinite(latest) ? latest : null,
    sources: sourceCounts(metric.inputs, frame, used),
  };
}

/** What the window asks for, and the frame's rows in it. */
function bounds(window: MetricWindow, frame: Frames[FrameKind], row: number) {
  const { time } = frame;
  const last = window.t === 'included' ? row : row - 1;
  const to = time[Math.max(last, 0)]!;
  if (window.of === 'rows') {
    const start = Math.max(0, last - window.length + 1);
    return { from: time[start - 1] ?? time[start]! - stepMs(frame, start), to, start, last };
  }
  const from = to - window.length * HOUR_MS;
  let start = 0;
  while (time[start]! <= from) start++;
  return { from, to, start, last };
}

/** What lies between the row and the one before it, which is not there. */
function stepMs(frame: Frames[FrameKind], row: number): number {
  if ('rate' in frame) return (frame.intervalH[row]! > 0 ? frame.intervalH[row]! : 1) * HOUR_MS;
  return frame.time.length > 1 ? frame.time[1]! - frame.time[0]! : HOUR_MS;
}

/** A metric that measures from one row to another looks at those two alone. */
function rowsOf(window: MetricWindow, { earlier }: StepAudit, start: number, last: number): number[] {
  const rows = Array.from({ length: Math.max(0, last - start + 1) }, (_, i) => start + i);
  if (earlier === undefined || window.of !== 'rows' || window.length !== earlier.rows + 1) return rows;
  return rows.length === window.length ? [start, last] : rows.slice(-1);
}

/** Metrics that take in all there is, from a row of theirs on. */
function ofWholePast(frame: Frames[FrameKind], row: number, { n, from }: StepAudit): ExplainedWindow | null {
  if (n === undefined || from === undefined || !Number.isFinite(from)) return null;
  const to = frame.time[row]!;
  const isThere = 'rate' in frame && frame.time[0]! <= from;
  const missing = isThere ? missingSettlements(frame, firstFrom(frame.time, from), row, from) : [];
  return {
    from: from - 1,
    to,
    first: from,
    last: to,
    need: 1,
    coveredH: null,
    n,
    possible: n + missing.length,
    gaps: 0,
    missing: isThere ? missing.length : null,
    latestGap: missing[0] ?? null,
    sources: [],
  };
}

const firstFrom = (times: Float64Array, t: number): number =>
  Math.max(
    0,
    times.findIndex((time) => time >= t),
  );

/** An input of the row is not known; of a group: what it compares is not there. */
function hasGap(names: readonly string[], { ofLeg, on }: Pick<Metric, 'ofLeg' | 'on'>, frame: Frames[FrameKind], row: number): boolean {
  if (!isGroup(frame)) return names.some((name) => Number.isNaN(columnOf(frame, name)?.[row] ?? 0));
  const { legs, subject } = frame;
  if (ofLeg) return Number.isNaN(legs[subject]?.f[row] ?? NaN);
  const weighed = names.includes('usd');
  const there = legs.filter(({ f, usd }) => !Number.isNaN(f[row]!) && (!weighed || usd[row]! > 0)).length;
  return there < (on === 'asset' && !weighed ? 2 : 1);
}

/** A stretch of time holds as many settlements as there were; before the first one none is known. */
const possibleRows = (
  { of, length }: MetricWindow,
  frame: Frames[FrameKind],
  known: number,
  gaps: readonly number[],
  missing: readonly number[],
): number => (of === 'hours' && 'rate' in frame ? known + gaps.length + missing.length : length);

const coveredHours = ({ intervalH }: SettlementFrame, start: number, last: number): number => {
  let hours = 0;
  for (let i = start; i <= last; i++) if (intervalH[i]! > 0) hours += intervalH[i]!;
  return hours;
};

/**
 * When the settlements should have been that are missing after `from` before rows start .. last; newest first. As
 * SettlementHoles has it: a row without an interval is held to the last known one, unless the row after it tells that the
 * interval had become longer.
 */
function missingSettlements({ time, intervalH }: SettlementFrame, start: number, last: number, from: number): number[] {
  const missing: number[] = [];
  for (let i = last; i >= Math.max(1, start); i--) {
    const gapMs = time[i]! - time[i - 1]!;
    const spanMs = intervalBefore(intervalH, i, last, gapMs) * HOUR_MS;
    for (let t = time[i]! - spanMs; t > time[i - 1]! + SETTLEMENT_SLACK_MS && t > from; t -= spanMs) missing.push(t);
  }
  return missing;
}

/** Hours by which row i should have followed the one before it. */
function intervalBefore(intervalH: Float64Array, i: number, last: number, gapMs: number): number {
  if (intervalH[i]! > 0) return intervalH[i]!;
  if (i < last && gapMs <= intervalH[i + 1]! * HOUR_MS + SETTLEMENT_SLACK_MS) return intervalH[i + 1]!;
  let before = i - 1;
  while (before >= 0 && !(intervalH[before]! > 0)) before--;
  return intervalH[before] ?? LONGEST_INTERVAL_H;
}

function sourceCounts(inputs: readonly string[], frame: Frames[FrameKind], rows: readonly number[]): SourceCount[] {
  if (isGroup(frame) || 'books' in frame) return [];
  // A settlement's rate and interval can have come from nothing else.
  return inputs.flatMap((name) => {
    if (name === 'rate' || name === 'intervalH') return [];
    const counts = new Map<InputSource, number>();
    for (const row of rows) {
      const source = sourceOf(frame, name, row);
      counts.set(source, (counts.get(source) ?? 0) + 1);
    }
    counts.delete('stored');
    return [...counts].map(([source, n]) => ({ name, source, n }));
  });
}

/** Changes of the funding interval between the rows of (from, to]. */
export function intervalChanges(frame: Frames[FrameKind], from: number, to: number): string[] {
  if (!('intervalH' in frame)) return [];
  const { time, intervalH } = frame;
  const changes: string[] = [];
  let before = NaN;
  for (let i = 0; i < time.length && time[i]! <= to; i++) {
    if (!(intervalH[i]! > 0)) continue;
    if (time[i]! > from && before > 0 && intervalH[i] !== before) {
      changes.push(`the funding interval changed from ${before} h to ${intervalH[i]!} h by ${minuteOf(time[i]!)}`);
    }
    before = intervalH[i]!;
  }
  const [latest] = changes.slice(-1);
  return latest === undefined ? [] : [changes.length === 1 ? latest : `${latest}, ${changes.length - 1} more before it in the window`];
}

export const minuteOf = (t: number): string => `${new Date(t).toISOString().slice(0, 16)}Z`;
