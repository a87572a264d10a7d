import { HOUR_MS } from '../time.ts';
import { plainText, ZERO, type Exact } from './exact.ts';
import { expectedSum, expectedTerms, readReversion, type Reversion } from './expected.ts';
import { figure, noFigure, SHOWN_FIRST, type Figure } from './figure.ts';
import { ignoredMean, isGiven, tellIgnored } from './ignored.ts';
import { LEVERAGE, POSITIVE, Reader, type Given, type Problem } from './reader.ts';
import { directionOf, signOf, type Direction, type Side } from './side.ts';
import { paidShare, ratePerHour, readFunding, settlementTimes, type FundingTerms, type Hold, type ReadFunding } from './settlements.ts';

export interface FundingInput extends FundingTerms, Hold {
  readonly side: Side;
  /** Position value at the mark (Hyperliquid: the oracle), in the settle currency; held flat. */
  readonly notional: Given;
  /** For the share of margin; empty: 1. */
  readonly leverage?: Given;
  readonly reversion?: Reversion | null | undefined;
  /** Name of the settle currency. */
  readonly money?: string | undefined;
}

const NAMES = ['settlements', 'perSettlement', 'paid', 'onNotional', 'onMargin', 'apr', 'expectedPaid', 'expectedOnNotional'] as const;
export type FundingFigure = (typeof NAMES)[number];

export interface FundingResult {
  readonly problems: readonly Problem[];
  /** True but not in the way. */
  readonly warnings: readonly Problem[];
  readonly figures: Readonly<Record<FundingFigure, Figure>>;
  /** Null where there is no figure. */
  readonly direction: Direction | null;
  readonly expectedDirection: Direction | null;
  /** Settlement instants inside the hold, ms; none for a continuous venue. */
  readonly settlements: Float64Array;
}

const HOURS_A_YEAR = 8760;
/** Hourly settlements of about two months: more would not be read. */
const MOST_TIMES = 1500;

/**
 * Funding over a hold, paid above 0 and received below: at a constant rate, and beside it with the measured decay. Without a
 * hold: the payment per settlement and the annual rate.
 */
export function fundingOverHold(input: FundingInput): FundingResult {
  const reader = new Reader();
  const notional = reader.number('notional', input.notional, POSITIVE);
  const leverage = reader.or('leverage', input.leverage, LEVERAGE, ZERO.plus(1));
  const reversion = readReversion(reader, 'reversion', input.reversion);
  const funding = readFunding(reader, '', input, input, 'terms');
  if (!reader.ok()) return nothing(reader.problems);

  const money = input.money ?? '';
  const s = signOf(input.side);
  const { rate, periods, intervalH } = funding;
  const terms = {
    perSettlement: figure(money, '{s} × {r} × {notional}', { s, r: rate, notional }, s.times(rate).times(notional)),
    apr: figure('APR', '{s} × {r}/{h} × 8760', { s, r: rate, h: intervalH }, s.times(ratePerHour(funding)).times(HOURS_A_YEAR)),
  };
  const warnings = new Reader();
  ignoredMean(warnings, 'reversion', input.reversion);
  if (funding.continuous) {
    for (const field of ['openAt', 'nextFundingAt'] as const) {
      tellIgnored(warnings, field, input[field], 'the venue accrues without settlements');
    }
  }
  if (funding.holdH === null) {
    warnings.refuse('holdH', 'No hold is given, so this is one payment and the annual rate.', 'Enter the hours to hold.');
    return { ...nothing([], 'No hold is given.', terms), direction: directionOf(s.times(rate)), warnings: warnings.problems };
  }
  const share = paidShare(funding, s);
  const paid = share.times(notional);
  if (share.times(leverage).gte(1) && isGiven(input.leverage)) {
    warnings.refuse(
      'leverage',
      `The funding of the hold is more than the margin at ${plainText(leverage)}x: the position is liquidated before the end of it.`,
      'Lower the leverage, or hold for less time.',
    );
  }
  const expected = reversion === null || periods.isZero() ? null : s.times(expectedSum(funding, reversion));
  const noReason = periods.isZero() ? 'Nothing is settled in the hold.' : 'No half-life is measured, so there is only the flat figure.';
  const { template, inputs } = expected === null || reversion === null ? { template: '', inputs: {} } : expectedTerms(funding, reversion);
  return {
    problems: [],
    warnings: warnings.problems,
    direction: directionOf(paid),
    expectedDirection: expected === null ? null : directionOf(expected),
    settlements: settlementTimes(funding, MOST_TIMES),
    figures: {
      settlements: countFigure(funding),
      ...terms,
      paid: figure(money, '{s} × {r} × {n} × {notional}', { s, r: rate, n: periods, notional }, paid),
      onNotional: figure('', '{s} × {r} × {n}', { s, r: rate, n: periods }, share),
      onMargin: figure('', '{s} × {r} × {n} × {L}', { s, r: rate, n: periods, L: leverage }, share.times(leverage)),
      expectedPaid:
        expected === null
          ? noFigure(money, noReason)
          : figure(money, `{s} × [${template}] × {notional}`, { s, ...inputs, notional }, expected.times(notional)),
      expectedOnNotional: expected === null ? noFigure('', noReason) : figure('', `{s} × [${template}]`, { s, ...inputs }, expected),
    },
  };
}

/** Settlements inside a hold, with the instants that count. */
export function countFigure({ continuous, holdH, intervalH, openAt, nextFundingAt, periods }: ReadFunding): Figure {
  if (holdH === null) return noFigure('settlements', 'No hold is given.');
  if (holdH.isZero()) return figure('settlements', 'none in {H} h', { H: holdH }, ZERO);
  if (continuous) return figure('periods', '{H}/{h}', { H: holdH, h: intervalH }, periods);
  const inputs = { open: at(openAt), close: at(openAt.plus(holdH.times(HOUR_MS))), next: at(nextFundingAt), h: intervalH };
  return figure('settlements', 'T = {next} + j × {h} h, counted where {open} < T ≤ {close}', inputs, periods);
}

const at = (time: Exact): string => new Date(time.toNumber()).toISOString();

function nothing(problems: readonly Problem[], why = SHOWN_FIRST, given: Partial<FundingResult['figures']> = {}): FundingResult {
  const none = noFigure('', why);
  return {
    problems,
    warnings: [],
    direction: null,
    expectedDirection: null,
    settlements: new Float64Array(0),
    figures: { ...(Object.fromEntries(NAMES.map((name) => [name, none])) as Record<FundingFigure, Figure>), ...given },
  };
}
