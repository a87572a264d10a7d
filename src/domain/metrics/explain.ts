import { HOUR_MS } from '../time.ts';
import { KIND_RUNNING, KIND_STEP } from '../series.ts';
import {
  PRICE_CANDLE,
  PRICE_OBSERVED,
  PRICE_OF_ROW,
  type FrameKind,
  type Frames,
  type FrameInstrument,
  type GroupFrame,
  type HourFrame,
  type SettlementFrame,
} from './frames/frames.ts';
import type { FloorCheck, Metric, StepAudit } from './metric.ts';
import type { Params } from './params.ts';
import { reasonOf, type Reason } from './reason.ts';
import { MetricRun } from './run.ts';
import { termChanges } from './venue-terms.ts';

export type InputSource =
  'running rate' | 'settlement' | 'observed' | 'candle' | 'given with the settlement' | 'stored' | 'order book' | 'not known';

export interface ExplainedInput {
  readonly name: string;
  /** Null: not known, or not one number (a book). */
  readonly value: number | null;
  readonly source: InputSource;
  /** When it was observed or settled, as far as that is kept. */
  readonly time: number | null;
}

export interface ExplainedWindow {
  /** (from, to] by the times of the rows. */
  readonly from: number;
  readonly to: number;
  /** Values that it asks for, and what the metric used. */
  readonly need: number;
  readonly n: number;
  /** Rows of the window in which an input is not known. */
  readonly gaps: number;
}

/** Everything behind one value: what the person sees who asks why. */
export interface Explanation {
  readonly metric: string;
  readonly time: number;
  readonly value: number | null;
  readonly reason: Reason | null;
  readonly word: string;
  readonly params: Params;
  readonly formula: string;
  readonly inputs: readonly ExplainedInput[];
  readonly window: ExplainedWindow | null;
  readonly floors: readonly (FloorCheck & { readonly applied: boolean })[];
  readonly parts: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

/** The value of the metric at a row of the frame, computed as `evaluate` does, with what it came from. */
export function explain<K extends FrameKind>(metric: Metric<K>, params: Params, frame: Frames[K], row: number): Explanation {
  const run = new MetricRun(metric, params);
  for (let i = 0; i <= row; i++) run.push(frame, i);
  return explainLast(metric, params, frame, row, run);
}

/** The same for a run that has just taken in the row: for whoever shares the thread while it walks the rows before. */
export function explainLast<K extends FrameKind>(
  metric: Metric<K>,
  params: Params,
  frame: Frames[K],
  row: number,
  run: MetricRun<K>,
): Explanation {
  const audit = run.audit(frame, row);
  const value = Number.isNaN(run.value) ? null : run.value;
  const parts = audit.parts ?? {};
  const window = windowOf(metric, params, frame, row, audit);
  const from = window?.from ?? frame.time[row]!;
  return {
    metric: metric.name,
    time: frame.time[row]!,
    value,
    reason: reasonOf(run.reason),
    word: value === null ? '' : wordOf(metric, value, params, parts),
    params,
    formula: metric.formula,
    inputs: inputsOf(metric, frame, row),
    window,
    floors: (audit.floors ?? []).map((check) => ({ ...check, applied: check.value < check.floor })),
    parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, Number.isFinite(part) ? part + 0 : null])),
    notes: [...(audit.notes ?? []), ...annotations(frame, from, frame.time[row]!)],
  };
}

/** What the value is called: a label's own word, and the size's. */
export const wordOf = (metric: Metric, value: number, params: Params, parts: Readonly<Record<string, number>>): string =>
  (metric.labels?.[value] ?? '') + joined(metric.word(value, params, parts), metric.labels !== undefined);

const joined = (word: string, afterLabel: boolean): string => (afterLabel && word !== '' ? `, ${word}` : word);

type Column = Float64Array | undefined;
const columnOf = (frame: object, name: string): Column => {
  const column: unknown = (frame as Record<string, unknown>)[name];
  return column instanceof Float64Array ? column : undefined;
};
const isGroup = (frame: Frames[FrameKind]): frame is GroupFrame => 'legs' in frame;

