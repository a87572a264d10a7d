import { explainedInputs, isGroup, leftOut, type ExplainedInput } from './explained-inputs.ts';
import { explainedWindow, intervalChanges, minuteOf, type ExplainedWindow } from './explained-window.ts';
import type { FrameKind, Frames, FrameInstrument } from './frames/frames.ts';
import type { Lapse } from './lapse.ts';
import type { FloorCheck, Metric, StepAudit } from './metric.ts';
import type { Params } from './params.ts';
import { reasonOf, type Reason } from './reason.ts';
import { MetricRun } from './run.ts';
import { termChanges } from './venue-terms.ts';
import { wanted } from './wanted.ts';

/** Everything behind one value: what the person sees who asks why. */
export interface Explanation {
  readonly metric: string;
  readonly time: number;
  readonly value: number | null;
  readonly reason: Reason | null;
  /** Without a value: what would have to come. */
  readonly wants: string | null;
  readonly word: string;
  readonly params: Params;
  readonly formula: string;
  readonly inputs: readonly ExplainedInput[];
  readonly window: ExplainedWindow | null;
  /** Of a group: how many instruments the value is made of. */
  readonly instruments: { readonly n: number; readonly of: number } | null;
  readonly floors: readonly (FloorCheck & { readonly applied: boolean })[];
  readonly parts: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

/**
 * The value of the metric at a row of the frame, computed as `evaluate` does, with what it came from. `lapse`: it is asked about a
 * later time, at which the row no longer stands; what is said is of that time.
 */
export function explain<K extends FrameKind>(
  metric: Metric<K>,
  params: Params,
  frame: Frames[K],
  row: number,
  lapse: Lapse | null = null,
): Explanation {
  const run = new MetricRun(metric, params);
  for (let i = 0; i <= row; i++) run.push(frame, i);
  return explainLast(metric, params, frame, row, run, lapse);
}

/** The same for a run that has just taken in the row: for a caller that shares the thread while it walks the rows before. */
export function explainLast<K extends FrameKind>(
  metric: Metric<K>,
  params: Params,
  frame: Frames[K],
  row: number,
  run: MetricRun<K>,
  lapse: Lapse | null = null,
): Explanation {
  const audit = run.audit(frame, row);
  const value = lapse !== null || Number.isNaN(run.value) ? null : run.value;
  const reason = lapse?.reason ?? reasonOf(run.reason);
  const parts = audit.parts ?? {};
  const inputs = explainedInputs(metric.inputs, frame, row, audit);
  const window = explainedWindow(metric, params, frame, row, audit);
  const time = frame.time[row]!;
  const from = Math.min(window?.from ?? time, window?.first ?? time);
  return {
    metric: metric.name,
    time: lapse?.at ?? time,
    value,
    reason,
    wants: reason === null ? null : wanted(reason, { metric, inputs, window, audit, instrument: subjectOf(metric, frame), lapse }),
    word: value === null ? '' : wordOf(metric, value, params, parts),
    params,
    formula: metric.formula,
    inputs,
    window,
    instruments: isGroup(frame) && audit.instruments !== undefined ? { n: audit.instruments, of: frame.legs.length } : null,
    floors: floorsOf(audit, reason),
    parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, Number.isFinite(part) ? part + 0 : null])),
    notes: [
      ...(lapse === null ? [] : [lastNote(frame, time, lapse)]),
      ...sinceNote(frame, row, reason),
      ...(audit.notes ?? []),
      ...leftOut(metric.inputs, frame, row),
      ...(window === null ? [] : intervalChanges(frame, from, time)),
      ...annotations(frame, from, time),
    ],
  };
}

const subjectOf = <K extends FrameKind>({ ofLeg }: Metric<K>, frame: Frames[K]): FrameInstrument | null =>
  !isGroup(frame) ? frame.instrument : ofLeg ? (frame.legs[frame.subject]?.instrument ?? null) : null;

/** A deviation of values that are not there yet was never held against its floor. */
const floorsOf = ({ floors = [] }: StepAudit, reason: Reason | null): Explanation['floors'] =>
  floors
    .filter(({ value }) => Number.isFinite(value) && (reason === null || reason === 'flat' || reason === 'coverage'))
    .map((check) => ({ ...check, applied: check.value < check.floor }));

/** What the value is called: a label's own word, and the size's. */
export const wordOf = (metric: Metric, value: number, params: Params, parts: Readonly<Record<string, number>>): string =>
  (metric.labels?.[value] ?? '') + joined(metric.word(value, params, parts), metric.labels !== undefined);

const joined = (word: string, afterLabel: boolean): string => (afterLabel && word !== '' ? `, ${word}` : word);

/** Since when there is nothing. */
function lastNote(frame: Frames[FrameKind], time: number, { dueAt }: Lapse): string {
  if ('rate' in frame) return `the latest settlement that is there is of ${minuteOf(time)}, the next one was due at ${minuteOf(dueAt)}`;
  return 'books' in frame ? `the latest order book that is there is of ${minuteOf(time)}` : `nothing is known after ${minuteOf(time)}`;
}

/** In hours without a rate: since when settlements are missing. */
const sinceNote = (frame: Frames[FrameKind], row: number, reason: Reason | null): string[] =>
  reason === 'gap' && 'settledAt' in frame && frame.settledAt[row]! > 0
    ? [`the latest settlement that is there is of ${minuteOf(frame.settledAt[row]!)}`]
    : [];

/** Changes of a formula that the window ran across. */
function annotations(frame: Frames[FrameKind], from: number, to: number): string[] {
  const instruments: readonly FrameInstrument[] = isGroup(frame) ? frame.legs.map((leg) => leg.instrument) : [frame.instrument];
  const ofVenues = [...new Map(instruments.map((instrument) => [instrument.venue, instrument])).values()];
  return ofVenues.flatMap((one) =>
    termChanges(one, from, to).map((terms) => `${one.venue} changed its formula in this window: ${terms.source}`),
  );
}
