import type { Exact } from './exact.ts';
import { ONE } from './exact.ts';
import { expectedSum, EXPECTED_FORMULA } from './expected.ts';
import { figure, noFigure, type Figure } from './figure.ts';
import { fillPrice, heldBy, type ReadCarry, type ReadLeg } from './carry-input.ts';
import { ratePerHour } from './settlements.ts';

export const CARRY_FIGURES = [
  'quantity',
  'notional',
  'capital',
  'grossPerHour',
  'grossApr',
  'longFunding',
  'shortFunding',
  'funding',
  'fees',
  'entrySpread',
  'exitSpread',
  'slippage',
  'borrow',
  'cost',
  'net',
  'netAprOnNotional',
  'netAprOnCapital',
  'breakEvenHours',
  'breakEvenRate',
  'expectedFunding',
  'expectedNet',
  'longLiquidation',
  'longDistance',
  'shortLiquidation',
  'shortDistance',
  'flipShare',
  'againstShare',
] as const;
export type CarryFigure = (typeof CARRY_FIGURES)[number];

const HOURS_A_YEAR = 8760;

/** What the carry comes to, in numbers that the verdict reads. Null: the book is too thin to know. */
export interface CarrySums {
  readonly gross: Exact;
  readonly funding: Exact;
  readonly cost: Exact | null;
  readonly net: Exact | null;
  readonly expectedNet: Exact | null;
  /** Null: never, or not known. */
  readonly breakEvenH: Exact | null;
  readonly netAprOnCapital: Exact | null;
  /** Why the cost is not known. */
  readonly thin: string | null;
}

interface Sized {
  readonly read: ReadCarry;
  /** Coins per leg. */
  readonly coins: Exact;
  readonly step: Exact;
  readonly base: string;
  readonly quote: string;
}

type Spread = { readonly value: Exact; readonly buy: Exact; readonly sell: Exact } | { readonly thin: string };

/** (what is bought - what is sold)/mid for the whole size, by walking books where there are. */
function crossSpread({ read, coins, base }: Sized, bought: ReadLeg, sold: ReadLeg): Spread {
  const buy = fillPrice(bought, 'buy', coins);
  const sell = fillPrice(sold, 'sell', coins);
  if (buy === null || sell === null) {
    const [leg, side, word] = buy === null ? ([bought, 'buy', 'asks'] as const) : ([sold, 'sell', 'bids'] as const);
    return {
      thin: `Book too thin: the ${word} of ${leg.name} hold ${heldBy(leg, side).toFixed()} ${base}, the size is ${coins.toFixed()} ${base}.`,
    };
  }
  return { value: buy.minus(sell).div(read.mid), buy, sell };
}

