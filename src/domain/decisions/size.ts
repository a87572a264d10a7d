import { plainText, valueOf, type Exact } from './exact.ts';
import { noFigure, SHOWN_FIRST, withhold, type Figure } from './figure.ts';
import { isGiven, tellIgnored } from './ignored.ts';
import { aboveCap, atOnce, comesFirst, stopTooFar } from './liquidation.ts';
import { liquidationPrice, notionalAt, type Position } from './liquidation-price.ts';
import { leverageLimit, sizeLimit } from './maintenance.ts';
import { Reader, type Problem } from './reader.ts';
import {
  beforeSize,
  SIZE_FIGURES,
  sizedFigures,
  targetFigures,
  type SizeFigure,
  type SizeLiquidation,
  type TargetFigures,
} from './size-figures.ts';
import { readSize, type ReadSize, type SizeInput } from './size-input.ts';
import { leastContracts, lossPerContract, sizeOf, type Bound, type Sized } from './size-limit.ts';
import type { MarginMode } from './side.ts';

export interface SizeResult {
  /** While there is one, no figure that would mislead is given. */
  readonly problems: readonly Problem[];
  /** True but not in the way. */
  readonly warnings: readonly Problem[];
  /** What kept the size from being larger; 'minimum': the venue takes nothing so small. */
  readonly bound: Bound | 'minimum' | null;
  /** Null where no liquidation price is known. */
  readonly stopFirst: boolean | null;
  readonly figures: Readonly<Record<SizeFigure, Figure>>;
  readonly targets: readonly TargetFigures[];
}

/** What still holds when the stop would never be reached. */
const WITHOUT_STOP: readonly SizeFigure[] = [
  'budget',
  'volatilityScale',
  'signalScale',
  'settlements',
  'breakEven',
  'liquidation',
  'liquidationAtEnd',
];

/** Position size after domain 4.1: the largest multiple of the lot step whose loss at the stop, costs included, is within the budget. */
export function sizePosition(input: SizeInput): SizeResult {
  const reader = new Reader();
  const read = readSize(reader, input);
  if (reader.ok()) refuseTogether(reader, read);
  if (!reader.ok()) return nothing(reader.problems, input);

  const names = { base: input.base ?? '', quote: input.quote ?? '' };
  const sized = sizeOf(read);
  const contracts = sized.steps.times(read.lotStep);
  const least = leastContracts(read);
  if (contracts.lt(least)) {
    refuseMinimum(reader, read, sized, contracts, least);
    const { budget, volatilityScale, signalScale, ...perUnit } = beforeSize(read, read.trade, names);
    // Slippage from a book belongs to a size, and there is none.
    const kept = { budget, volatilityScale, signalScale, ...(read.book === null ? perUnit : {}) };
    const why = 'The size that the limits allow is below what the venue takes.';
    return { ...nothing(reader.problems, input, why), bound: 'minimum', figures: { ...none(why), ...kept } };
  }

  const { contract, sign, entry, contractSize } = read.trade;
  const position: Position = { contract, sign, entry, contracts, units: contracts.times(contractSize) };
  const liquidation = liquidationOf(read, position, sized, input.margin);
  const warnings = new Reader();
  const stopFirst = judgeStop(reader, warnings, read, position, liquidation, input);
  if (read.risk.gt('0.1')) {
    warnings.refuse('risk', `This risks ${plainText(read.risk.times(100))} % of the equity in one trade.`, '1 % is 0.01.');
  }
  warnOfInputs(warnings, read, input);
  const figures = sizedFigures(read, sized, position, liquidation, names);
  const targets = targetFigures(read, sized.trade, position, names);
  const common = { problems: reader.problems, warnings: warnings.problems, bound: sized.bound, stopFirst };
  if (reader.ok()) return { ...common, figures, targets };
  const why = 'The position would be liquidated before its stop.';
  return {
    ...common,
    figures: Object.fromEntries(
      SIZE_FIGURES.map((name) => [name, WITHOUT_STOP.includes(name) ? figures[name] : withhold(figures[name], why)]),
    ) as Record<SizeFigure, Figure>,
    targets: targets.map(({ price, net, r }) => ({ price, net: withhold(net, why), r: withhold(r, why) })),
  };
}

