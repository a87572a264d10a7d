import { Exact, ONE } from './exact.ts';
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

const LN_2 = new Exact(2).ln();

/** Expected sum over `hours` from `now` (per hour): mu H + (g - mu)(1 - e^(-lambda H))/lambda, lambda = ln 2/half-life. */
export function expectedSum(now: Exact, { meanPerHour, halfLifeH }: ReadReversion, hours: Exact): Exact {
  const lambda = LN_2.div(halfLifeH);
  const decayed = ONE.minus(lambda.times(hours).neg().exp()).div(lambda);
  return meanPerHour.times(hours).plus(now.minus(meanPerHour).times(decayed));
}

export const EXPECTED_FORMULA = '{mu} × {H} + ({g} − {mu}) × (1 − 2^(−{H}/{halfLife})) × {halfLife}/ln 2';
