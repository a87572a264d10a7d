import type { CarryResult } from '#domain/decisions/carry.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { Figure } from '#domain/decisions/figure.ts';
import type { ChangeResult } from '#domain/decisions/change.ts';
import type { CrossResult } from '#domain/decisions/cross.ts';
import type { ScaleResult } from '#domain/decisions/scale.ts';
import type { FundingResult } from '#domain/decisions/funding.ts';
import type { ProfitResult } from '#domain/decisions/profit.ts';
import type { LiquidationResult } from '#domain/decisions/liquidation.ts';
import type { SizeResult } from '#domain/decisions/size.ts';
import { directionOf, type Direction } from '#domain/decisions/side.ts';
import { commonUnit, inUnit, type RateUnit, unitHeader } from '#domain/units.ts';
import { formatFixed, formatPrice, NONE, rateDecimals } from '../../format/numbers.ts';
import { written } from '../../format/notation.ts';

/** How a figure is written: the unit of a plain ratio is percent. */
type Style = 'money' | 'signed' | 'paid' | 'price' | 'percent' | 'signed-percent' | 'rate' | 'quantity' | 'x' | 'hours' | 'R';

export interface Caution {
  readonly text: string;
  readonly strong: boolean;
}

export interface FigureRow {
  readonly id: string;
  readonly name: string;
  readonly figure: Figure;
  readonly style: Style;
  /** Ends a sum. */
  readonly total?: true;
  /** What it rests on that may not hold. */
  readonly caution?: Caution | null;
  /** Read by the words beside it: "you pay". */
  readonly direction?: Direction | null;
  /** What a rate per hour is shown in; left out: per hour. */
  readonly rateUnit?: RateUnit;
}

export interface FigureGroup {
  readonly name: string;
  readonly rows: readonly FigureRow[];
}

const row = (id: string, name: string, figure: Figure, style: Style, more: Partial<FigureRow> = {}): FigureRow => ({
  id,
  name,
  figure,
  style,
  ...more,
});

const MONEY = new Set<Style>(['money', 'signed', 'paid']);

/** Decimals of the money of a group: one for all, so that they stand below each other. */
export function moneyDecimals(rows: readonly FigureRow[]): number {
  const sizes = rows
    .filter(({ style, figure }) => MONEY.has(style) && figure.value !== null)
    .map(({ figure }) => Math.abs(Number(figure.value)));
  const most = Math.max(0, ...sizes);
  return most >= 1000 ? 2 : most >= 0.1 || most === 0 ? 4 : 8;
}

/** Digits as they are, in groups of three. */
const grouped = (text: string): string => written(text).replace('-', '\u2212');

const percent = (value: number, sign: boolean): string => {
  const shown = value * 100;
  return formatFixed(shown, Math.abs(shown) >= 10 ? 2 : Math.abs(shown) >= 0.1 || shown === 0 ? 3 : 5, sign);
};

export interface Shown {
  readonly text: string;
  readonly unit: string;
}

/** A figure for the eye; its exact value stands in its explanation. */
export function shownFigure({ figure, style, direction, rateUnit = '1h' }: Omit<FigureRow, 'id' | 'name'>, decimals = 4): Shown {
  if (figure.value === null) return { text: NONE, unit: '' };
  const value = Number(figure.value);
  switch (style) {
    case 'money':
      return { text: formatFixed(value, decimals), unit: figure.unit };
    case 'signed':
      return { text: formatFixed(value, decimals, true), unit: figure.unit };
    case 'paid':
      return direction === undefined || direction === null
        ? { text: formatFixed(value, decimals, true), unit: figure.unit }
        : { text: formatFixed(Math.abs(value), decimals), unit: figure.unit };
    case 'price':
      return { text: formatPrice(value), unit: figure.unit.replace(/ per .*$/su, '') };
    case 'percent':
      return { text: percent(value, false), unit: '%' };
    case 'signed-percent':
      return { text: percent(value, true), unit: figure.unit === 'APR' ? '% APR' : '%' };
    case 'rate':
      return { text: formatFixed(inUnit(value, Number.NaN, rateUnit) * 100, rateDecimals(rateUnit), true), unit: unitHeader(rateUnit) };
    case 'quantity':
      // Counted things are named beside the figure already.
      return { text: grouped(figure.value), unit: figure.unit === 'settlements' ? '' : figure.unit };
    case 'x':
      return { text: formatFixed(value, 2), unit: 'x' };
    case 'hours':
      return { text: formatFixed(value, 1), unit: 'h' };
    case 'R':
      return { text: formatFixed(value, 2, true), unit: 'R' };
  }
}

