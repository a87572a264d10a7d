import { HOUR_MS, hourClose, SETTLEMENT_SLACK_MS } from '../time.ts';

/** What a study needs of one instrument, as the store has it. Times in ms, ascending; NaN: not known. */
export interface TapeSource {
  readonly id: string;
  readonly contract: 'linear' | 'inverse';
  readonly settled: {
    readonly time: Float64Array;
    /** Per interval, as charged. */
    readonly rate: Float64Array;
    readonly intervalH: Float64Array;
    readonly mark: Float64Array;
  };
  /** Prices at closes of hours. */
  readonly prices: { readonly close: Float64Array; readonly price: Float64Array };
  /** When the venue changed how it makes rates; changes of the interval are seen in the settlements. */
  readonly formulaChanges: readonly number[];
  /** NaN: still listed. */
  readonly delistedAt: number;
}

/**
 * One instrument on a grid of hours, so that a trade is a few look-ups whatever its length. Index h stands for the close
 * `start + h hours`; columns have `hours` rows.
 */
export interface Tape {
  readonly id: string;
  readonly contract: 'linear' | 'inverse';
  readonly start: number;
  readonly hours: number;
  readonly hasPrices: boolean;
  /** At the close; NaN where none is stored. */
  readonly price: Float64Array;
  /** The first hour at or after this one with a price; `hours` where there is none. Without any prices every hour stands for itself. */
  readonly priced: Int32Array;
  /**
   * Sum of what one contract's long side paid up to and including the hour: rate x mark (linear), rate / mark (inverse); bare
   * rates where no prices are stored, which is then funding on the entry's notional.
   */
  readonly paid: Float64Array;
  /** Settlements up to and including the hour: all, those whose mark is not stored, and those that are missing. */
  readonly settlements: Int32Array;
  readonly unmarked: Int32Array;
  readonly missing: Int32Array;
  /** Hour of the latest settlement at or before this one, -1 before the first. */
  readonly settledAt: Int32Array;
  /** Hour of the first settlement after this one; `hours` where none is stored. */
  readonly nextSettled: Int32Array;
  /** Changes of interval and formula up to and including the hour. */
  readonly changes: Int32Array;
  /** NaN: still listed. */
  readonly delistedAt: number;
  /** Sd of hourly log returns over the 30 days up to the hour, at least half of them known; NaN before. */
  readonly volatility: Float64Array;
}

const VOLATILITY_HOURS = 720;

