import { exact, plainText } from './exact.ts';
import { noFigure, SHOWN_FIRST, withhold, type Figure } from './figure.ts';
import { isGiven, tellIgnored } from './ignored.ts';
import { aboveCap } from './liquidation.ts';
import type { Position } from './liquidation-price.ts';
import { Reader, type Problem } from './reader.ts';
import { beforeSize, SIZE_FIGURES, sizedFigures, targetFigures, type SizeFigure, type TargetFigures } from './size-figures.ts';
import { readSize, type ReadSize, type SizeInput } from './size-input.ts';
import { boundWords, leastContracts, lossPerContract, sizeOf, type Bound } from './size-limit.ts';
import { refuseFixed } from './size-fixed.ts';
import { judgeStop, liquidationOf, refuseDigits } from './size-liquidation.ts';
import { limitBelow, refuseMinimum, type Attempt } from './size-minimum.ts';

export interface SizeResult {
  /** While there is one, no figure that would mislead is given. */
  readonly problems: readonly Problem[];
  /** True but not in the way. */
  readonly warnings: readonly Problem[];
  /** What kept the size from being larger; 'minimum': the venue takes nothing so small. */
  readonly bound: Bound | 'minimum' | null;
  /** The same in a sentence, with the figure of the limit. */
  readonly boundWords: string | null;
  /** Whether the stop comes before liquidation, to the end of the hold. Null where no liquidation price is known. */
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
  const attempt: Attempt = (changed, advised) => sized(changed, advised === true ? attempt : null);
  return sized(input, attempt);
}

/** `attempt` tries what a hint would advise; null: this is such a try. */
function sized(input: SizeInput, attempt: Attempt | null): SizeResult {
  const reader = new Reader();
  const read = readSize(reader, input);
  if (reader.ok()) refuseTogether(reader, read, input);
  if (!reader.ok()) return nothing(reader.problems, input);

  const names = { base: input.base ?? '', quote: input.quote ?? '' };
  const found = sizeOf(read);
  const contracts = found.steps.times(read.lotStep);
  const least = leastContracts(read);
  if (contracts.lt(least)) {
    const why = 'The size that the limits allow is below what the venue takes.';
    if (attempt === null) return { ...nothing([limitBelow(read, found, least, names.quote)], input, why), bound: 'minimum' };
    refuseMinimum(reader, read, input, found, least, attempt);
    const { budget, volatilityScale, signalScale, ...perUnit } = beforeSize(read, read.trade, names);
    // Slippage from a book belongs to a size, and there is none.
    const kept = { budget, volatilityScale, signalScale, ...(read.book === null ? perUnit : {}) };
    const boundIs = { bound: 'minimum', boundWords: boundWords(read, 'minimum', names.quote) } as const;
    return { ...nothing(reader.problems, input, why), ...boundIs, figures: { ...none(why), ...kept } };
  }

  const { contract, sign, entry, contractSize } = read.trade;
  const position: Position = { contract, sign, entry, contracts, units: contracts.times(contractSize) };
  refuseDigits(reader, 'lotStep', read.lotStep, [contracts, position.units]);
  if (!reader.ok()) return nothing(reader.problems, input);
  const liquidation = liquidationOf(read, position, found.trade, input);
  const warnings = new Reader();
  const { stopFirst, why } = judgeStop(reader, warnings, read, position, liquidation, input, attempt);
  const figures = sizedFigures(read, found, position, liquidation, names);
  const risked = read.fixed === null ? read.risk : exact(figures.riskShare.value ?? 0).toSignificantDigits(4);
  if (risked.gt('0.1')) {
    const field = read.fixed === null ? 'risk' : 'contracts';
    warnings.refuse(field, `This risks ${plainText(risked.times(100))} % of the equity in one trade.`, '1 % is 0.01.');
  }
  warnOfInputs(warnings, read, input);
  const targets = targetFigures(read, found.trade, position, names);
  const words = boundWords(read, found.bound, names.quote);
  const common = { problems: reader.problems, warnings: warnings.problems, bound: found.bound, boundWords: words, stopFirst };
  if (why === null) return { ...common, figures, targets };
  return {
    ...common,
    figures: Object.fromEntries(
      SIZE_FIGURES.map((name) => [name, WITHOUT_STOP.includes(name) ? figures[name] : withhold(figures[name], why)]),
    ) as Record<SizeFigure, Figure>,
    targets: targets.map(({ price, net, r }) => ({ price, net: withhold(net, why), r: withhold(r, why) })),
  };
}

/** What is given and not counted, or not as it is given. */
function warnOfInputs(warnings: Reader, read: ReadSize, input: SizeInput): void {
  const { funding, leverage, overLeverage } = read;
  if (overLeverage !== null) {
    const [wrong, right] = aboveCap(overLeverage.typed, leverage, overLeverage.who);
    warnings.refuse('leverage', `${wrong.slice(0, -1)}: ${plainText(leverage)}x is counted.`, right);
  }
  if (funding.holdH === null && isGiven(input.funding?.rate)) {
    warnings.refuse(
      'hold.holdH',
      'No hold is given, so funding is left out.',
      'Enter the hours to hold; 0 leaves funding out without this.',
    );
  }
  if (read.fixed !== null) tellIgnored(warnings, 'risk', input.risk, 'the quantity is set');
  if (input.margin === 'isolated') tellIgnored(warnings, 'otherMaintenance', input.otherMaintenance, 'isolated margin stands alone');
  if (isGiven(input.book)) tellIgnored(warnings, 'slipBps', input.slipBps, 'the order book is walked');
  if (!isGiven(input.maintenance)) tellIgnored(warnings, 'liquidationFee', input.liquidationFee, 'no maintenance rate is given');
  if (funding.continuous && funding.holdH !== null && !funding.holdH.isZero()) {
    tellIgnored(warnings, 'hold.openAt', input.hold?.openAt, 'the venue accrues without settlements');
    tellIgnored(warnings, 'funding.nextFundingAt', input.funding?.nextFundingAt, 'the venue accrues without settlements');
  }
}

function refuseTogether(reader: Reader, read: ReadSize, { quote = '' }: SizeInput): void {
  if (read.fixed !== null) {
    refuseFixed(reader, read, read.fixed, quote);
    return;
  }
  if (lossPerContract(read.trade, read.stop).num.lte(0)) {
    reader.refuse(
      'stop',
      'With these rebates nothing is lost at the stop, so risk sets no size.',
      'Move the stop further away, or enter the fees as costs.',
    );
  }
}

const none = (why: string): Record<SizeFigure, Figure> =>
  Object.fromEntries(SIZE_FIGURES.map((name) => [name, noFigure('', why)])) as Record<SizeFigure, Figure>;

const nothing = (problems: readonly Problem[], input: SizeInput, why = SHOWN_FIRST): SizeResult => ({
  problems,
  warnings: [],
  bound: null,
  boundWords: null,
  stopFirst: null,
  figures: none(why),
  targets: (input.targets ?? []).map((price) => ({ price: String(price), net: noFigure('', why), r: noFigure('', why) })),
});
