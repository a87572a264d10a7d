/** Settlements of one instrument in a range, with the mark of each (NaN: not known). */
export interface SettledInRange {
  readonly key: Float64Array;
  /** Per interval. */
  readonly rate: Float64Array;
  readonly mark: Float64Array;
}

export interface Holding {
  readonly contract: 'linear' | 'inverse';
  /** 1 long, -1 short. */
  readonly side: 1 | -1;
  /** In quote money when it was opened. */
  readonly notional: number;
  /** The mark it was opened at; NaN: not known. */
  readonly openedAt: number;
}

export interface Payments {
  /** What the holder received (negative: paid): quote money of a linear, coins of an inverse contract. NaN: not measured, for a mark is not known. */
  readonly payment: Float64Array;
  /** Of all that are measured, and how many are not. */
  readonly total: number;
  readonly unmeasured: number;
  /** Sum of the rates as charged; positive: longs paid. */
  readonly rates: number;
}

/**
 * What each settlement paid to a position of one size: rate x mark for each unit (linear), rate / mark for each unit of quote money (inverse);
 * positive rates are paid by longs (domain 4.1). The size is the notional over the mark at which it was opened; an inverse one is the notional.
 */
export function paymentsOf({ rate, mark }: SettledInRange, { contract, side, notional, openedAt }: Holding): Payments {
  const quantity = contract === 'linear' ? notional / openedAt : notional;
  const payment = rate.map((one, i) => {
    const at = mark[i] ?? NaN;
    return contract === 'linear' ? -side * one * quantity * at : (-side * one * quantity) / at;
  });
  // Zero is a payment to neither side.
  const measured = payment.filter((one) => !Number.isNaN(one));
  return {
    payment: payment.map((one) => one + 0),
    total: measured.reduce((sum, one) => sum + one, 0),
    unmeasured: payment.length - measured.length,
    rates: rate.reduce((sum, one) => sum + one, 0),
  };
}

/** Sums up to and including each row; NaN rows add nothing. */
export function cumulative(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((one) => (sum += Number.isNaN(one) ? 0 : one));
}
