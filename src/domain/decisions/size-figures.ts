import { Exact, ONE, valueOf, ZERO } from './exact.ts';
import { figure, noFigure, type Figure, type Inputs } from './figure.ts';
import { countFigure } from './funding.ts';
import { liquidationFigure } from './liquidation.ts';
import { notionalAt, profitAt, type Liquidation, type Position } from './liquidation-price.ts';
import { BREAK_EVEN, breakEven, NET, netAt, type Trade } from './payoff.ts';
import type { ReadSize } from './size-input.ts';
import { budgetOf, lossPerContract, quotePerContract, signalScale, volatilityScale, type Sized } from './size-limit.ts';

export const SIZE_FIGURES = [
  'budget',
  'volatilityScale',
  'signalScale',
  'settlements',
  'slip',
  'lossPerUnit',
  'breakEven',
  'contracts',
  'quantity',
  'notional',
  'margin',
  'effectiveLeverage',
  'priceLoss',
  'entryFee',
  'exitFee',
  'slippage',
  'fundingInLoss',
  'lossAtStop',
  'riskShare',
  'funding',
  'liquidation',
  'liquidationAtEnd',
  'stopToLiquidation',
  'shareOfOpenInterest',
  'shareOfTopOfBook',
] as const;
export type SizeFigure = (typeof SIZE_FIGURES)[number];

export interface TargetFigures {
  readonly price: string;
  /** Profit there, net of all costs, and as a multiple of the loss at the stop. */
  readonly net: Figure;
  readonly r: Figure;
}

export interface SizeLiquidation {
  /** Null: no maintenance rate is known. */
  readonly now: Liquidation | null;
  readonly balance: Exact;
  /** After the funding of the hold. */
  readonly atEnd: Liquidation | null;
  readonly balanceAtEnd: Exact;
}

export interface Names {
  readonly base: string;
  readonly quote: string;
}

const LOSS = {
  linear: '|{entry} − {stop}| + {feeIn} × {entry} + {feeOut} × {stop} + {slip} × ({entry} + {stop}) + {F} × {entry}',
  inverse: '{V} × [{s} × (1/{stop} − 1/{entry}) + ({feeIn} + {slip})/{entry} + ({feeOut} + {slip})/{stop} + {F}/{entry}]',
} as const;

/** F as what it is made of: its sign, the rate and how often it is charged. */
function fundingShare({ funding: { rate, periods, continuous, holdH } }: ReadSize, s: Exact): { share: string; terms: Inputs } {
  return continuous && holdH !== null && !holdH.isZero()
    ? { share: '{s} × {rate} × {periods}', terms: { s, rate, periods } }
    : { share: '{s} × {rate} × {settlements}', terms: { s, rate, settlements: periods } };
}