function windowOf<K extends FrameKind>(
  metric: Metric<K>,
  params: Params,
  frame: Frames[K],
  row: number,
  audit: StepAudit,
): ExplainedWindow | null {
  const window = metric.window(params);
  if (window === null) return null;
  const last = window.t === 'included' ? row : row - 1;
  const to = frame.time[Math.max(last, 0)]!;
  let first = Math.max(0, last - window.length + 1);
  if (window.of === 'hours') {
    const start = to - window.length * HOUR_MS;
    first = 0;
    while (frame.time[first]! <= start) first++;
  }
  let gaps = 0;
  for (let i = first; i <= last; i++) if (hasGap(metric.inputs, frame, i)) gaps++;
  const start = window.of === 'hours' ? to - window.length * HOUR_MS : (frame.time[first - 1] ?? frame.time[first]!);
  // After the row before the first one used, where that is later than the window's own start.
  const from = Number.isFinite(audit.from) ? Math.max(start, frame.time[frame.time.indexOf(audit.from!) - 1] ?? start) : start;
  return { from, to, need: window.need, n: audit.n ?? Math.max(0, last - first + 1 - gaps), gaps };
}

const hasGap = (inputs: readonly string[], frame: Frames[FrameKind], row: number): boolean =>
  isGroup(frame)
    ? frame.legs.every((leg) => Number.isNaN(leg.f[row]!))
    : inputs.some((name) => Number.isNaN(columnOf(frame, name)?.[row] ?? 0));

function inputsOf<K extends FrameKind>(metric: Metric<K>, frame: Frames[K], row: number): ExplainedInput[] {
  const names: readonly string[] = metric.inputs;
  if (isGroup(frame)) {
    return frame.legs.flatMap((leg) =>
      names.map((name) =>
        input(
          `${leg.instrument.id} ${name}`,
          columnOf(leg, name)?.[row] ?? NaN,
          name === 'f' ? rateSource(leg, row) : 'stored',
          leg.observation[row]!,
        ),
      ),
    );
  }
  const time = frame.time[row]!;
  if ('books' in frame) return names.map((name) => ({ name, value: null, source: 'order book', time }));
  return names.map((name) => {
    const value = columnOf(frame, name)?.[row] ?? NaN;
    if ('kind' in frame) {
      return name === 'f'
        ? input(name, value, rateSource(frame, row), frame.observation[row]!)
        : input(name, value, priceSource(frame, name, row), time);
    }
    return input(name, value, priceSource(frame, name, row), time);
  });
}

const input = (name: string, value: number, source: InputSource, time: number): ExplainedInput =>
  Number.isFinite(value)
    ? { name, value: value + 0, source, time: Number.isNaN(time) ? null : time }
    : { name, value: null, source: 'not known', time: null };

const rateSource = ({ kind }: Pick<HourFrame, 'kind'>, row: number): InputSource =>
  kind[row] === KIND_RUNNING ? 'running rate' : kind[row] === KIND_STEP ? 'settlement' : 'not known';

const PRICE_SOURCES: Readonly<Record<number, InputSource>> = {
  [PRICE_OBSERVED]: 'observed',
  [PRICE_CANDLE]: 'candle',
  [PRICE_OF_ROW]: 'given with the settlement',
};

function priceSource(frame: HourFrame | SettlementFrame, name: string, row: number): InputSource {
  if (name === 'rate' || name === 'intervalH') return 'settlement';
  const origin =
    'markOrigin' in frame
      ? name === 'mark'
        ? frame.markOrigin
        : undefined
      : name === 'mark' || name === 'index'
        ? frame.priceOrigin
        : undefined;
  return PRICE_SOURCES[origin?.[row] ?? -1] ?? 'stored';
}

/** Changes of a formula that the window ran across. */
function annotations(frame: Frames[FrameKind], from: number, to: number): string[] {
  const instruments: readonly FrameInstrument[] = isGroup(frame) ? frame.legs.map((leg) => leg.instrument) : [frame.instrument];
  const venues = [...new Set(instruments.map((instrument) => instrument.venue))];
  return venues.flatMap((venue) =>
    termChanges(venue, from, to).map((terms) => `${venue} changed its formula in this window: ${terms.source}`),
  );
}