export function carryFigures(sized: Sized): { figures: Omit<Record<CarryFigure, Figure>, LegFigure | HistoryFigure>; sums: CarrySums } {
  const { read, coins, step, base, quote } = sized;
  const { long, short, mid, holdH: H, borrowPerHour, reversion } = read;
  const N = coins.times(mid);
  const capital = N.div(long.leverage).plus(N.div(short.leverage));
  const [fLong, fShort] = [long, short].map((leg) => (leg.kind === 'spot' ? ONE.times(0) : ratePerHour(leg.funding))) as [Exact, Exact];
  const gross = fShort.minus(fLong);
  const longFunding = long.funding.rate.times(long.funding.periods).times(N).neg();
  const shortFunding = short.funding.rate.times(short.funding.periods).times(N);
  const funding = longFunding.plus(shortFunding);

  const feeRate = long.feeIn.plus(short.feeIn).plus(short.feeOut).plus(long.feeOut);
  const slipRate = long.slip.plus(short.slip).times(2);
  const entry = crossSpread(sized, long, short);
  const exit = crossSpread(sized, short, long);
  const thin = 'thin' in entry ? entry.thin : 'thin' in exit ? exit.thin : null;
  const fixed = 'thin' in entry || 'thin' in exit ? null : feeRate.plus(slipRate).plus(entry.value).plus(exit.value);
  const borrow = borrowPerHour.times(H);
  const cost = fixed?.plus(borrow).times(N) ?? null;
  const net = cost === null ? null : funding.minus(cost);
  const perYear = ONE.times(HOURS_A_YEAR).div(H);
  const netAprOnCapital = net?.div(capital).times(perYear) ?? null;
  const earned = gross.minus(borrowPerHour);
  const breakEvenH = fixed !== null && earned.gt(0) && gross.gt(0) ? (fixed.lte(0) ? earned.times(0) : fixed.div(earned)) : null;
  const expected = reversion === null ? null : expectedSum(gross, reversion, H).times(N);
  const expectedNet = expected === null || cost === null ? null : expected.minus(cost);

  const needsCost = (unit: string, value: Exact | null, template: string, inputs: Record<string, Exact>): Figure =>
    value === null ? noFigure(unit, thin ?? '') : figure(unit, template, inputs, value);
  const spread = (found: Spread, bought: string, sold: string): Figure =>
    'thin' in found
      ? noFigure('', found.thin)
      : figure('', `({${bought}} − {${sold}})/{mid}`, { [bought]: found.buy, [sold]: found.sell, mid }, found.value);
  const parts = {
    fees: feeRate,
    entry: 'thin' in entry ? ONE : entry.value,
    exit: 'thin' in exit ? ONE : exit.value,
    slip: slipRate,
    borrow,
    N,
  };
  return {
    sums: { gross, funding, cost, net, expectedNet, breakEvenH, netAprOnCapital, thin },
    figures: {
      quantity: figure(base, 'floor({wanted}/{step}) × {step}', { wanted: read.wanted, step }, coins),
      notional: figure(quote, '{quantity} × {mid}', { quantity: coins, mid }, N),
      capital: figure(quote, '{N}/{longL} + {N}/{shortL}', { N, longL: long.leverage, shortL: short.leverage }, capital),
      grossPerHour: figure('per hour', '{fShort} − {fLong}', { fShort, fLong }, gross),
      grossApr: figure('APR', '({fShort} − {fLong}) × 8760', { fShort, fLong }, gross.times(HOURS_A_YEAR)),
      longFunding: figure(quote, '−{r} × {n} × {N}', { r: long.funding.rate, n: long.funding.periods, N }, longFunding),
      shortFunding: figure(quote, '{r} × {n} × {N}', { r: short.funding.rate, n: short.funding.periods, N }, shortFunding),
      funding: figure(quote, '{short} + {long}', { short: shortFunding, long: longFunding }, funding),
      fees: figure(
        quote,
        '({longIn} + {shortIn} + {shortOut} + {longOut}) × {N}',
        { longIn: long.feeIn, shortIn: short.feeIn, shortOut: short.feeOut, longOut: long.feeOut, N },
        feeRate.times(N),
      ),
      entrySpread: spread(entry, 'longAsk', 'shortBid'),
      exitSpread: spread(exit, 'shortAsk', 'longBid'),
      slippage: figure(quote, '2 × ({slipLong} + {slipShort}) × {N}', { slipLong: long.slip, slipShort: short.slip, N }, slipRate.times(N)),
      borrow: figure(quote, '{perHour} × {H} × {N}', { perHour: borrowPerHour, H, N }, borrow.times(N)),
      cost: needsCost(quote, cost, '({fees} + {entry} + {exit} + {slip} + {borrow}) × {N}', parts),
      net: needsCost(quote, net, '{funding} − {cost}', { funding, cost: cost ?? ONE }),
      netAprOnNotional: needsCost('APR', net?.div(N).times(perYear) ?? null, '{net}/{N} × 8760/{H}', { net: net ?? ONE, N, H }),
      netAprOnCapital: needsCost('APR', netAprOnCapital, '{net}/{capital} × 8760/{H}', { net: net ?? ONE, capital, H }),
      breakEvenHours:
        fixed !== null && breakEvenH === null
          ? noFigure(
              'h',
              gross.lte(0) ? 'Never: the funding runs against this carry.' : 'Never: borrowing costs more than the funding brings.',
            )
          : needsCost('h', breakEvenH, '({fees} + {entry} + {exit} + {slip})/({gross} − {borrowPerHour})', {
              ...parts,
              gross,
              borrowPerHour,
            }),
      breakEvenRate: needsCost('per hour', cost?.div(N).div(H) ?? null, '({fees} + {entry} + {exit} + {slip} + {borrow})/{H}', {
        ...parts,
        H,
      }),
      expectedFunding:
        expected === null || reversion === null
          ? noFigure(quote, 'No half-life of the spread is measured, so there is only the flat figure.')
          : figure(
              quote,
              `[${EXPECTED_FORMULA}] × {N}`,
              { mu: reversion.meanPerHour, H, g: gross, halfLife: reversion.halfLifeH, N },
              expected,
            ),
      expectedNet:
        expected === null || expectedNet === null
          ? noFigure(quote, thin ?? 'No half-life of the spread is measured, so there is only the flat figure.')
          : figure(quote, '{expected} − {cost}', { expected, cost: cost ?? ONE }, expectedNet),
    },
  };
}

export type LegFigure = 'longLiquidation' | 'longDistance' | 'shortLiquidation' | 'shortDistance';
export type HistoryFigure = 'flipShare' | 'againstShare';
