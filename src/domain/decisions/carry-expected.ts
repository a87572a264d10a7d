import type { ReadCarry, ReadLeg } from './carry-input.ts';
import { type Exact, ZERO } from './exact.ts';
import { expectedSum, expectedTerms, type ReadReversion } from './expected.ts';
import type { Inputs } from './figure.ts';
import { ratePerHour } from './settlements.ts';

/** Rate per hour of a leg; spot pays nothing. */
export const legRate = (leg: ReadLeg): Exact => (leg.kind === 'spot' ? ZERO : ratePerHour(leg.funding));

/**
 * What each perpetual leg returns to where the spread returns to its mean: which leg moves is not known, so each moves by an
 * equal part. Null for spot, and where no half-life is known.
 */
export function legReversion({ long, short, reversion }: ReadCarry, leg: ReadLeg): ReadReversion | null {
  if (reversion === null || leg.kind === 'spot') return null;
  const perps = [long, short].filter(({ kind }) => kind === 'perp').length;
  const part = legRate(short).minus(legRate(long)).minus(reversion.meanPerHour).div(perps);
  const meanPerHour = leg.field === 'short' ? legRate(leg).minus(part) : legRate(leg).plus(part);
  return { meanPerHour, halfLifeH: reversion.halfLifeH };
}

export interface ExpectedFunding {
  /** Per notional; received above 0. */
  readonly sum: Exact;
  readonly template: string;
  readonly inputs: Inputs;
}

/** Funding of both legs as expected, each at its own settlements (domain 4.2); or why there is none. */
export function expectedFunding(read: ReadCarry): ExpectedFunding | string {
  if ([read.long, read.short].every(({ funding }) => funding.periods.isZero())) return 'Nothing is settled in the hold.';
  let sum: Exact = ZERO;
  let template = '';
  let inputs: Inputs = {};
  for (const leg of [read.short, read.long]) {
    const reversion = legReversion(read, leg);
    if (reversion === null) continue;
    const [sign, word] = leg.field === 'short' ? [1, template === '' ? '' : ' + '] : [-1, template === '' ? '−' : ' − '];
    const terms = expectedTerms(leg.funding, reversion, `${leg.field} `);
    sum = sum.plus(expectedSum(leg.funding, reversion).times(sign));
    template += `${word}[${terms.template}]`;
    inputs = { ...inputs, ...terms.inputs };
  }
  return template === '' ? 'No half-life of the spread is measured, so there is only the flat figure.' : { sum, template, inputs };
}
