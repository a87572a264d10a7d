import type { PriceColumns, SettledColumns } from './columns.ts';
import { HOUR_MS, type Span } from './time.ts';

/** Horizons over which it is said what came after a moment, hours. */
export const AFTER_HOURS = [1, 8, 24, 72, 168] as const;

export interface AfterInput {
  /** UTC epoch ms. */
  readonly at: number;
  readonly now: number;
  /** Hour closes with a mark, ascending; NaN is no mark. */
  readonly marks: Pick<PriceColumns, 'close' | 'mark'>;
  /** Ascending by key. */
  readonly settled: Pick<SettledColumns, 'key' | 'rate'>;
  /** Stretches (from, to] whose settlements are all stored. */
  readonly proven: readonly Span[];
}

export interface After {
  readonly hours: number;
  readonly until: number;
  readonly isOver: boolean;
  readonly markFrom: number | null;
  readonly markTo: number | null;
  readonly funding: number;
  readonly settlements: number;
  readonly isWhole: boolean;
}

/**
 * What came after a moment, over each horizon: the mark at its hour's close and at that of the horizon's end (the newest close at or before,
 * less than an hour old), and the sum of the rates settled in (at, until], which longs paid of their notional. A settlement at the very
 * moment is not of what came after.
 */
export function after({ at, now, marks, settled, proven }: AfterInput): After[] {
  const markAt = (t: number): number | null => {
    let found: number | null = null;
    for (let i = 0; i < marks.close.length; i++) {
      const close = marks.close[i] ?? NaN;
      if (close > t) break;
      const mark = marks.mark[i] ?? NaN;
      if (close > t - HOUR_MS && !Number.isNaN(mark)) found = mark;
    }
    return found;
  };
  return AFTER_HOURS.map((hours) => {
    const end = at + hours * HOUR_MS;
    const until = Math.min(end, now);
    let [funding, settlements] = [0, 0];
    for (let i = 0; i < settled.key.length; i++) {
      const key = settled.key[i] ?? NaN;
      if (!(key > at && key <= until)) continue;
      funding += settled.rate[i] ?? NaN;
      settlements++;
    }
    const isWhole = proven.some(({ from, to }) => from <= at && to >= until);
    return { hours, until, isOver: end <= now, markFrom: markAt(at), markTo: markAt(until), funding, settlements, isWhole };
  });
}
