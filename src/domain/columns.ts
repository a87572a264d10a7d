/**
 * History as columns: arrays of equal length, ascending in their first column. NaN stands for "not known"
 * inside a column and nowhere else; times are UTC epoch milliseconds, rates decimals per interval.
 */

/** Settled rates of one instrument, one row per settlement key (domain: the whole hour within 5 minutes of the stamp). */
export interface SettledColumns {
  readonly key: Float64Array;
  /** The stamp as the venue gave it. */
  readonly stamp: Float64Array;
  readonly rate: Float64Array;
  readonly intervalH: Float64Array;
  /** The mark price that the venue gave with the row. */
  readonly mark: Float64Array;
  /** The venue's own premium that the rate was made of, where it gave one with the row. */
  readonly premium: Float64Array;
  /** When this machine learnt the row. */
  readonly learntAt: Float64Array;
}

/** Settled rates with what polls saw before each. */
export interface SeenSettledColumns extends SettledColumns {
  /** The running rate as polls saw it 60, 15 and 5 minutes before the settlement, quoted for the same interval. */
  readonly seen60: Float64Array;
  readonly seen15: Float64Array;
  readonly seen5: Float64Array;
  /** The last one that they saw before it, and when. */
  readonly seenLast: Float64Array;
  readonly seenLastAt: Float64Array;
}

/** Closed hours of one instrument as the app observed them: an hour is (close - 1 h, close]. */
export interface HourColumns {
  readonly close: Float64Array;
  /** Time of the newest observation in the hour. */
  readonly observedAt: Float64Array;
  readonly rate: Float64Array;
  readonly intervalH: Float64Array;
  readonly mark: Float64Array;
  readonly index: Float64Array;
  /** In units of the price, as in a snapshot. */
  readonly openInterest: Float64Array;
  readonly volume24h: Float64Array;
  readonly rateMin: Float64Array;
  readonly rateMax: Float64Array;
  /** Time-weighted mark/index - 1 over the covered part of the hour. */
  readonly premium: Float64Array;
  readonly premiumMin: Float64Array;
  readonly premiumMax: Float64Array;
  /** Share of the hour that observations cover, 0 to 1. */
  readonly coverage: Float64Array;
  /** The settlement that was announced as the next one. */
  readonly nextFundingAt: Float64Array;
  /** The terms that the venue stated for the instrument then: interest I per 8 h, largest and least rate per paid interval. */
  readonly interestPer8h: Float64Array;
  readonly cap: Float64Array;
  readonly floor: Float64Array;
}

/** Every poll's observation of one watched instrument. */
export interface SnapshotColumns {
  readonly observedAt: Float64Array;
  readonly rate: Float64Array;
  readonly intervalH: Float64Array;
  readonly mark: Float64Array;
  readonly index: Float64Array;
  readonly openInterest: Float64Array;
  readonly volume24h: Float64Array;
  readonly nextFundingAt: Float64Array;
}

/** Hourly prices from the venue's own candles (close of each hour). */
export interface PriceColumns {
  readonly close: Float64Array;
  readonly mark: Float64Array;
  readonly index: Float64Array;
  /** Last trade: only where the venue serves neither mark nor index candles. */
  readonly last: Float64Array;
  /** When this machine learnt the values that stand; NaN: before it kept that. */
  readonly learntAt: Float64Array;
}

/** Open interest of imported files, in units of the price, at the moments that they name. */
export interface InterestColumns {
  readonly at: Float64Array;
  readonly value: Float64Array;
  readonly learntAt: Float64Array;
}

/**
 * Gives `count` columns of `rows` numbers that are not known yet, one at each call. They share one buffer, which is made, handed over and
 * cleaned up in one piece.
 */
export function unknownColumns(count: number, rows: number): () => Float64Array<ArrayBuffer> {
  const { buffer } = new Float64Array(count * rows).fill(NaN);
  let given = 0;
  return () => new Float64Array(buffer, Float64Array.BYTES_PER_ELEMENT * rows * given++, rows);
}
