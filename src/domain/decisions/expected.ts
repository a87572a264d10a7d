import { Decimal } from 'decimal.js';
import { Exact } from './exact.ts';
import type { Reader, Given, NumberRule } from './reader.ts';

/** How fast funding returns to its mean, as measured; per hour. */
export interface Reversion {
  /** The mean that it returns to, decimal per hour. */
  readonly meanPerHour: Given;
  readonly halfLifeH: Given;
}

export interface ReadReversion {
  readonly meanPerHour: Exact;
  readonly halfLifeH: Exact;
}

const MEAN: NumberRule = { min: -1, max: 1, right: 'Enter the mean rate per hour as a decimal: 0.00125 % is 0.0000125.' };
const HALF_LIFE: NumberRule = {
  above: 0,
  max: 87_600,
  right: 'Enter the half-life in hours, above 0, or leave it empty: then only the flat figure.',
};

export function readReversion(reader: Reader, field: string, given: Reversion | null | undefined): ReadReversion | null {
  if (given === null || given === undefined) return null;
  const halfLifeH = reader.optional(`${field}.halfLifeH`, given.halfLifeH, HALF_LIFE);
  if (halfLifeH === null) return null;
  return { meanPerHour: reader.number(`${field}.meanPerHour`, given.meanPerHour, MEAN), halfLifeH };
}

/** e^x is never exact: twice the digits that are shown are enough, and far quicker than 120. */
const Rounded = Decimal.clone({ precision: 40 });
const LN_2 = new Rounded(2).ln();

/** Expected sum over `hours` from `now` (per hour): mu H + (g - mu)(1 - e^(-lambda H))/lambda, lambda = ln 2/half-life. */
export function expectedSum(now: Exact, { meanPerHour, halfLifeH }: ReadReversion, hours: Exact): Exact {
  const lambda = LN_2.div(new Rounded(halfLifeH));
  const decayed = new Rounded(1).minus(lambda.times(hours).neg().exp()).div(lambda);
  return new Exact(meanPerHour.times(hours).plus(now.minus(meanPerHour).times(new Exact(decayed))));
}

/** The same in plain numbers, for drawing. */
export function expectedCurve(now: number, { meanPerHour, halfLifeH }: ReadReversion, hours: Float64Array): Float64Array {
  const [mu, lambda] = [meanPerHour.toNumber(), Math.LN2 / halfLifeH.toNumber()];
  return hours.map((h) => mu * h - ((now - mu) * Math.expm1(-lambda * h)) / lambda);
}

export const EXPECTED_FORMULA = '{mu} × {H} + ({g} − {mu}) × (1 − 2^(−{H}/{halfLife})) × {halfLife}/ln 2';
