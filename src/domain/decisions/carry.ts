import { CARRY_FIGURES, carryFigures, money, spoken, type CarryFigure, type CarrySums, type LegFigure } from './carry-figures.ts';
import { historyFigures } from './carry-history.ts';
import { mismatch, sizeCarry, unitsOf, type CarrySize } from './carry-size.ts';
import { ignoredInCarry, readCarry, type CarryInput, type ReadCarry, type ReadLeg } from './carry-input.ts';
import { ceilTo, Exact, floorTo, ONE, plainText } from './exact.ts';
import { figure, noFigure, SHOWN_FIRST, type Figure } from './figure.ts';
import { aboveCap, atOnce, liquidationFigure } from './liquidation.ts';
import { liquidationPrice, notionalAt, type Position } from './liquidation-price.ts';
import { leverageLimit, sizeLimit } from './maintenance.ts';
import type { HeldLeg } from './open-position.ts';
import { Reader, type Problem } from './reader.ts';
import { paidShare } from './settlements.ts';
import { refuseDigits } from './size-liquidation.ts';

export interface Verdict {
  readonly kind: 'earns' | 'loses' | 'unknown';
  /** Plain sentences for a person. */
  readonly words: string;
}

export interface CarryResult {
  readonly problems: readonly Problem[];
  /** True but not in the way. */
  readonly warnings: readonly Problem[];
  readonly figures: Readonly<Record<CarryFigure, Figure>>;
  readonly verdict: Verdict;
}

/** Cash-and-carry or perp against perp after domain 4.2: what a hold brings, what it costs, and whether it is worth it. */
export function carry(input: CarryInput): CarryResult {
  const reader = new Reader();
  const read = readCarry(reader, input);
  if (!reader.ok()) return nothing(reader.problems);
  const size = sizeCarry(read);
  refuseSize(reader, read, size);
  for (const leg of [read.long, read.short]) {
    const units = unitsOf(leg, size);
    // Coins of an inverse leg are a quotient: its money is what must be exact.
    const coins = leg.contract === 'inverse' ? [] : [size.coins];
    refuseDigits(reader, `${leg.field}.lotStep`, leg.contract === 'inverse' ? leg.lot : leg.step, [
      ...coins,
      units,
      units.div(leg.contractSize),
    ]);
  }
  if (!reader.ok()) return nothing(reader.problems);

  const warnings = new Reader();
  const names = { base: input.base ?? '', quote: input.quote ?? '' };
  const legs = {
    ...legFigures(reader, warnings, read.long, size, names.quote),
    ...legFigures(reader, warnings, read.short, size, names.quote),
  };
  if (!reader.ok()) return nothing(reader.problems);
  warnOfDistance(warnings, read);
  warnOfMismatch(warnings, read, size, names.base);
  ignoredInCarry(warnings, input);
  const { figures, sums } = carryFigures({ read, size, ...names });
  const history = historyFigures(read.history);
  return {
    problems: [],
    warnings: warnings.problems,
    figures: { ...figures, ...(legs as Record<LegFigure, Figure>), ...history },
    verdict: judge(sums, read, names.quote, history.againstShare),
  };
}

/** The perpetual legs of the carry, rounded to what both trade; entries by the venue's unit. Problems where there is no size. */
export function carryLegs(input: CarryInput): { readonly legs: readonly HeldLeg[] } | { readonly problems: readonly Problem[] } {
  const reader = new Reader();
  const read = readCarry(reader, input);
  if (!reader.ok()) return { problems: reader.problems };
  const size = sizeCarry(read);
  refuseSize(reader, read, size);
  if (!reader.ok()) return { problems: reader.problems };
  const legs = [read.long, read.short].filter(({ kind }) => kind === 'perp');
  return {
    legs: legs.map((leg) => {
      const units = unitsOf(leg, size);
      return {
        side: leg.field,
        contracts: plainText(units.div(leg.contractSize)),
        units: plainText(units),
        entry: plainText(leg.mid.times(leg.multiplier)),
      };
    }),
  };
}