export function sizeGroups({ figures: f, targets }: SizeResult, fundingDirection: Direction | null, inContracts: boolean): FigureGroup[] {
  return [
    {
      name: 'Position',
      rows: [
        row('quantity', 'Quantity', f.quantity, 'quantity'),
        ...(inContracts ? [row('contracts', 'Contracts', f.contracts, 'quantity')] : []),
        row('notional', 'Notional', f.notional, 'money'),
        row('margin', 'Margin', f.margin, 'money'),
        row('effectiveLeverage', 'Effective leverage', f.effectiveLeverage, 'x'),
      ],
    },
    {
      name: 'Loss at the stop',
      rows: [
        row('priceLoss', 'Price move', f.priceLoss, 'money'),
        row('entryFee', 'Entry fee', f.entryFee, 'money'),
        row('exitFee', 'Exit fee', f.exitFee, 'money'),
        row('slippage', 'Slippage', f.slippage, 'money'),
        row('fundingInLoss', 'Funding paid', f.fundingInLoss, 'money'),
        row('lossAtStop', 'Loss at the stop', f.lossAtStop, 'money', { total: true }),
        row('riskShare', 'Of the equity', f.riskShare, 'percent'),
        row('budget', 'Risk budget', f.budget, 'money'),
      ],
    },
    {
      name: 'Break-even',
      rows: [
        row('breakEven', 'Break-even', f.breakEven, 'price'),
        ...targets.flatMap(({ price, net, r }, i) => [
          row(`target${i}`, `Net at ${grouped(price)}`, net, 'signed'),
          row(`r${i}`, `R at ${grouped(price)}`, r, 'R'),
        ]),
      ],
    },
    {
      name: 'Liquidation, estimate',
      rows: [
        row('liquidation', 'Liquidation price', f.liquidation, 'price'),
        row('liquidationAtEnd', 'after the funding of the hold', f.liquidationAtEnd, 'price'),
        row('stopToLiquidation', 'From stop to liquidation', f.stopToLiquidation, 'signed-percent'),
      ],
    },
    {
      name: 'Funding over the hold',
      rows: [
        row('settlements', 'Settlements', f.settlements, 'quantity'),
        row('funding', 'Funding', f.funding, 'paid', { direction: fundingDirection }),
      ],
    },
    {
      name: 'In the market',
      rows: [
        row('shareOfOpenInterest', 'Of open interest', f.shareOfOpenInterest, 'percent'),
        row('shareOfTopOfBook', 'Of the best level', f.shareOfTopOfBook, 'percent'),
        row('slip', 'Slippage per fill', f.slip, 'percent'),
        row('lossPerUnit', 'Loss of one unit at the stop', f.lossPerUnit, 'price'),
        ...(f.volatilityScale.value === null ? [] : [row('volatilityScale', 'Scaled by volatility', f.volatilityScale, 'percent')]),
        ...(f.signalScale.value === null ? [] : [row('signalScale', 'Scaled by divergence', f.signalScale, 'percent')]),
      ],
    },
  ];
}

export const liquidationGroups = ({ figures: f }: LiquidationResult): FigureGroup[] => [
  {
    name: 'Estimate',
    rows: [
      row('liquidation', 'Liquidation price', f.liquidation, 'price'),
      row('distance', 'From the mark', f.distance, 'signed-percent'),
      row('bankruptcy', 'Bankruptcy price', f.bankruptcy, 'price'),
      row('partialLiquidation', 'Partial liquidation', f.partialLiquidation, 'price'),
      row('maintenance', 'Maintenance margin at liquidation', f.maintenance, 'money'),
    ],
  },
  {
    name: 'Position',
    rows: [
      row('notional', 'Notional', f.notional, 'money'),
      row('margin', 'Margin', f.margin, 'money'),
      row('balance', 'Margin balance', f.balance, 'money'),
    ],
  },
];

