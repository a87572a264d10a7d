import type { Frames, FrameKind, HourFrame, SettlementFrame } from '../metrics/frames/frames.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Params } from '../metrics/params.ts';
import { evaluate } from '../metrics/run.ts';
import { RATE_TIE, type RuleOp, type RuleRow } from '../rule.ts';
import { HOUR_MS } from '../time.ts';
import type { Studied } from './against.ts';
import { signalOf } from './signal-events.ts';
import { type Tape, tapeOf } from './tape.ts';

/** One condition of a rule that is looked back on; the level in the metric's own unit. */
export interface StudiedCondition {
  readonly metric: Metric;
  readonly params: Params;
  readonly op: RuleOp;
  readonly level: number;
  /** Share of the level at which it lets go. */
  readonly release: number;
}

/** A condition's rows on one instrument. */
export interface ConditionRows {
  readonly frame: Frames[FrameKind];
  /** Length of an hour, or of the bar where the metric walks bars. */
  readonly barMs: number;
}

/** One instrument as it is stored, up to `to`. */
export interface StudiedHistory {
  readonly hour: HourFrame;
  readonly settlement: SettlementFrame;
  /** NaN: still listed. */
  readonly delistedAt: number;
  /** In the order of the conditions. */
  readonly rows: readonly ConditionRows[];
}

export interface StudiedRule {
  readonly conditions: readonly StudiedCondition[];
  readonly k: number;
  readonly events: 'entries' | 'every';
  /** Events in (from, to]. */
  readonly from: number;
  readonly to: number;
}

/** Lays the instrument out on its hours: the same tape for every rule over it. */
export function tapeOfHistory({ hour, settlement, delistedAt }: StudiedHistory, to: number): Tape {
  const { instrument } = hour;
  const hasMarks = hour.mark.some((price) => price > 0);
  return tapeOf(
    {
      id: instrument.id,
      contract: instrument.contract,
      settled: settlement,
      prices: { close: hour.time, price: hasMarks ? hour.mark : hour.index },
      formulaChanges: instrument.formula?.terms.slice(1).map(({ from }) => from) ?? [],
      delistedAt,
    },
    to,
  );
}

/** The rule over one instrument: where all conditions walk the same settlements or bars those are its periods, else hours (as its alert). */
export function studiedOf(history: StudiedHistory, tape: Tape, { conditions, k, events, from, to }: StudiedRule): Studied {
  const rows = conditions.map(({ metric, params }, i) => {
    const of = history.rows[i];
    if (of === undefined) throw new RangeError(`the rows of ${metric.name} are missing`);
    return rowsOf(metric, params, of);
  });
  const kinds = new Set(conditions.map(({ metric }, i) => `${metric.on}:${history.rows[i]?.barMs ?? 0}`));
  const [first] = conditions;
  const walksRows = kinds.size === 1 && (first?.metric.on === 'settlement' || first?.metric.on === 'bar');
  const signal = signalOf({
    conditions: conditions.map(({ metric, op, level, release }) => ({
      op,
      level,
      release,
      tie: metric.unit.startsWith('rate-') ? RATE_TIE : 0,
    })),
    k,
    by: walksRows ? 'rows' : 'hours',
    rows,
    from,
    to,
    events,
  });
  const windows = conditions.map(({ metric, params }, i) => windowMs(metric, params, history.rows[i]!));
  return { tape, signal, windowMs: Math.max(...windows) };
}

function rowsOf(metric: Metric, params: Params, { frame, barMs }: ConditionRows): RuleRow[] {
  const { value } = evaluate(metric, params, frame);
  return Array.from(frame.time, (time, row) => ({ time, value: value[row]!, periodMs: rowMs(frame, row, barMs) }));
}

const rowMs = (frame: Frames[FrameKind], row: number, barMs: number): number =>
  'rate' in frame ? (frame.intervalH[row] ?? NaN) * HOUR_MS : barMs;

/** How far a value looks back; settlements by the interval that most of them have. */
function windowMs(metric: Metric, params: Params, { frame, barMs }: ConditionRows): number {
  const window = metric.window(params);
  if (window === null) return 0;
  if (window.of === 'hours') return window.length * HOUR_MS;
  if (!('rate' in frame)) return window.length * barMs;
  const known = frame.intervalH.filter((hours) => hours > 0).sort();
  return window.length * (known[known.length >> 1] ?? 0) * HOUR_MS;
}
