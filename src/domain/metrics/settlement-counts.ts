import { HOUR_MS } from '../time.ts';
import type { SettlementFrame } from './frames/frames.ts';
import type { MetricWindow } from './metric.ts';
import { whole } from './params.ts';
import { TimeQueue } from './rolling/time-queue.ts';
import { HOURS_OF_DAY } from './rows.ts';

export const DAYS_PARAM = whole('Days looked back.', { default: 30, min: 1, max: 3650, unit: 'd', usual: [7, 30, 90] });

/** At least half of the days must be covered by settlements, each by the hours of its interval. */
export const coveredDays = ({ days }: { days: number }): MetricWindow => ({
  length: days * HOURS_OF_DAY,
  of: 'hours',
  need: (days * HOURS_OF_DAY) / 2,
  needOf: 'hours',
  t: 'included',
});

/** Counts settlements of a kind in (t - days, t], with the hours that all of them cover. */
export class SettlementCounter {
  readonly #days: number;
  readonly #windowMs: number;
  readonly #needH: number;
  #rows = new TimeQueue();
  #hours = new TimeQueue();
  #counted = 0;
  #coveredH = 0;

  constructor(days: number) {
    this.#days = days;
    this.#windowMs = days * HOURS_OF_DAY * HOUR_MS;
    this.#needH = (days * HOURS_OF_DAY) / 2;
  }

  copy(): SettlementCounter {
    const other = new SettlementCounter(this.#days);
    other.#rows = this.#rows.copy();
    other.#hours = this.#hours.copy();
    other.#counted = this.#counted;
    other.#coveredH = this.#coveredH;
    return other;
  }

  get settlements(): number {
    return this.#rows.size;
  }

  get counted(): number {
    return this.#counted;
  }

  get since(): number {
    return this.#rows.oldest;
  }

  get warm(): boolean {
    return this.#coveredH >= this.#needH;
  }

  /** A row without an interval is counted and covers no time. */
  push(time: number, intervalH: number, counts: boolean): void {
    const hours = intervalH > 0 ? intervalH : 0;
    this.#rows.push(time, counts ? 1 : 0);
    this.#hours.push(time, hours);
    this.#counted += counts ? 1 : 0;
    this.#coveredH += hours;
    while (this.#rows.oldest <= time - this.#windowMs) {
      this.#counted -= this.#rows.shift();
      this.#coveredH -= this.#hours.shift();
    }
  }
}

/** Runs of one sign over settlements; zero has none: it neither ends nor extends a run. */
export class SignRun {
  #sign = 0;
  #length = 0;
  #before = 0;

  copy(): SignRun {
    const other = new SignRun();
    other.#sign = this.#sign;
    other.#length = this.#length;
    other.#before = this.#before;
    return other;
  }

  /** Settlements of this sign in a row; 0 before the first sign. */
  get length(): number {
    return this.#length;
  }

  get sign(): number {
    return this.#sign;
  }

  /** Length of the run before this one; 0 before the first flip. */
  get before(): number {
    return this.#before;
  }

  /** True where the sign flips with this rate. */
  push(rate: number): boolean {
    const sign = rate > 0 ? 1 : rate < 0 ? -1 : 0;
    if (sign === 0) return false;
    const flips = this.#sign !== 0 && sign !== this.#sign;
    if (flips) {
      this.#before = this.#length;
      this.#length = 0;
    }
    this.#sign = sign;
    this.#length++;
    return flips;
  }
}

/** SettlementCounter's count at every row, or its share of all settlements; NaN while it warms up. */
export function countedColumn({ time, intervalH }: SettlementFrame, counts: Uint8Array, days: number, asShare: boolean): Float64Array {
  const windowMs = days * HOURS_OF_DAY * HOUR_MS;
  const needH = (days * HOURS_OF_DAY) / 2;
  const values = new Float64Array(time.length);
  let first = 0;
  let counted = 0;
  let coveredH = 0;
  for (let row = 0; row < time.length; row++) {
    counted += counts[row]!;
    if (intervalH[row]! > 0) coveredH += intervalH[row]!;
    for (; time[first]! <= time[row]! - windowMs; first++) {
      counted -= counts[first]!;
      if (intervalH[first]! > 0) coveredH -= intervalH[first]!;
    }
    values[row] = coveredH < needH ? NaN : asShare ? counted / (row - first + 1) : counted;
  }
  return values;
}