/** Lays out what is stored up to `end` (ms). Rows after it are not looked at. */
export function tapeOf(source: TapeSource, end: number): Tape {
  const { settled, prices } = source;
  const [first = Infinity, firstPrice = Infinity] = [settled.time[0], prices.close[0]];
  const start = hourClose(Math.min(first, firstPrice));
  const hours = start < Infinity ? Math.max(0, Math.floor((end - start) / HOUR_MS) + 1) : 0;
  const at = (t: number): number => Math.round((hourClose(t) - start) / HOUR_MS);
  const price = new Float64Array(hours).fill(NaN);
  for (let i = 0; i < prices.close.length; i++) {
    const h = at(prices.close[i]!);
    if (h < hours && prices.price[i]! > 0) price[h] = prices.price[i]!;
  }
  const hasPrices = price.some((one) => one > 0);
  const paid = new Float64Array(hours);
  const counts = {
    settlements: new Int32Array(hours),
    unmarked: new Int32Array(hours),
    missing: new Int32Array(hours),
    changes: new Int32Array(hours),
  };
  const settledAt = new Int32Array(hours).fill(-1);
  const lastPrice = filledForward(price);
  for (let i = 0; i < settled.time.length; i++) {
    const h = at(settled.time[i]!);
    if (h >= hours) break;
    const own = settled.mark[i]!;
    const mark = own > 0 ? own : lastPrice[h]!;
    const isMarked = own > 0 || price[h]! > 0;
    // Bare rates where there are no prices at all; a settlement before the first price moves no money that is known.
    const unit = !hasPrices ? 1 : mark > 0 ? (source.contract === 'linear' ? mark : 1 / mark) : 0;
    paid[h]! += settled.rate[i]! * unit;
    counts.settlements[h]!++;
    if (hasPrices && !isMarked) counts.unmarked[h]!++;
    settledAt[h] = h;
    if (i === 0) continue;
    const [before, beforeH] = [settled.time[i - 1]!, settled.intervalH[i - 1]!];
    const intervalH = settled.intervalH[i]!;
    // The shorter of both: at a change of the interval either may be the distance.
    const due = Math.min(intervalH > 0 ? intervalH : Infinity, beforeH > 0 ? beforeH : Infinity) * HOUR_MS;
    const gap = settled.time[i]! - before;
    const isHole =
      due < Infinity && gap > Math.max(intervalH > 0 ? intervalH : 0, beforeH > 0 ? beforeH : 0) * HOUR_MS + SETTLEMENT_SLACK_MS;
    if (isHole) counts.missing[h]! += Math.max(1, Math.round(gap / due) - 1);
    if (intervalH > 0 && beforeH > 0 && intervalH !== beforeH) counts.changes[h]!++;
  }
  for (const change of source.formulaChanges) {
    const h = at(change);
    if (h >= 0 && h < hours) counts.changes[h]!++;
  }
  for (const column of [paid, ...Object.values(counts)]) for (let h = 1; h < hours; h++) column[h]! += column[h - 1]!;
  for (let h = 1; h < hours; h++) if (settledAt[h]! < 0) settledAt[h] = settledAt[h - 1]!;
  const nextSettled = new Int32Array(hours).fill(hours);
  for (let h = hours - 2; h >= 0; h--) nextSettled[h] = settledAt[h + 1] === h + 1 ? h + 1 : nextSettled[h + 1]!;
  const priced = new Int32Array(hours);
  for (let h = hours - 1, next = hours; h >= 0; h--) {
    if (!hasPrices || price[h]! > 0) next = h;
    priced[h] = next;
  }
  const { id, contract, delistedAt } = source;
  return {
    id,
    contract,
    start,
    hours,
    hasPrices,
    price,
    priced,
    paid,
    ...counts,
    settledAt,
    nextSettled,
    delistedAt,
    volatility: volatilityOf(price),
  };
}

/** The hour of a time; it may lie outside of the tape. */
export const hourOf = ({ start }: Pick<Tape, 'start'>, t: number): number => Math.round((hourClose(t) - start) / HOUR_MS);
/** The hour that had closed at a time: what is known at the time is known to who acts at the close after it. */
export const hourBefore = ({ start }: Pick<Tape, 'start'>, t: number): number => Math.floor((t - start) / HOUR_MS);
export const timeOf = ({ start }: Pick<Tape, 'start'>, h: number): number => start + h * HOUR_MS;

function filledForward(values: Float64Array): Float64Array {
  const filled = values.slice();
  for (let i = 1; i < filled.length; i++) if (!(filled[i]! > 0)) filled[i] = filled[i - 1]!;
  return filled;
}

/** Sums over a window that slides would lose digits over years; a month of squares of small returns does not. */
function volatilityOf(price: Float64Array): Float64Array {
  const returns = new Float64Array(price.length).fill(NaN);
  for (let h = 1; h < price.length; h++) returns[h] = Math.log(price[h]! / price[h - 1]!);
  const volatility = new Float64Array(price.length).fill(NaN);
  let [count, sum, squares] = [0, 0, 0];
  const add = (x: number, sign: 1 | -1): void => {
    if (x !== x) return;
    count += sign;
    sum += sign * x;
    squares += sign * x * x;
  };
  for (let h = 0; h < price.length; h++) {
    add(returns[h]!, 1);
    if (h >= VOLATILITY_HOURS) add(returns[h - VOLATILITY_HOURS]!, -1);
    if (count >= VOLATILITY_HOURS / 2) volatility[h] = Math.sqrt(Math.max(0, (squares - (sum * sum) / count) / (count - 1)));
  }
  return volatility;
}
