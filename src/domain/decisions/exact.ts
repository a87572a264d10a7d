import { Decimal } from 'decimal.js';
import { inThousands } from '../number-text.ts';

/**
 * Decimals of the decisions. Inputs carry at most 20 digits (`reader.ts`), so sums and products of a formula stay exact
 * within 120; only a quotient is rounded, far below the last digit that is shown.
 */
export const Exact = Decimal.clone({ precision: 120, rounding: Decimal.ROUND_HALF_EVEN });
export type Exact = Decimal;

/** A number as a person types it or a feed gives it. A JS number means its shortest decimal text: 0.1 is one tenth. */
export type Amount = number | string;

export const ZERO = new Exact(0);
export const ONE = new Exact(1);

export const exact = (value: Amount): Exact => new Exact(value);

/** A quotient that is compared before it is divided. `den` is above 0. */
export interface Fraction {
  readonly num: Exact;
  readonly den: Exact;
}

export const valueOf = ({ num, den }: Fraction): Exact => num.div(den);

/** How many times `part` (above 0) fits into `whole` (0 or more), never one too many. */
export const wholeTimes = (whole: Fraction, part: Fraction): Exact => whole.num.times(part.den).divToInt(whole.den.times(part.num));

/** The greatest multiple of `step` at or below `value`. */
export const floorTo = (value: Exact, step: Exact): Exact => value.divToInt(step).times(step);

/** The least multiple of `step` at or above `value`. */
export const ceilTo = (value: Exact, step: Exact): Exact => {
  const below = floorTo(value, step);
  return below.eq(value) ? below : below.plus(step);
};

/** Digits of a result; a budget has fewer, so rounding cannot lift a loss above it. */
const RESULT_DIGITS = 20;
const WORKED_DIGITS = 10;

/** Plain text of a result, exact up to 20 digits; never "-0", never an exponent. */
export const plainText = (value: Exact): string => value.toSignificantDigits(RESULT_DIGITS).plus(0).toFixed();

/** The shorter text inside a formula. */
export const workedText = (value: Exact): string => value.toSignificantDigits(WORKED_DIGITS).plus(0).toFixed();

/** The same with a comma between thousands, for sentences; what is to be typed stays plain. */
export const groupedText = (value: Exact): string => plainText(value).replace(/^\d+/u, inThousands);
