import { Exact, ONE, plainText } from './exact.ts';
import { expectedFunding, legRate } from './carry-expected.ts';
import { figure, noFigure, type Figure } from './figure.ts';
import { unitsOf, type CarrySize } from './carry-size.ts';
import { fillPrice, heldBy, type ReadCarry, type ReadLeg } from './carry-input.ts';

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
  'convergence',
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
  /** Of the fills alone, without borrowing. */
  readonly fills: Exact | null;
  readonly net: Exact | null;
  readonly expectedNet: Exact | null;
  /** Null: never, or not known. */
  readonly breakEvenH: Exact | null;
  /** Null too where the hold is too short to be put as a year. */
  readonly netAprOnCapital: Exact | null;
  /** Why the cost is not known. */
  readonly thin: string | null;
}

interface Sized {
  readonly read: ReadCarry;
  readonly size: CarrySize;
  readonly base: string;
  readonly quote: string;
}

type Spread = { readonly value: Exact; readonly buy: Exact; readonly sell: Exact } | { readonly thin: string };

/** (what is bought - what is sold)/mid for what each leg holds, by walking books where there are. */
function crossSpread({ read, size, base, quote }: Sized, bought: ReadLeg, sold: ReadLeg): Spread {
  const buy = fillPrice(bought, 'buy', unitsOf(bought, size));
  const sell = fillPrice(sold, 'sell', unitsOf(sold, size));
  if (buy === null || sell === null) {
    const [leg, side, word] = buy === null ? ([bought, 'buy', 'asks'] as const) : ([sold, 'sell', 'bids'] as const);
    const inWords = (units: Exact): string =>
      leg.contract === 'inverse' ? `${units.toFixed()} ${quote}` : `${units.times(leg.multiplier).toFixed()} ${base}`;
    return {
      thin: `Book too thin: the ${word} of ${leg.name} hold ${inWords(heldBy(leg, side))}, the size is ${inWords(unitsOf(leg, size))}.`,
    };
  }
  return { value: buy.minus(sell).div(read.mid), buy, sell };
}

