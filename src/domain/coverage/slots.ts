import { missingBefore } from '../holes.ts';
import { LONGEST_INTERVAL_H } from '../interval.ts';
import { quantile } from '../quantile.ts';
import { HOUR_MS, hourClose, SETTLEMENT_SLACK_MS, type Span } from '../time.ts';

/** Moments at which a row should be there: times in ms, ascending, and how much of it is there, 0 to 1. */
export interface Slots {
  readonly time: Float64Array;
  readonly there: Float64Array;
}

/** Settlements as they are stored, and what is known of the time around them. */
export interface SettledSlotsInput {
  /** Settlement keys, ascending, and the interval of each in hours (NaN: unknown). */
  readonly key: Float64Array;
  readonly intervalH: Float64Array;
  /** Hours in force after the last row; NaN: unknown, then the last row's. */
  readonly intervalNowH: number;
  /** The instrument traded in (from, to]; `from` null: since when is not known, then nothing is expected before the first row. */
  readonly life: { readonly from: number | null; readonly to: number };
  /** Stretches that are proven: nothing is expected there beyond the rows. */
  readonly proven: readonly Span[];
}

/** A settlement that is due may be waited for so long. */
const LATE_MS = HOUR_MS;

/**
 * Every settlement that should be stored: the rows, and those that their own interval says are missing between, before and after them.
 * Where an interval is not known nothing is expected that no other row tells of.
 */
export function settledSlots({ key, intervalH, intervalNowH, life, proven }: SettledSlotsInput): Slots {
  const rows = [...key].map((time) => ({ time, there: 1 }));
  const missing: number[] = [];
  /** Keys of an interval between two rows, counted back from the later one. */
  const between = (from: number, to: number, hours: number): void => {
    if (!(hours > 0)) return;
    for (let t = to - hours * HOUR_MS; t > from + SETTLEMENT_SLACK_MS; t -= hours * HOUR_MS) missing.push(t);
  };
  let knownH = NaN;
  const holes = new Set(missingBefore(key, intervalH));
  for (let i = 0; i < key.length; i++) {
    const own = intervalH[i] ?? NaN;
    if (holes.has(i)) between(key[i - 1] ?? 0, key[i] ?? 0, own > 0 ? own : knownH > 0 ? knownH : LONGEST_INTERVAL_H);
    if (own > 0) knownH = own;
  }
  const firstKnownH = intervalH.find((hours) => hours > 0) ?? NaN;
  const [first, last] = [key[0], key.at(-1)];
  if (first !== undefined && life.from !== null) between(life.from, first, firstKnownH);
  if (last !== undefined) {
    const hours = intervalNowH > 0 ? intervalNowH : knownH;
    if (hours > 0) for (let t = last + hours * HOUR_MS; t <= life.to - LATE_MS; t += hours * HOUR_MS) missing.push(t);
  }
  const isProven = (t: number): boolean => proven.some((span) => span.from < t && t <= span.to);
  const open = missing.filter((t) => !isProven(t)).map((time) => ({ time, there: 0 }));
  return slotsOf([...rows, ...open]);
}

/** Every hour's close in (from, to], with how much of each is there (a close that `there` does not hold: nothing). */
export function hourSlots({ from, to }: Span, there: ReadonlyMap<number, number>): Slots {
  const first = hourClose(from + 1);
  const count = Math.max(0, Math.floor((to - first) / HOUR_MS) + 1);
  const time = Float64Array.from({ length: count }, (_, i) => first + i * HOUR_MS);
  return { time, there: time.map((close) => there.get(close) ?? 0) };
}

function slotsOf(all: readonly { readonly time: number; readonly there: number }[]): Slots {
  const sorted = [...all].sort((a, b) => a.time - b.time);
  return { time: Float64Array.from(sorted, ({ time }) => time), there: Float64Array.from(sorted, ({ there }) => there) };
}

/**
 * How much of each hour is observed, by its close: each observation is held to the next one, at most three poll intervals. `at`: ms,
 * ascending; the interval is the median distance of two of them.
 */
export function heldHours(at: Float64Array): Map<number, number> {
  const held = new Map<number, number>();
  const longest =
    3 *
    (quantile(
      at.slice(1).map((t, i) => t - (at[i] ?? NaN)),
      0.5,
    ) ?? 0);
  for (let i = 0; i < at.length; i++) {
    const from = at[i] ?? 0;
    const to = Math.min(at[i + 1] ?? Infinity, from + longest);
    for (let t = from; t < to;) {
      const close = hourClose(t + 1);
      const end = Math.min(close, to);
      held.set(close, Math.min(1, (held.get(close) ?? 0) + (end - t) / HOUR_MS));
      t = end;
    }
  }
  return held;
}