/** A size that the venues do not take: below what one of them takes at least, or above what it takes at most. */
function refuseSize(
  reader: Reader,
  { long, short, wanted, sizedBy, mid }: ReadCarry,
  { coins, step, coarsest, money: inMoney }: CarrySize,
): void {
  // Steps of an inverse leg are quotients.
  const hinted = inMoney === null ? coarsest : coarsest.toSignificantDigits(8, UP);
  const inWords = (size: Exact, rounding: Rounding): string =>
    `${plainText((sizedBy === 'notional' ? size.times(mid) : size).toSignificantDigits(8, rounding))}${sizedBy === 'notional' ? ' per leg' : ''}`;
  const limits = [long, short].flatMap(({ name, mid: price, most, maxNotional }) => [
    ...(most === null ? [] : [{ name, what: 'largest order', size: most }]),
    ...(maxNotional === null ? [] : [{ name, what: 'last tier ends at a position', size: maxNotional.div(price) }]),
  ]);
  const tightest = limits.reduce<(typeof limits)[number] | null>((low, one) => (low === null || one.size.lt(low.size) ? one : low), null);
  const minima = [long, short].map((leg) => ({
    name: leg.name,
    size: Exact.max(leg.least, leg.minNotional.div(leg.mid), step),
    isMet: coins.gte(step) && takes(leg, leg.contract === 'inverse' && inMoney !== null ? inMoney.div(leg.mid) : coins),
  }));
  const least = minima.reduce((high, one) => (one.size.gt(high.size) ? one : high));
  const atLeast = ceilTo(least.size, hinted);
  const isNone = tightest !== null && atLeast.gt(tightest.size);
  if (!minima.every(({ isMet }) => isMet)) {
    reader.refuse(
      sizedBy,
      `${plainText(wanted.toSignificantDigits(8))} coins come to ${plainText(inMoney === null ? coins : coins.toSignificantDigits(8, DOWN))} in steps of ${plainText(hinted)} that both legs trade; ${least.name} takes at least ${plainText(least.size.toSignificantDigits(8))}.`,
      isNone
        ? `${NO_SIZE} ${tightest.name} takes at most ${plainText(tightest.size.toSignificantDigits(8, DOWN))} coins. ${CHECK_BOTH}`
        : `Enter at least ${inWords(atLeast, UP)}.`,
    );
    return;
  }
  if (tightest === null || coins.lte(tightest.size)) return;
  reader.refuse(
    sizedBy,
    `${plainText(coins.toSignificantDigits(8))} coins are more than ${tightest.name} takes: its ${tightest.what} ${tightest.what === 'largest order' ? 'is' : 'of'} ${plainText(tightest.size.toSignificantDigits(8, DOWN))} coins.`,
    isNone
      ? `${NO_SIZE} ${least.name} takes at least ${plainText(atLeast.toSignificantDigits(8, UP))} coins. ${CHECK_BOTH}`
      : `Enter at most ${inWords(floorTo(tightest.size, hinted), DOWN)}.`,
  );
}

/** Coins of an inverse leg, by its own price, and what it takes at least are quotients, whose last digits do not decide. */
const takes = ({ least, minNotional, mid }: ReadLeg, coins: Exact): boolean =>
  coins.toSignificantDigits(QUOTIENT_DIGITS).gte(Exact.max(least, minNotional.div(mid)).toSignificantDigits(QUOTIENT_DIGITS));
const QUOTIENT_DIGITS = 60;

const NO_SIZE = 'No size does:';
const CHECK_BOTH = 'Check the least and the most of both legs, or choose another.';

type Rounding = typeof UP | typeof DOWN;
const UP = Exact.ROUND_UP;
const DOWN = Exact.ROUND_DOWN;

/** Legs of one coin that stand apart bring or cost the difference when they meet: no part of the net, so it is said. */
function warnOfDistance(warnings: Reader, { long, short, mid }: ReadCarry): void {
  const apart = short.mid.minus(long.mid).div(mid);
  if (!apart.abs().gt('0.02')) return;
  warnings.refuse(
    'short.price',
    `The legs stand ${percent(apart.abs())} apart: ${long.name} at ${plainText(long.mid.toSignificantDigits(8))}, ${short.name} at ${plainText(short.mid.toSignificantDigits(8))} per coin.`,
    'Check that both are one coin and that both prices are of now. What meeting prices would bring or cost is the convergence, which the net leaves out.',
  );
}

/** A leg in coins beside one in quote money: what is left between their steps stands open. */
function warnOfMismatch(warnings: Reader, read: ReadCarry, size: CarrySize, base: string): void {
  const share = mismatch(read, size);
  if (size.money === null || share.lt('0.005')) return;
  const [inverse, other] = read.long.contract === 'inverse' ? [read.long, read.short] : [read.short, read.long];
  warnings.refuse(
    `${other.field}.lotStep`,
    `The legs differ by ${percent(share)}: ${inverse.name} holds contracts worth ${plainText(size.money.div(read.mid).toSignificantDigits(8))} ${base}, ${other.name} ${plainText(size.coins.toSignificantDigits(8))} ${base}, which its step allows.`,
    'A larger size comes closer; the figures are of the smaller leg.',
  );
}