/** What is given and not counted. */
function warnOfInputs(warnings: Reader, { funding }: ReadSize, input: SizeInput): void {
  if (funding.holdH === null && isGiven(input.funding?.rate)) {
    warnings.refuse('holdH', 'No hold is given, so funding is left out.', 'Enter the hours to hold; 0 leaves funding out without this.');
  }
  if (input.margin === 'isolated') tellIgnored(warnings, 'otherMaintenance', input.otherMaintenance, 'isolated margin stands alone');
  if (isGiven(input.book)) tellIgnored(warnings, 'slipBps', input.slipBps, 'the order book is walked');
  if (!isGiven(input.maintenance)) tellIgnored(warnings, 'liquidationFee', input.liquidationFee, 'no maintenance rate is given');
  if (funding.continuous && funding.holdH !== null && !funding.holdH.isZero()) {
    tellIgnored(warnings, 'openAt', input.hold?.openAt, 'the venue accrues without settlements');
    tellIgnored(warnings, 'funding.nextFundingAt', input.funding?.nextFundingAt, 'the venue accrues without settlements');
  }
}

function liquidationOf(read: ReadSize, position: Position, { trade }: Sized, mode: MarginMode): SizeLiquidation {
  const notional = notionalAt(position, position.entry);
  const balance = mode === 'isolated' ? notional.div(read.leverage) : valueOf(read.capital).minus(read.otherMaintenance);
  const balanceAtEnd = balance.minus(trade.paid.times(notional));
  const { maintenance } = read;
  return {
    now: maintenance === null ? null : liquidationPrice(position, balance, maintenance),
    balance,
    atEnd: maintenance === null ? null : liquidationPrice(position, balanceAtEnd, maintenance),
    balanceAtEnd,
  };
}

function refuseTogether(reader: Reader, read: ReadSize): void {
  const { maintenance, leverage, trade, stop } = read;
  if (maintenance !== null && sizeLimit(maintenance, leverage)?.isZero() === true) {
    reader.refuse('leverage', ...aboveCap(leverage, leverageLimit(maintenance) ?? leverage, 'the tier table allows'));
  }
  if (lossPerContract(trade, stop).num.lte(0)) {
    reader.refuse(
      'stop',
      'With these rebates nothing is lost at the stop, so risk sets no size.',
      'Move the stop further away, or enter the fees as costs.',
    );
  }
}

/** Null: not known. A stop beyond the liquidation price is a problem; one that funding brings there in the hold, a warning. */
function judgeStop(
  reader: Reader,
  warnings: Reader,
  { stop }: ReadSize,
  position: Position,
  { now, atEnd, balance }: SizeLiquidation,
  input: SizeInput,
): boolean | null {
  if (now === null || atEnd === null) {
    const right = 'Enter the maintenance rate of the venue to see the liquidation price.';
    warnings.refuse('maintenance', 'No maintenance rate is known, so nobody knows whether the stop comes before liquidation.', right);
    return null;
  }
  if (now.kind === 'at-once') {
    const money = (position.contract === 'linear' ? input.quote : input.base) ?? '';
    reader.refuse('leverage', ...atOnce(balance, now.maintenance, money, input.margin));
    return false;
  }
  const first = comesFirst(position, stop, now);
  if (now.kind === 'price' && !first) reader.refuse('stop', ...stopTooFar(stop, now.price, position));
  else if (!comesFirst(position, stop, atEnd)) {
    warnings.refuse(
      'stop',
      'Funding paid over the hold brings the estimated liquidation price beyond the stop.',
      'Lower the leverage, hold for less time, or add margin.',
    );
  }
  return first;
}

function refuseMinimum(reader: Reader, read: ReadSize, { bound }: Sized, contracts: Exact, least: Exact): void {
  const wrong = `The limits allow ${plainText(contracts)} contracts; the venue takes at least ${plainText(least)}.`;
  if (bound === 'risk' && read.book === null) {
    const loss = valueOf(lossPerContract(read.trade, read.stop)).times(least);
    const needed = loss.div(valueOf(read.capital));
    reader.refuse('risk', wrong, `Risk at least ${plainText(needed.toSignificantDigits(4, 0))} of the equity, or move the stop nearer.`);
  } else if (bound === 'book') reader.refuse('book', `Book too thin. ${wrong}`, 'Enter slippage by hand, or wait for a deeper book.');
  else if (bound === 'risk') reader.refuse('risk', wrong, 'Raise the risk, or move the stop nearer.');
  else reader.refuse('leverage', wrong, 'Raise the leverage where it is allowed, or bring more equity.');
}

const none = (why: string): Record<SizeFigure, Figure> =>
  Object.fromEntries(SIZE_FIGURES.map((name) => [name, noFigure('', why)])) as Record<SizeFigure, Figure>;

const nothing = (problems: readonly Problem[], input: SizeInput, why = SHOWN_FIRST): SizeResult => ({
  problems,
  warnings: [],
  bound: null,
  stopFirst: null,
  figures: none(why),
  targets: (input.targets ?? []).map((price) => ({ price: String(price), net: noFigure('', why), r: noFigure('', why) })),
});