export const profitGroups = ({ figures: f }: ProfitResult): FigureGroup[] => [
  {
    name: 'Profit at the exit',
    rows: [
      row('priceProfit', 'Price move', f.priceProfit, 'signed'),
      row('entryFee', 'Entry fee', f.entryFee, 'money'),
      row('exitFee', 'Exit fee', f.exitFee, 'money'),
      row('slippage', 'Slippage', f.slippage, 'money'),
      row('fundingPaid', 'Funding so far', f.fundingPaid, 'paid', { direction: eachOf(f.fundingPaid) }),
      row('fundingOfHold', 'Funding of the hold', f.fundingOfHold, 'paid', { direction: eachOf(f.fundingOfHold) }),
      row('net', 'Net', f.net, 'signed', { total: true }),
    ],
  },
  {
    name: 'Return',
    rows: [
      row('onMargin', 'On the margin', f.onMargin, 'signed-percent'),
      row('onEquity', 'On the equity', f.onEquity, 'signed-percent'),
      row('onNotional', 'On the notional', f.onNotional, 'signed-percent'),
      row('r', 'Multiple of the risk', f.r, 'R'),
    ],
  },
  {
    name: 'Exits',
    rows: [
      row('breakEven', 'Break-even', f.breakEven, 'price'),
      row('exitForNet', 'For the wanted profit', f.exitForNet, 'price'),
      row('exitForR', 'For the wanted R', f.exitForR, 'price'),
    ],
  },
  {
    name: 'Risk',
    rows: [
      row('lossAtStop', 'Loss at the stop', f.lossAtStop, 'money'),
      row('riskShare', 'Of the equity', f.riskShare, 'percent'),
      row('liquidation', 'Liquidation, estimate', f.liquidation, 'price'),
      row('bankruptcy', 'Bankruptcy price', f.bankruptcy, 'price'),
      row('partialLiquidation', 'Partial liquidation', f.partialLiquidation, 'price'),
    ],
  },
  {
    name: 'Capital',
    rows: [
      row('notional', 'Notional', f.notional, 'money'),
      row('margin', 'Margin', f.margin, 'money'),
      row('capital', 'To outlast the move', f.capital, 'money'),
      row('onCapital', 'Net on that capital', f.onCapital, 'signed-percent'),
    ],
  },
];

export const scaleGroups = ({ figures: f }: ScaleResult): FigureGroup[] => [
  {
    name: 'Position, all filled',
    rows: [
      row('contracts', 'Contracts', f.contracts, 'quantity'),
      row('averageEntry', 'Average entry', f.averageEntry, 'price'),
      row('breakEven', 'Break-even', f.breakEven, 'price'),
      row('notional', 'Notional', f.notional, 'money'),
      row('margin', 'Margin', f.margin, 'money'),
    ],
  },
  {
    name: 'Stopped with all filled',
    rows: [
      row('lossAtStop', 'Loss at the stop', f.lossAtStop, 'money', { total: true }),
      row('budget', 'Risk budget', f.budget, 'money'),
      row('riskShare', 'Of the equity', f.riskShare, 'percent'),
      row('liquidation', 'Liquidation, estimate', f.liquidation, 'price'),
      row('bankruptcy', 'Bankruptcy price', f.bankruptcy, 'price'),
    ],
  },
  {
    name: 'All targets',
    rows: [
      row('averageExit', 'Average exit', f.averageExit, 'price'),
      row('net', 'Net', f.net, 'signed', { total: true }),
      row('r', 'Blended R', f.r, 'R'),
      row('onMargin', 'On the margin', f.onMargin, 'signed-percent'),
    ],
  },
];

export const changeGroups = ({ figures: f }: ChangeResult): FigureGroup[] => [
  {
    name: 'The fill',
    rows: [
      row('closed', 'Closed', f.closed, 'quantity'),
      row('opened', 'Opened', f.opened, 'quantity'),
      row('realised', 'Realised', f.realised, 'signed'),
      row('fees', 'Fee', f.fees, 'money'),
      row('slippage', 'Slippage', f.slippage, 'money'),
      row('net', 'Net', f.net, 'signed', { total: true }),
    ],
  },
];

export const crossGroupsOf = ({ figures: f }: CrossResult): FigureGroup[] => [
  {
    name: 'Account',
    rows: [
      row('equity', 'Worth now', f.equity, 'money'),
      row('openProfit', 'Open profit', f.openProfit, 'signed'),
      row('wallet', 'Without it', f.wallet, 'money'),
      row('maintenance', 'Maintenance of all', f.maintenance, 'money'),
      row('used', 'Of the equity', f.used, 'percent'),
      row('free', 'Left above it', f.free, 'money', { total: true }),
    ],
  },
  {
    name: 'Exposure',
    rows: [
      row('notional', 'Notional of all', f.notional, 'money'),
      row('exposure', 'Long less short', f.exposure, 'signed'),
      row('leverage', 'Effective leverage', f.leverage, 'x'),
    ],
  },
];