/** Figures that need no size. */
export function beforeSize(read: ReadSize, trade: Trade, names: Names) {
  const { contract, sign: s, entry, contractSize: V, feeIn, feeOut, slip, paid: F } = trade;
  const linear = contract === 'linear';
  const settle = linear ? names.quote : names.base;
  const capital = valueOf(read.capital);
  const { byVolatility, bySignal } = read;
  const perContract = lossPerContract(trade, read.stop);
  const perUnit = linear ? valueOf(perContract).div(V) : valueOf(perContract);
  const even = breakEven(trade);
  return {
    budget:
      read.fixed !== null
        ? noFigure(settle, 'The quantity is set, so no risk sets it.')
        : figure(
            settle,
            read.capital.den.eq(ONE) ? '{E} × {q} × {vol} × {signal}' : '{E}/{entry} × {q} × {vol} × {signal}',
            { E: read.equity, entry, q: read.risk, vol: volatilityScale(read), signal: signalScale(read) },
            capital.times(read.risk).times(volatilityScale(read)).times(signalScale(read)),
          ),
    volatilityScale:
      byVolatility === null
        ? noFigure('', 'Off.')
        : figure(
            '',
            'min(1, {target}/{volatility})',
            { target: byVolatility.target, volatility: byVolatility.measured },
            volatilityScale(read),
          ),
    signalScale:
      bySignal === null
        ? noFigure('', 'Off.')
        : figure('', 'min(1, {D}/{theta})', { D: bySignal.d, theta: bySignal.theta }, signalScale(read)),
    settlements: read.funding.holdH?.isZero() === true ? noFigure('settlements', 'The hold is 0 h.') : countFigure(read.funding),
    slip: figure('', read.book === null ? '{slip}' : '{slip} walking the book from mid', { slip }, slip),
    lossPerUnit: figure(
      `${settle} per ${linear ? names.base || 'unit' : 'contract'}`.trim(),
      LOSS[contract],
      { V, s, entry, stop: read.stop, feeIn, feeOut, slip, F: Exact.max(F, ZERO) },
      perUnit,
    ),
    breakEven:
      even === null
        ? noFigure(names.quote, 'Costs leave no price that breaks even.')
        : figure(names.quote, BREAK_EVEN[contract], { entry, s, feeIn, feeOut, slip, F }, even),
  } satisfies Partial<Record<SizeFigure, Figure>>;
}

const SIZE = {
  fixed: '{contracts}',
  risk: 'floor({budget}/({loss} × {step})) × {step}',
  leverage: 'floor({L} × {E}/({value} × {step})) × {step}',
  'venue-leverage': 'floor({L} × {E}/({value} × {step})) × {step}',
  tier: 'most that the tier table allows at {L}x, in steps of {step}',
  'last-tier': 'floor({maxNotional}/({quoteValue} × {step})) × {step}',
  'largest-order': 'floor({maxQuantity}/{step}) × {step}',
  book: 'most that the book fills, in steps of {step}',
} as const;

/** Everything, for a size above the venue's minimum. */
export function sizedFigures(
  read: ReadSize,
  { trade, bound }: Sized,
  position: Position,
  lp: SizeLiquidation,
  names: Names,
): Record<SizeFigure, Figure> {
  const { contract, entry, contractSize, feeIn, feeOut, slip, paid: F } = trade;
  const linear = contract === 'linear';
  const settle = linear ? names.quote : names.base;
  const capital = valueOf(read.capital);
  const perContract = valueOf(lossPerContract(trade, read.stop));
  const { contracts, units: Q } = position;
  const atEntry = notionalAt(position, entry);
  const atStop = notionalAt(position, read.stop);
  const worstF = Exact.max(F, ZERO);
  const parts = {
    priceLoss: profitAt(position, read.stop).neg(),
    entryFee: feeIn.times(atEntry),
    exitFee: feeOut.times(atStop),
    slippage: slip.times(atEntry.plus(atStop)),
    funding: worstF.times(atEntry),
  };
  const value = linear ? contractSize.times(entry) : contractSize.div(entry);
  const { share, terms } = fundingShare(read, position.sign);
  const inputs = {
    budget: valueOf(budgetOf(read)),
    loss: perContract,
    step: read.lotStep,
    L: read.leverage,
    E: capital,
    value,
    ...(bound === 'last-tier' && read.maxNotional !== null ? { maxNotional: read.maxNotional, quoteValue: quotePerContract(trade) } : {}),
    ...(bound === 'fixed' ? { contracts } : {}),
    ...(bound === 'largest-order' && read.maxQuantity !== null ? { maxQuantity: read.maxQuantity } : {}),
  };
  return {
    ...beforeSize(read, trade, names),
    contracts: figure('contracts', SIZE[bound], inputs, contracts),
    quantity: figure(linear ? names.base : names.quote, '{contracts} × {size}', { contracts, size: contractSize }, Q),
    notional: figure(settle, linear ? '{Q} × {entry}' : '{Q}/{entry}', { Q, entry }, atEntry),
    margin: figure(settle, '{notional}/{L}', { notional: atEntry, L: read.leverage }, atEntry.div(read.leverage)),
    effectiveLeverage: figure('x', '{notional}/{E}', { notional: atEntry, E: capital }, atEntry.div(capital)),
    priceLoss: figure(
      settle,
      linear ? '{Q} × |{entry} − {stop}|' : '{Q} × |1/{stop} − 1/{entry}|',
      { Q, entry, stop: read.stop },
      parts.priceLoss,
    ),
    entryFee: figure(settle, '{feeIn} × {notional}', { feeIn, notional: atEntry }, parts.entryFee),
    exitFee: figure(settle, '{feeOut} × {valueAtStop}', { feeOut, valueAtStop: atStop }, parts.exitFee),
    slippage: figure(settle, '{slip} × ({notional} + {valueAtStop})', { slip, notional: atEntry, valueAtStop: atStop }, parts.slippage),
    fundingInLoss: figure(settle, `max(0, ${share}) × {notional}`, { ...terms, notional: atEntry }, parts.funding),
    lossAtStop: figure(settle, '{priceLoss} + {entryFee} + {exitFee} + {slippage} + {funding}', parts, perContract.times(contracts)),
    riskShare: figure('', '{loss}/{E}', { loss: perContract.times(contracts), E: capital }, perContract.times(contracts).div(capital)),
    funding:
      read.funding.holdH === null
        ? noFigure(settle, 'No hold is given.')
        : figure(settle, `${share} × {notional}`, { ...terms, notional: atEntry }, F.times(atEntry)),
    ...liquidationFigures(read, position, lp, names.quote),
    shareOfOpenInterest: shareOf(Q, read.openInterest, 'No open interest is known.'),
    shareOfTopOfBook: shareOf(Q, read.topOfBook, 'No order book is known.'),
  };
}

