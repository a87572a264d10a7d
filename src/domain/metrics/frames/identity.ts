import { LONGEST_INTERVAL_H } from '../../interval.ts';
import { HOUR_MS } from '../../time.ts';
import { LEG_EXCLUDED, LEG_PRESENT, LEG_UNCONFIRMED, type Leg } from './frames.ts';

/** Two prices of one coin differ by less than this in ln; other coins under one ticker by far more. */
const IDENTITY_LIMIT = 0.2;
/** A ratio of prices that is surely within it. */
const WITHIN_LIMIT = 1.2;
/** As long as a settled rate may stand without a price beside it. */
export const VERDICT_HELD_MS = LONGEST_INTERVAL_H * HOUR_MS;

/** Which legs are another coin under the same ticker (domain 3.4), hour after hour. */
export class Identity {
  /** By leg, how it stood when it was last compared, and when. */
  readonly #standing: number[] = [];
  readonly #comparedAt: number[] = [];
  #isDisputed = false;

  /**
   * One hour, not before the one that was judged last. `prices` of one coin by leg; NaN: not known. A leg that cannot be compared now stands
   * as it was found, so that a coin that was left out does not come back between two of its prices.
   */
  judge(legs: readonly Leg[], prices: readonly number[], row: number, t: number): void {
    let known = 0;
    let lowest = Infinity;
    let highest = 0;
    for (const price of prices) {
      if (!(price > 0)) continue;
      known++;
      lowest = Math.min(lowest, price);
      highest = Math.max(highest, price);
    }
    const agree = !(highest / lowest > WITHIN_LIMIT);
    // Nearly always.
    if (agree && !this.#isDisputed) return;
    if (known > 1) this.#compare(prices, t);
    this.#isDisputed = false;
    for (let i = 0; i < legs.length; i++) {
      const standing = this.#standing[i] ?? LEG_PRESENT;
      if (standing === LEG_PRESENT || t - this.#comparedAt[i]! > VERDICT_HELD_MS) continue;
      this.#isDisputed = true;
      const leg = legs[i]!;
      leg.f[row] = NaN;
      leg.index[row] = NaN;
      leg.standing[row] = standing;
    }
  }

  #compare(prices: readonly number[], t: number): void {
    const known = prices.filter((price) => price > 0).sort((a, b) => a - b);
    const middle = known.length >> 1;
    const median = known.length % 2 === 1 ? known[middle]! : (known[middle - 1]! + known[middle]!) / 2;
    const differ = known.length === 2 && Math.log(known[1]! / known[0]!) > IDENTITY_LIMIT;
    prices.forEach((price, i) => {
      // Of two that differ it cannot be told which is the coin, nor whether a third without a price is.
      if (!(price > 0) && !differ) return;
      const far = known.length > 2 && Math.abs(Math.log(price / median)) > IDENTITY_LIMIT;
      this.#standing[i] = far ? LEG_EXCLUDED : differ ? LEG_UNCONFIRMED : LEG_PRESENT;
      this.#comparedAt[i] = t;
    });
  }
}
