import { reasonOf } from '../metrics/reason.ts';
import { quantileOfSorted } from '../quantile.ts';
import { KIND_RUNNING } from '../series.ts';
import type { Signal } from './signal-events.ts';
import type { StudiedInstrument, StudiedPeriod } from './studied.ts';
import type { Tape } from './tape.ts';

/** Where the values of a condition lie; null where there is none. */
export interface Spread {
  readonly p1: number;
  readonly p5: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
}

export interface ConditionValues {
  readonly n: number;
  readonly of: Spread | null;
  readonly ofSize: Spread | null;
  readonly least: number | null;
  readonly most: number | null;
  /** At the last row of one instrument, and why there is none; null where several are counted. */
  readonly now: number | null;
  readonly why: string | null;
}

/** How often a rule would have told, over all its instruments: in sample, with today's levels. */
export interface Occurrences {
  readonly fired: number;
  /** Of them those of a crowd that is long, and of one that is short. */
  readonly long: number;
  readonly short: number;
  /** Newest first. */
  readonly last: readonly { readonly at: number; readonly instrument: string }[];
  readonly instruments: number;
  /** Of them those on which it fired. */
  readonly firedOn: number;
  readonly period: StudiedPeriod;
  /** Periods in which every condition had a value, on each instrument; the first and last of them. */
  readonly periods: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly conditions: readonly ConditionValues[];
  /** Hours with a value of the first condition by what they rest on; null: it does not walk hours. */
  readonly kinds: { readonly settled: number; readonly running: number } | null;
}

/** Newest entries that are named. */
const LAST = 5;

/** What is counted of an instrument: without its tape, which is most of it. */
export type Counted = Pick<StudiedInstrument, 'period' | 'kinds'> & {
  readonly tape: Pick<Tape, 'id'>;
  readonly signal: Pick<Signal, 'events' | 'judged'>;
  readonly values: readonly Pick<StudiedInstrument['values'][number], 'value' | 'why'>[];
};

export const countedOf = ({ tape: { id }, signal: { events, judged }, values, period, kinds }: StudiedInstrument): Counted => ({
  tape: { id },
  signal: { events, judged },
  values: values.map(({ value, why }) => ({ value, why })),
  ...{ period, kinds },
});

export function occurrencesOf(studied: readonly Counted[]): Occurrences {
  const events = studied.flatMap(({ tape, signal }) => signal.events.map(({ at, crowd }) => ({ at, crowd, instrument: tape.id })));
  const judged = studied.map(({ signal }) => signal.judged).filter(({ n }) => n > 0);
  const long = events.filter(({ crowd }) => crowd > 0).length;
  const [first] = studied;
  return {
    fired: events.length,
    long,
    short: events.length - long,
    last: events
      .toSorted((a, b) => b.at - a.at || (a.instrument < b.instrument ? -1 : 1))
      .slice(0, LAST)
      .map(({ at, instrument }) => ({ at, instrument })),
    instruments: studied.length,
    firedOn: studied.filter(({ signal }) => signal.events.length > 0).length,
    period: first?.period ?? 'hour',
    periods: judged.reduce((sum, { n }) => sum + n, 0),
    from: judged.length === 0 ? null : Math.min(...judged.map(({ from }) => from)),
    to: judged.length === 0 ? null : Math.max(...judged.map(({ to }) => to)),
    conditions: (first?.values ?? []).map((_, i) => valuesOf(studied, i)),
    kinds: kindsOf(studied),
  };
}

function valuesOf(studied: readonly Counted[], condition: number): ConditionValues {
  const columns = studied.map(({ values }) => values[condition]!);
  const all = new Float64Array(columns.reduce((sum, { value }) => sum + value.length, 0));
  let n = 0;
  for (const { value } of columns) for (const one of value) if (!Number.isNaN(one)) all[n++] = one;
  const sorted = all.subarray(0, n).sort();
  const [only, ...others] = columns;
  const now = others.length > 0 ? NaN : (only?.value.at(-1) ?? NaN);
  return {
    n,
    of: spreadOf(sorted),
    ofSize: spreadOf(sorted.map(Math.abs).sort()),
    least: sorted[0] ?? null,
    most: sorted[n - 1] ?? null,
    now: Number.isNaN(now) ? null : now,
    why: others.length > 0 || only === undefined || !Number.isNaN(now) ? null : (reasonOf(only.why) ?? 'waiting'),
  };
}

function spreadOf(sorted: Float64Array): Spread | null {
  if (sorted.length === 0) return null;
  const at = (p: number): number => quantileOfSorted(sorted, p) ?? NaN;
  return { p1: at(0.01), p5: at(0.05), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}

function kindsOf(studied: readonly Counted[]): Occurrences['kinds'] {
  if (studied.some(({ kinds }) => kinds === null)) return null;
  let [settled, running] = [0, 0];
  for (const { kinds, values } of studied)
    for (const [row, value] of (values[0]?.value ?? []).entries()) {
      if (Number.isNaN(value)) continue;
      if (kinds![row] === KIND_RUNNING) running++;
      else settled++;
    }
  return { settled, running };
}