/** Who pays one settlement: known without a hold, and where none falls into it. */
const eachOf = ({ value }: Figure): Direction | null => (value === null ? null : directionOf(exact(value)));

export const fundingGroups = ({ figures: f, direction, expectedDirection }: FundingResult): FigureGroup[] => [
  {
    name: 'At today\u2019s rate',
    rows: [
      row('settlements', 'Settlements', f.settlements, 'quantity'),
      row('paid', 'Over the hold', f.paid, 'paid', { direction }),
      row('perSettlement', 'Each', f.perSettlement, 'paid', { direction: eachOf(f.perSettlement) }),
      row('onNotional', 'On notional', f.onNotional, 'signed-percent'),
      row('onMargin', 'On margin', f.onMargin, 'signed-percent'),
      row('apr', 'A year, simple', f.apr, 'signed-percent'),
    ],
  },
  {
    name: 'As expected with the measured half-life',
    rows: [
      row('expectedPaid', 'Over the hold', f.expectedPaid, 'paid', { direction: expectedDirection }),
      row('expectedOnNotional', 'On notional', f.expectedOnNotional, 'signed-percent'),
    ],
  },
];

/** `unit`: what the screen shows rates in; two legs have no one interval. */
export const carryGroupsOf = ({ figures: f }: CarryResult, unit: RateUnit): FigureGroup[] => [
  {
    name: 'Income',
    rows: [
      row('longFunding', 'Funding of the long leg', f.longFunding, 'signed'),
      row('shortFunding', 'Funding of the short leg', f.shortFunding, 'signed'),
      row('funding', 'Funding over the hold', f.funding, 'signed', { total: true }),
      row('cost', 'Total costs', f.cost, 'money'),
      row('net', 'Net', f.net, 'signed', { total: true }),
      row('convergence', 'If the prices meet, besides', f.convergence, 'signed'),
    ],
  },
  {
    name: 'Costs',
    rows: [
      row('fees', 'Fees of four fills', f.fees, 'money'),
      row('slippage', 'Slippage', f.slippage, 'money'),
      row('borrow', 'Borrowing', f.borrow, 'money'),
      row('entrySpread', 'Entry cross-spread', f.entrySpread, 'signed-percent'),
      row('exitSpread', 'Exit cross-spread', f.exitSpread, 'signed-percent'),
    ],
  },
  {
    name: 'Rates',
    rows: [
      row('grossPerHour', 'Gross', f.grossPerHour, 'rate', { rateUnit: commonUnit(unit) }),
      row('grossApr', 'Gross a year', f.grossApr, 'signed-percent'),
      row('netAprOnNotional', 'Net on notional', f.netAprOnNotional, 'signed-percent'),
      row('netAprOnCapital', 'Net on capital', f.netAprOnCapital, 'signed-percent'),
      row('breakEvenRate', 'Break-even rate', f.breakEvenRate, 'rate', { rateUnit: commonUnit(unit) }),
      row('breakEvenHours', 'Break-even after', f.breakEvenHours, 'hours'),
    ],
  },
  {
    name: 'Size',
    rows: [
      row('quantity', 'Coins per leg', f.quantity, 'quantity'),
      row('notional', 'Notional per leg', f.notional, 'money'),
      row('capital', 'Capital of both', f.capital, 'money'),
    ],
  },
  {
    name: 'Liquidation, estimate',
    rows: [
      row('longLiquidation', 'Long leg', f.longLiquidation, 'price'),
      row('longDistance', 'Long leg, distance', f.longDistance, 'signed-percent'),
      row('shortLiquidation', 'Short leg', f.shortLiquidation, 'price'),
      row('shortDistance', 'Short leg, distance', f.shortDistance, 'signed-percent'),
    ],
  },
  {
    name: 'In the past, and as expected',
    rows: [
      row('flipShare', 'Sign flips per hour', f.flipShare, 'percent'),
      row('againstShare', 'Hours against this carry', f.againstShare, 'percent'),
      row('expectedFunding', 'Expected funding', f.expectedFunding, 'signed'),
      row('expectedNet', 'Expected net', f.expectedNet, 'signed'),
    ],
  },
];
