import { type RuleCondition, type RuleRow, RuleWalk } from '../rule.ts';
import { HOUR_MS } from '../time.ts';

/** A moment at which a rule says something, known at `at`. */
export interface SignalEvent {
  /** Which of the judged periods. */
  readonly period: number;
  readonly at: number;
  /** Where the crowd is: +1 a positive (or high) value, -1 a negative (or low) one. */
  readonly crowd: 1 | -1;
  readonly values: readonly number[];
  /** Of the first condition, as it was then. */
  readonly level: number;
  /** The period in which it held no more, and how many periods after this one; NaN: it held to the end of the rows. */
  readonly endAt: number;
  readonly lasts: number;
  /** Hours until the first condition's value was below half of its level in size; NaN: not before a gap or the end of the rows. */
  readonly halvesAfterH: number;
}

/** A rule over all its rows: the periods that were judged, and its events. */
export interface Signal {
  /** Times (ms) of the judged periods. */
  readonly periods: Float64Array;
  /** The first condition's value at each; NaN: none. */
  readonly values: Float64Array;
  readonly events: readonly SignalEvent[];
  /** Periods in which every condition had a value: how many, the first and the last (NaN: none). */
  readonly judged: { readonly n: number; readonly from: number; readonly to: number };
}

export interface SignalQuestion {
  readonly conditions: readonly RuleCondition[];
  readonly k: number;
  readonly by: 'rows' | 'hours';
  /** Of each condition, times ascending. */
  readonly rows: readonly (readonly RuleRow[])[];
  /** Periods in (from, to] count; the rule walks those around them too, for what held at `to` ends by its own rule. */
  readonly from: number;
  readonly to: number;
  /** Up to which the rows are closed. */
  readonly closedTo: number;
  readonly events: 'entries' | 'every';
}

type Ended = Omit<SignalEvent, 'halvesAfterH'>;
type Open = Omit<Ended, 'endAt' | 'lasts'>;

/** The events of a rule by the very state machine of the alerts. A period without a value ends what held before it. */
export function signalOf({ conditions, k, by, rows, from, to, closedTo, events: mode }: SignalQuestion): Signal {
  const walk = new RuleWalk(conditions, k, by);
  for (const [i, of] of rows.entries()) for (const row of of) walk.push(i, row);
  const periods: number[] = [];
  const first: number[] = [];
  let asked = 0;
  const judged = { n: 0, from: NaN, to: NaN };
  const events: Ended[] = [];
  let open: Open[] = [];
  let enteredAt: number | null = null;
  const [condition] = conditions;
  if (condition === undefined) throw new RangeError('a rule needs a condition');
  walk.close(closedTo, (at, values, levels) => {
    const state = walk.run;
    if (at <= from) {
      enteredAt = state.enteredAt;
      return;
    }
    const period = periods.length;
    periods.push(at);
    first.push(values[0] ?? NaN);
    const isAsked = at <= to;
    if (isAsked) asked = period + 1;
    if (isAsked && !values.some(Number.isNaN)) {
      if (judged.n++ === 0) judged.from = at;
      judged.to = at;
    }
    if (open.length > 0 && state.enteredAt !== enteredAt) {
      for (const one of open) events.push({ ...one, endAt: at, lasts: period - one.period });
      open = [];
    }
    enteredAt = state.enteredAt;
    const isEvent = isAsked && (mode === 'entries' ? state.enteredAt === at : state.phase === 'active');
    const level = levels?.[0] ?? condition.level;
    if (isEvent) open.push({ period, at, crowd: crowdOf(condition, values[0] ?? NaN), values: [...values], level });
  });
  for (const one of open) events.push({ ...one, endAt: NaN, lasts: NaN });
  events.sort((a, b) => a.period - b.period);
  return {
    periods: Float64Array.from(periods.slice(0, asked)),
    values: Float64Array.from(first.slice(0, asked)),
    judged,
    events: events.map((one) => ({ ...one, halvesAfterH: hoursUntilBelow(Math.abs(one.level) / 2, one.period, periods, first) })),
  };
}

function hoursUntilBelow(level: number, from: number, periods: readonly number[], values: readonly number[]): number {
  for (let i = from; i < values.length && !Number.isNaN(values[i]!); i++)
    if (Math.abs(values[i]!) < level) return (periods[i]! - periods[from]!) / HOUR_MS;
  return NaN;
}

/** By the first condition: 'above' is a crowd that is long, 'below' one that is short, 'outside' and 'is' go by the value's sign. */
function crowdOf({ op }: RuleCondition, value: number): 1 | -1 {
  if (op === 'above') return 1;
  return op === 'below' || value < 0 ? -1 : 1;
}
