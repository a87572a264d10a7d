import type { Frames, FrameKind, HourFrame, SettlementFrame } from '../metrics/frames/frames.ts';
import type { Metric, MetricColumns } from '../metrics/metric.ts';
import type { Params } from '../metrics/params.ts';
import { evaluate } from '../metrics/run.ts';
import { RATE_TIE, type RuleOp, type RuleRow } from '../rule.ts';
import { HOUR_MS } from '../time.ts';
import type { Studied } from './against.ts';
import { isMoving, type Level, levelsOf, levelWindowMs } from './levels.ts';
import { signalOf } from './signal-events.ts';
import { type Tape, tapeOf } from './tape.ts';
import { toldNear } from './told.ts';

/** One condition of a rule that is looked back on. */
export interface StudiedCondition {
  readonly metric: Metric;
  readonly params: Params;
  readonly op: RuleOp;
  readonly level: Level;
  /** Share of the level at which it lets go. */
  readonly release: number;
}

/** A condition's rows on one instrument. */
export interface ConditionRows {
  readonly frame: Frames[FrameKind];
  /** Length of an hour, or of the bar where the metric walks bars. */
  readonly barMs: number;
}

/** One instrument as it is stored, up to what is closed. */
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
  /** Up to which all is closed: a hold that crosses `to` goes on to its exit. */
  readonly closedTo: number;
  /** Its alert tells only within so many minutes of a settlement; null: at every close. */
  readonly nearSettlementMin: number | null;
}

/** Lays the instrument out on its hours: the same tape for every rule over it. */
export function tapeOfHistory({ hour, settlement, delistedAt }: StudiedHistory, closedTo: number): Tape {
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
    closedTo,
  );
}

/** What a period of the rule is. */
export type StudiedPeriod = 'hour' | 'settlement' | '5m' | '15m';

/** A rule over one instrument, and what its conditions were there. */
export interface StudiedInstrument extends Studied {
  readonly period: StudiedPeriod;
  /** Of each condition, row by row; NaN: none. And why the last row has none (`reasonOf`), 0 where it has. */
  readonly values: readonly { readonly time: Float64Array; readonly value: Float64Array; readonly why: number }[];
  /** Kinds of f (`KIND_RUNNING` and others) behind the rows of the first condition; null: it does not walk hours. */
  readonly kinds: Uint8Array | null;
  /** Why it has no events whatever the rule says; null: it may have. */
  readonly refused: string | null;
}

/** The rule over one instrument: where all conditions walk the same settlements or bars those are its periods, else hours (as its alert). */
export function studiedOf(
  history: StudiedHistory,
  tape: Tape,
  { conditions, k, events, from, to, closedTo, nearSettlementMin }: StudiedRule,
  columns: readonly MetricColumns[] = evaluated(conditions, history),
): StudiedInstrument {
  const walked = conditions.map((condition, i) => walkedOf(condition, history.rows[i]!, columns[i]!));
  const period = periodOf(conditions, history.rows);
  const entered = signalOf({
    conditions: conditions.map(({ metric, op, level, release }) => ({
      op,
      level: isMoving(level) ? NEVER : level,
      release,
      tie: metric.unit.startsWith('rate-') ? RATE_TIE : 0,
    })),
    k,
    by: period === 'hour' ? 'hours' : 'rows',
    rows: walked.map(({ rows }) => rows),
    from,
    to,
    closedTo,
    events,
  });
  const signal = nearSettlementMin === null ? entered : toldNear(entered, nearSettlementMin, history.settlement, to, events);
  const windows = conditions.map(({ metric, params, level }, i) => windowMs(metric, params, history.rows[i]!) + levelWindowMs(level));
  const [first] = conditions;
  const refused = first !== undefined && standsStill(first, walked[0]!, from, to) ? `${first.metric.title} never changed` : null;
  const frame = history.rows[0]?.frame;
  return {
    tape,
    signal: refused === null ? signal : { ...signal, events: [] },
    windowMs: Math.max(...windows),
    period,
    values: walked.map(({ time, value, why }) => ({ time, value, why })),
    kinds: frame !== undefined && 'f' in frame ? frame.kind : null,
    refused,
  };
}

function periodOf([first, ...others]: readonly StudiedCondition[], rows: readonly ConditionRows[]): StudiedPeriod {
  const barMs = rows[0]?.barMs ?? HOUR_MS;
  if (others.some(({ metric }, i) => metric.on !== first?.metric.on || rows[i + 1]?.barMs !== barMs)) return 'hour';
  return first?.metric.on === 'settlement' ? 'settlement' : first?.metric.on !== 'bar' ? 'hour' : barMs < HOUR_MS / 10 ? '5m' : '15m';
}

/** Values of each condition's metric, row by row. */
export const evaluated = (conditions: readonly StudiedCondition[], { rows }: StudiedHistory): MetricColumns[] =>
  conditions.map(({ metric, params }, i) => {
    const of = rows[i];
    if (of === undefined) throw new RangeError(`the rows of ${metric.name} are missing`);
    return evaluate(metric, params, of.frame);
  });

/** A level that no value reaches: of conditions whose rows say theirs. */
const NEVER = Number.MAX_VALUE;

function walkedOf({ op, level }: StudiedCondition, { frame, barMs }: ConditionRows, { value, reason }: MetricColumns) {
  const { time } = frame;
  const levels = isMoving(level) ? levelsOf(level, op, time, value) : null;
  const rows = Array.from(time, (at, row): RuleRow => {
    const plain = { time: at, value: value[row]!, periodMs: rowMs(frame, row, barMs) };
    return levels === null ? plain : { ...plain, level: levels[row]! };
  });
  return { time, value, why: reason.at(-1) ?? 0, rows };
}

/** Two values or more, all the same: what stands still has no extremes. Words may. */
function standsStill({ metric }: StudiedCondition, { rows }: { readonly rows: readonly RuleRow[] }, from: number, to: number): boolean {
  if (metric.unit === 'label') return false;
  let [n, one] = [0, NaN];
  for (const { time, value } of rows) {
    if (time <= from || time > to || Number.isNaN(value)) continue;
    if (n++ === 0) one = value;
    else if (value !== one) return false;
  }
  return n > 1;
}

export const rowMs = (frame: Frames[FrameKind], row: number, barMs: number): number =>
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
