import { Decimal } from 'decimal.js';
import { HOUR_MS } from '../time.ts';
import { Exact, ZERO } from './exact.ts';
import type { Inputs } from './figure.ts';
import { RATE_PER_HOUR, type Reader, type Given, type NumberRule } from './reader.ts';
import type { ReadFunding } from './settlements.ts';

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

const HALF_LIFE: NumberRule = {
  above: 0,
  max: 87_600,
  right: 'Enter the half-life in hours, above 0, or leave it empty: then only the flat figure.',
};

export function readReversion(reader: Reader, field: string, given: Reversion | null | undefined): ReadReversion | null {
  if (given === null || given === undefined) return null;
  const halfLifeH = reader.optional(`${field}.halfLifeH`, given.halfLifeH, HALF_LIFE);
  if (halfLifeH === null) return null;
  return { meanPerHour: reader.number(`${field}.meanPerHour`, given.meanPerHour, RATE_PER_HOUR), halfLifeH };
}

/** 2^x is never exact: thrice the digits that are shown are enough (a quotient of near equals loses some), and far quicker than 120. */
const Rounded = Decimal.clone({ precision: 60 });
const LN_2 = new Rounded(2).ln();

/**
 * What is left of the distance to the mean, summed over what is charged in the hold, in periods: the sum of 2^(-t_j/half-life)
 * over the settlement instants t_j (hours from the open, domain 4.2); where a venue accrues, the integral over the hold.
 */
export function leftOver(funding: ReadFunding, halfLifeH: Exact): Exact {
  const { continuous, holdH, intervalH, openAt, nextFundingAt, periods } = funding;
  if (holdH === null || periods.isZero()) return ZERO;
  const lambda = LN_2.div(new Rounded(halfLifeH));
  const left = (hours: Exact): Decimal => lambda.times(hours).neg().exp();
  const passed = new Rounded(1).minus(left(intervalH.times(periods)));
  if (continuous) return new Exact(passed.div(lambda.times(intervalH)));
  const first = left(nextFundingAt.minus(openAt).div(HOUR_MS));
  return new Exact(first.times(passed).div(new Rounded(1).minus(left(intervalH))));
}

/** Expected sum of rates over the hold, per notional: n h mu + (r - h mu) x `leftOver`, mu per hour. */
export function expectedSum(funding: ReadFunding, { meanPerHour, halfLifeH }: ReadReversion): Exact {
  const mean = funding.intervalH.times(meanPerHour);
  return funding.periods.times(mean).plus(funding.rate.minus(mean).times(leftOver(funding, halfLifeH)));
}

/** The same after the first `periods` of a hold in plain numbers, for drawing. */
export function expectedCurve(funding: ReadFunding, { meanPerHour, halfLifeH }: ReadReversion, periods: Float64Array): Float64Array {
  const [h, rate] = [funding.intervalH.toNumber(), funding.rate.toNumber()];
  const [mean, lambda] = [meanPerHour.toNumber() * h, Math.LN2 / halfLifeH.toNumber()];
  const firstH = funding.continuous ? 0 : funding.nextFundingAt.minus(funding.openAt).toNumber() / HOUR_MS;
  const unit = funding.continuous ? 1 / (lambda * h) : Math.exp(-lambda * firstH) / -Math.expm1(-lambda * h);
  return periods.map((n) => n * mean - (rate - mean) * unit * Math.expm1(-lambda * h * n));
}

export interface Explained {
  readonly template: string;
  readonly inputs: Inputs;
}

/** The formula of `expectedSum` with its inputs; the sum has the name of what it is. `of` stands before every name. */
export function expectedTerms(funding: ReadFunding, { meanPerHour, halfLifeH }: ReadReversion, of = ''): Explained {
  const { rate, periods, intervalH, holdH, continuous } = funding;
  const [n, h, mu, r, halfLife, H] = [`${of}n`, `${of}h`, `${of}mu`, `${of}r`, `${of}halfLife`, `${of}H`];
  const left = continuous ? `(1 − 2^(−${H}/${halfLife})) × ${halfLife}/(${h} × ln 2)` : `sum of 2^(−${of}t/${halfLife})`;
  return {
    template: `{${n}} × {${h}} × {${mu}} + ({${r}} − {${h}} × {${mu}}) × {${left}}`,
    inputs: {
      [n]: periods,
      [h]: intervalH,
      [mu]: meanPerHour,
      [r]: rate,
      [halfLife]: halfLifeH,
      ...(continuous && holdH !== null ? { [H]: holdH } : {}),
      [left]: leftOver(funding, halfLifeH),
    },
  };
}