export function carryFigures(sized: Sized): { figures: Omit<Record<CarryFigure, Figure>, LegFigure | HistoryFigure>; sums: CarrySums } {
  const { read, size, base, quote } = sized;
  const { coins } = size;
  const { long, short, mid, holdH: H, borrowPerHour } = read;
  const N = coins.times(mid);
  const capital = N.div(long.leverage).plus(N.div(short.leverage));
  const [fLong, fShort] = [legRate(long), legRate(short)];
  const gross = fShort.minus(fLong);
  const longFunding = long.funding.rate.times(long.funding.periods).times(N).neg();
  const shortFunding = short.funding.rate.times(short.funding.periods).times(N);
  const funding = longFunding.plus(shortFunding);

  // Contracts of an inverse leg are quote money, and so is what a fee is a share of: its own price does not move it.
  const feePrice = ({ contract, mid: own }: ReadLeg): Exact => (contract === 'inverse' ? mid : own);
  const legFees = (leg: ReadLeg): Exact => leg.feeIn.plus(leg.feeOut).times(coins).times(feePrice(leg));
  const fees = legFees(long).plus(legFees(short));
  const slipRate = long.slip.plus(short.slip).times(2);
  const entry = crossSpread(sized, long, short);
  const exit = crossSpread(sized, short, long);
  const thin = 'thin' in entry ? entry.thin : 'thin' in exit ? exit.thin : null;
  const fixed = 'thin' in entry || 'thin' in exit ? null : fees.div(N).plus(slipRate).plus(entry.value).plus(exit.value);
  const borrow = borrowPerHour.times(H);
  const cost = fixed?.plus(borrow).times(N) ?? null;
  const net = cost === null ? null : funding.minus(cost);
  const interval = longestInterval(read);
  const perYear = ONE.times(HOURS_A_YEAR).div(H);
  const yearly = !H.lt(interval);
  const netAprOnCapital = yearly ? (net?.div(capital).times(perYear) ?? null) : null;
  const earned = gross.minus(borrowPerHour);
  const earnsBack = fixed?.gt(0) === true && earned.gt(0) && gross.gt(0);
  const breakEvenH = fixed !== null && earnsBack ? fixed.div(earned) : null;
  const expectation = expectedFunding(read);
  const expected = typeof expectation === 'string' ? null : expectation.sum.times(N);
  const expectedNet = expected === null || cost === null ? null : expected.minus(cost);

  const needsCost = (unit: string, value: Exact | null, template: string, inputs: Record<string, Exact>): Figure =>
    value === null ? noFigure(unit, thin ?? '') : figure(unit, template, inputs, value);
  const tooShort = `The hold is shorter than one funding interval (${plainText(interval)} h), so a year of it says nothing.`;
  const aYear = (value: Exact | null, template: string, inputs: Record<string, Exact>): Figure =>
    yearly || thin !== null ? needsCost('APR', value, template, inputs) : noFigure('APR', tooShort);
  const spread = (found: Spread, bought: string, sold: string): Figure =>
    'thin' in found
      ? noFigure('', found.thin)
      : figure('', `({${bought}} − {${sold}})/{mid}`, { [bought]: found.buy, [sold]: found.sell, mid }, found.value);
  const parts = {
    fees,
    entry: 'thin' in entry ? ONE : entry.value,
    exit: 'thin' in exit ? ONE : exit.value,
    slip: slipRate,
    borrow,
    N,
  };
  return {
    sums: { gross, funding, cost, fills: fixed?.times(N) ?? null, net, expectedNet, breakEvenH, netAprOnCapital, thin },
    figures: {
      quantity: figure(base, size.template, size.inputs, coins),
      notional: figure(quote, '{quantity} × {mid}', { quantity: coins, mid }, N),
      capital: figure(quote, '{N}/{longL} + {N}/{shortL}', { N, longL: long.leverage, shortL: short.leverage }, capital),
      grossPerHour: figure('per hour', '{fShort} − {fLong}', { fShort, fLong }, gross),
      grossApr: figure('APR', '({fShort} − {fLong}) × 8760', { fShort, fLong }, gross.times(HOURS_A_YEAR)),
      longFunding: figure(quote, '−{r} × {n} × {N}', { r: long.funding.rate, n: long.funding.periods, N }, longFunding),
      shortFunding: figure(quote, '{r} × {n} × {N}', { r: short.funding.rate, n: short.funding.periods, N }, shortFunding),
      funding: figure(quote, '{short} + {long}', { short: shortFunding, long: longFunding }, funding),
      fees: figure(
        quote,
        '{quantity} × [({longIn} + {longOut}) × {longMid} + ({shortIn} + {shortOut}) × {shortMid}]',
        {
          quantity: coins,
          longIn: long.feeIn,
          longOut: long.feeOut,
          longMid: feePrice(long),
          shortIn: short.feeIn,
          shortOut: short.feeOut,
          shortMid: feePrice(short),
        },
        fees,
      ),
      entrySpread: spread(entry, 'longAsk', 'shortBid'),
      exitSpread: spread(exit, 'shortAsk', 'longBid'),
      slippage: figure(quote, '2 × ({slipLong} + {slipShort}) × {N}', { slipLong: long.slip, slipShort: short.slip, N }, slipRate.times(N)),
      borrow: figure(quote, '{perHour} × {H} × {N}', { perHour: borrowPerHour, H, N }, borrow.times(N)),
      cost: needsCost(quote, cost, '{fees} + ({entry} + {exit} + {slip} + {borrow}) × {N}', parts),
      net: needsCost(quote, net, '{funding} − {cost}', { funding, cost: cost ?? ONE }),
      convergence: figure(
        quote,
        '{quantity} × ({shortMid} − {longMid})',
        { quantity: coins, shortMid: short.mid, longMid: long.mid },
        coins.times(short.mid.minus(long.mid)),
      ),
      netAprOnNotional: aYear(net?.div(N).times(perYear) ?? null, '{net}/{N} × 8760/{H}', { net: net ?? ONE, N, H }),
      netAprOnCapital: aYear(netAprOnCapital, '{net}/{capital} × 8760/{H}', { net: net ?? ONE, capital, H }),
      breakEvenHours:
        fixed !== null && breakEvenH === null
          ? noFigure('h', neverBack(fixed.times(N), gross, earned.times(N), quote))
          : needsCost('h', breakEvenH, '({fees}/{N} + {entry} + {exit} + {slip})/({gross} − {borrowPerHour})', {
              ...parts,
              gross,
              borrowPerHour,
            }),
      breakEvenRate: needsCost('per hour', cost?.div(N).div(H) ?? null, '({fees}/{N} + {entry} + {exit} + {slip} + {borrow})/{H}', {
        ...parts,
        H,
      }),
      expectedFunding:
        typeof expectation === 'string'
          ? noFigure(quote, expectation)
          : figure(quote, `(${expectation.template}) × {N}`, { ...expectation.inputs, N }, expectation.sum.times(N)),
      expectedNet:
        expected === null || expectedNet === null
          ? noFigure(quote, thin ?? (typeof expectation === 'string' ? expectation : ''))
          : figure(quote, '{expected} − {cost}', { expected, cost: cost ?? ONE }, expectedNet),
    },
  };
}

/** The longest interval of the legs that pay funding, hours. */
const longestInterval = ({ long, short }: ReadCarry): Exact =>
  Exact.max(...[long, short].filter(({ kind }) => kind === 'perp').map(({ funding }) => funding.intervalH));

/** Why there are no hours after which the fills are earned back; `earned` in money per hour, after borrowing. */
function neverBack(fills: Exact, gross: Exact, earned: Exact, quote: string): string {
  if (fills.lt(0)) {
    const paid = `Paid to enter: the fills bring ${money(fills, quote)} more than they cost.`;
    return earned.lt(0) ? `${paid} What it loses an hour takes that back after ${spoken(fills.div(earned))} h.` : paid;
  }
  if (fills.isZero() && earned.gt(0)) return 'Nothing to earn back: entering and leaving cost nothing.';
  return gross.lte(0) ? 'Never: the funding runs against this carry.' : 'Never: borrowing costs more than the funding brings.';
}

/** Two decimals, or three digits where that would say nothing. */
export const spoken = (value: Exact): string =>
  (value.abs().gte('0.1') || value.isZero() ? value.toDecimalPlaces(2) : value.toSignificantDigits(3)).toFixed();
/** As the figures beside it show it, without its sign: cents always, and more where cents would say nothing. */
export const money = (value: Exact, quote: string): string =>
  `${value.abs().gte('0.1') ? value.abs().toFixed(2) : spoken(value.abs())} ${quote}`.trim();

export type LegFigure = 'longLiquidation' | 'longDistance' | 'shortLiquidation' | 'shortDistance';
export type HistoryFigure = 'flipShare' | 'againstShare';