function liquidationFigures(read: ReadSize, position: Position, { now, balance, atEnd, balanceAtEnd }: SizeLiquidation, quote: string) {
  if (now === null || atEnd === null) {
    const none = noFigure(quote, 'No maintenance rate is known.');
    return { liquidation: none, liquidationAtEnd: none, stopToLiquidation: none };
  }
  const { sign: s, entry } = position;
  return {
    liquidation: liquidationFigure(quote, position, balance, now),
    liquidationAtEnd: liquidationFigure(quote, position, balanceAtEnd, atEnd),
    stopToLiquidation:
      now.kind === 'price'
        ? figure(
            '',
            '{s} × ({stop} − {LP})/{entry}',
            { s, stop: read.stop, LP: now.price, entry },
            s.times(read.stop.minus(now.price)).div(entry),
          )
        : noFigure('', 'There is no liquidation price.'),
  };
}

const shareOf = (Q: Exact, whole: Exact | null, reason: string): Figure =>
  whole === null || whole.isZero()
    ? noFigure('', whole === null ? reason : 'It is 0.')
    : figure('', '{Q}/{whole}', { Q, whole }, Q.div(whole));

/** One row per take-profit, each for the whole size. */
export function targetFigures(read: ReadSize, trade: Trade, { contracts, units: Q }: Position, names: Names): TargetFigures[] {
  const loss = valueOf(lossPerContract(trade, read.stop)).times(contracts);
  const { contract, sign: s, entry, feeIn, feeOut, slip, paid: F } = trade;
  return read.targets.map((exit) => {
    const net = valueOf(netAt(trade, exit)).times(contracts);
    return {
      price: exit.toFixed(),
      net: figure(contract === 'linear' ? names.quote : names.base, NET[contract], { Q, s, exit, entry, feeIn, feeOut, slip, F }, net),
      r: loss.gt(0) ? figure('R', '{net}/{loss}', { net, loss }, net.div(loss)) : noFigure('R', 'Nothing is lost at the stop.'),
    };
  });
}