function legFigures(reader: Reader, warnings: Reader, leg: ReadLeg, size: CarrySize, quote: string): Record<string, Figure> {
  const sign = leg.field === 'long' ? ONE : ONE.neg();
  const [price, distance] = [`${leg.field}Liquidation`, `${leg.field}Distance`];
  const none = (reason: string): Record<string, Figure> => ({ [price]: noFigure(quote, reason), [distance]: noFigure('', reason) });
  if (leg.kind === 'spot') return none('A spot leg is not liquidated.');
  const { maintenance } = leg;
  if (maintenance === null) return none('No maintenance rate is known.');
  const units = unitsOf(leg, size);
  // By the venue's own unit and price, its margin in what it settles in.
  const position: Position = {
    contract: leg.contract,
    sign,
    entry: leg.mid.times(leg.multiplier),
    contracts: units.div(leg.contractSize),
    units,
  };
  const notional = notionalAt(position, position.entry);
  const inQuote = (settled: Exact): Exact => (leg.contract === 'linear' ? settled : settled.times(position.entry));
  const limit = sizeLimit(maintenance, leg.leverage);
  if (limit !== null && (maintenance.by === 'contracts' ? position.contracts : notional).gt(limit)) {
    const field = `${leg.field}.leverage`;
    if (limit.isZero()) reader.refuse(field, ...aboveCap(leg.leverage, leverageLimit(maintenance) ?? ONE, 'the tier table allows'));
    else
      reader.refuse(
        field,
        `At ${plainText(leg.leverage)}x the tier table allows ${plainText(limit)} at most.`,
        'Lower the leverage, or the size.',
      );
    return {};
  }
  const balance = notional.div(leg.leverage);
  const found = liquidationPrice(position, balance, maintenance);
  if (found.kind === 'at-once')
    reader.refuse(`${leg.field}.leverage`, ...atOnce(inQuote(balance), inQuote(found.maintenance), quote, 'isolated'));
  const paid = paidShare(leg.funding, sign).times(notional);
  if (found.kind !== 'at-once' && liquidationPrice(position, balance.minus(paid), maintenance).kind === 'at-once') {
    warnings.refuse(
      `${leg.field}.leverage`,
      `The funding that ${leg.name} pays over the hold, ${money(inQuote(paid), quote)}, eats its margin of ${money(inQuote(balance), quote)}: it is liquidated before the end of it.`,
      'Lower the leverage, hold for less time, or add margin on the way.',
    );
  }
  if (found.kind !== 'price') return { ...none('None: no price above 0 takes the margin.') };
  const entry = position.entry;
  return {
    [price]: liquidationFigure(quote, position, balance, found),
    [distance]: figure(
      '',
      '{s} × ({entry} − {LP})/{entry}',
      { s: sign, entry, LP: found.price },
      sign.times(entry.minus(found.price)).div(entry),
    ),
  };
}

const percent = (value: Exact): string => `${spoken(value.times(100))} %`;
const hours = (value: Exact): string => `${spoken(value)} h`;

/** The verdict is about the flat figure; where decay is measured and says otherwise, it says so. */
function judge(
  { gross, funding, cost, fills, net, expectedNet, breakEvenH, netAprOnCapital, thin }: CarrySums,
  read: ReadCarry,
  quote: string,
  against: Figure,
): Verdict {
  if (net === null || cost === null || fills === null) return { kind: 'unknown', words: `No verdict. ${thin ?? ''}`.trim() };
  const hold = hours(read.holdH);
  const words: string[] = [];
  const costs = cost.gt(0)
    ? `costs are ${money(cost, quote)}`
    : cost.isZero()
      ? 'it costs nothing'
      : `you are paid ${money(cost, quote)} to enter`;
  if (net.gt(0)) {
    const after = cost.gt(0)
      ? ` after costs of ${money(cost, quote)}`
      : cost.isZero()
        ? ' at no cost'
        : `, the ${money(cost, quote)} that you are paid to enter included`;
    const yearly = netAprOnCapital === null ? '' : `: ${percent(netAprOnCapital)} a year on capital`;
    words.push(`Over ${hold} this earns ${money(net, quote)}${after}${yearly}.`);
    if (breakEvenH !== null) words.push(`Costs are earned back after ${hours(breakEvenH)}.`);
  } else {
    const brings = `funding ${funding.lt(0) ? (cost.gt(0) ? 'costs a further' : 'costs') : 'brings'} ${money(funding, quote)}`;
    const end = net.isZero() ? 'end at nothing' : `lose ${money(net, quote)}`;
    words.push(`${net.isZero() ? 'Breaks even' : 'Loses'}: over ${hold} ${brings}, ${costs}, so you ${end}.`);
    if (breakEvenH !== null) words.push(`At today's rates it takes ${hours(breakEvenH)} to earn the costs back.`);
    else if (fills.gt(0))
      words.push(
        gross.lte(0)
          ? 'It never breaks even: the funding runs against it.'
          : 'It never breaks even: borrowing costs more than the funding brings.',
      );
  }
  if (expectedNet !== null) {
    const end = expectedNet.isZero() ? 'ends at nothing' : `${expectedNet.gt(0) ? 'earns' : 'loses'} ${money(expectedNet, quote)}`;
    words.push(`If the spread returns to its mean as measured, it ${end}.`);
  }
  if (against.value !== null) {
    const hours = against.inputs['hours'] ?? '';
    words.push(`In ${percent(new Exact(against.value))} of the ${hours} stored hours the spread had the opposite sign.`);
  }
  return { kind: net.gt(0) ? 'earns' : 'loses', words: words.join(' ') };
}

function nothing(problems: readonly Problem[]): CarryResult {
  const none = noFigure('', SHOWN_FIRST);
  return {
    problems,
    warnings: [],
    figures: Object.fromEntries(CARRY_FIGURES.map((name) => [name, none])) as Record<CarryFigure, Figure>,
    verdict: { kind: 'unknown', words: `No verdict. ${SHOWN_FIRST}` },
  };
}
