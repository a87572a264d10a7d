import { Exact, exact, floorTo, groupedText, ONE, plainText, ZERO } from './exact.ts';
import { figure, noFigure, SHOWN_FIRST, withhold, type Figure } from './figure.ts';
import { bankruptcyFigure, comesFirst, liquidationFigure, stopTooFar } from './liquidation.ts';
import { liquidationPrice, notionalAt, type Position } from './liquidation-price.ts';
import { EXIT_FOR, exitFor, netOf, type Costs } from './net.ts';
import { Reader, type Problem } from './reader.ts';
import { readScale, type ReadScale, type ScaleInput } from './scale-input.ts';

export const SCALE_FIGURES = [
  'contracts',
  'averageEntry',
  'notional',
  'margin',
  'budget',
  'lossAtStop',
  'riskShare',
  'breakEven',
  'averageExit',
  'net',
  'r',
  'onMargin',
  'liquidation',
  'bankruptcy',
] as const;
export type ScaleFigure = (typeof SCALE_FIGURES)[number];

/** One entry of the plan, with what stands once it and those before it are filled. */
export interface ScaledEntry {
  readonly price: string;
  readonly contracts: string;
  readonly averageEntry: string;
  /** In the settle currency, costs in. */
  readonly lossAtStop: string;
}

/** One take-profit: what its part brings, and what the whole brings where the stop takes the rest after it. */
export interface ScaledExit {
  readonly price: string;
  readonly contracts: string;
  readonly net: string;
  readonly netThenStop: string;
  /** Null: nothing is lost at the stop. */
  readonly rThenStop: string | null;
}

export interface ScaleResult {
  readonly problems: readonly Problem[];
  /** True but not in the way. */
  readonly warnings: readonly Problem[];
  /** In one line; '' while something is wrong. */
  readonly verdict: string;
  readonly figures: Readonly<Record<ScaleFigure, Figure>>;
  readonly entries: readonly ScaledEntry[];
  readonly exits: readonly ScaledExit[];
}

/**
 * Several entries, one stop and take-profits of parts: one position at its average entry (linear: weighted by quantity; inverse: the
 * harmonic mean), so that its profit is the sum of its fills. Every entry is rounded down to the lot step, the loss with all of them
 * filled is within the budget (domain 4.1), and R is over that loss.
 */
export function scalePosition(input: ScaleInput): ScaleResult {
  const reader = new Reader();
  const read = readScale(reader, input);
  if (!reader.ok()) return nothing(reader.problems);
  const lots = lotsOf(reader, read);
  if (!reader.ok()) return nothing(reader.problems);
  const parts = partsOf(reader, read, sum(lots));
  if (!reader.ok()) return nothing(reader.problems);

  const money = (input.contract === 'linear' ? input.quote : input.base) ?? '';
  const quote = input.quote ?? '';
  const { stop, sign } = read;
  const whole = positionOf(read, lots.length, lots);
  const costs = costsOf(read, whole, read.share);
  const loss = lossOf(read, whole);
  const total = sum(lots);
  const partOf = (contracts: Exact): Position => ({ ...whole, contracts, units: contracts.times(read.contractSize) });
  const netAt = (contracts: Exact, price: Exact): Exact =>
    contracts.isZero() ? ZERO : netOf(partOf(contracts), costsOf(read, partOf(contracts), read.share), price);
  const ratio = (net: Exact): Exact | null => (loss.gt(0) ? net.div(loss) : null);
  const entries = lots.map((contracts, i): ScaledEntry => {
    const so = positionOf(read, i + 1, lots);
    return {
      price: plainText(read.entries[i]!.price),
      contracts: plainText(contracts),
      averageEntry: plainText(so.entry),
      lossAtStop: plainText(lossOf(read, so)),
    };
  });
  let [taken, left] = [ZERO, total];
  const exits = parts.map((contracts, i): ScaledExit => {
    const price = read.exits[i]!.price;
    const net = netAt(contracts, price);
    taken = taken.plus(net);
    left = left.minus(contracts);
    const then = taken.plus(netAt(left, stop));
    const r = ratio(then);
    return {
      price: plainText(price),
      contracts: plainText(contracts),
      net: plainText(net),
      netThenStop: plainText(then),
      rThenStop: r === null ? null : plainText(r),
    };
  });
  const net = taken.plus(netAt(left, stop));
  const warnings = new Reader();
  if (left.gt(0) && parts.length > 0) {
    const share = left.div(total).times(100).toDecimalPlaces(2);
    warnings.refuse(
      'exits',
      `${plainText(share)} % has no target: it is counted as stopped.`,
      'Give the shares of the targets up to 100 %.',
    );
  }
  const { found, balance } = liquidationOf(read, whole);
  const first = found === null ? null : comesFirst(whole, stop, found);
  if (first === false) {
    const wrong = found?.kind === 'price' ? stopTooFar(stop, found.price) : 'With all entries filled it would be liquidated at once.';
    reader.refuse('stop', wrong, 'Enter a nearer stop, or lower the leverage.');
  }
  const exited = sum(parts);
  const averageExit = exited.isZero()
    ? null
    : read.contract === 'linear'
      ? sum(parts.map((n, i) => n.times(read.exits[i]!.price))).div(exited)
      : exited.div(sum(parts.map((n, i) => n.div(read.exits[i]!.price))));
  const notional = notionalAt(whole, whole.entry);
  const margin = read.leverage === null ? null : notional.div(read.leverage);
  const even = exitFor(whole, costs, ZERO);
  const { entry, units: Q } = whole;
  const r = ratio(net);
  const noTargets = 'No targets are given.';
  const mean = read.contract === 'linear' ? 'sum of contracts × price / sum of contracts' : 'sum of contracts / sum of contracts/price';
  const figures: Record<ScaleFigure, Figure> = {
    contracts: figure('contracts', 'sum over {n} entries', { n: lots.length }, total),
    averageEntry: figure(quote, `${mean} = {entry}`, { entry }, entry),
    notional: figure(money, read.contract === 'linear' ? '{Q} × {entry}' : '{Q}/{entry}', { Q, entry }, notional),
    margin:
      margin === null || read.leverage === null
        ? noFigure(money, 'No leverage is given.')
        : figure(money, '{notional}/{L}', { notional, L: read.leverage }, margin),
    budget:
      read.sized === null
        ? noFigure(money, 'The quantity is set, so no risk sets it.')
        : figure(money, '{E} × {q}', { E: read.equity ?? ZERO, q: read.sized }, (read.equity ?? ZERO).times(read.sized)),
    lossAtStop: figure(money, 'sum over the entries of the net at {stop}, with its sign turned', { stop }, loss),
    riskShare:
      read.equity === null
        ? noFigure('', 'No equity is given.')
        : figure('', '{loss}/{E}', { loss, E: read.equity }, loss.div(read.equity)),
    breakEven:
      even === null
        ? noFigure(quote, 'Costs leave no price that breaks even.')
        : figure(
            quote,
            EXIT_FOR[read.contract],
            { Q, s: sign, entry, onEntry: costs.onEntry, onExit: costs.onExit, F: costs.funding, W: ZERO },
            even,
          ),
    averageExit: averageExit === null ? noFigure(quote, noTargets) : figure(quote, `${mean} = {exit}`, { exit: averageExit }, averageExit),
    net:
      parts.length === 0
        ? noFigure(money, noTargets)
        : figure(money, 'sum of the nets of {n} targets, the rest at the stop', { n: parts.length }, net),
    r:
      parts.length === 0
        ? noFigure('R', noTargets)
        : r === null
          ? noFigure('R', 'Nothing is lost at the stop.')
          : figure('R', '{net}/{loss}', { net, loss }, r),
    onMargin:
      margin === null || parts.length === 0
        ? noFigure('', margin === null ? 'No leverage is given.' : noTargets)
        : figure('', '{net}/{margin}', { net, margin }, net.div(margin)),
    liquidation:
      balance === null || found === null
        ? noFigure(quote, 'No leverage, or no maintenance rate, is given.')
        : liquidationFigure(quote, whole, balance, found),
    bankruptcy: balance === null ? noFigure(quote, 'No leverage is given.') : bankruptcyFigure(quote, whole, balance),
  };
  const why = first === false ? 'The position would be liquidated before its stop.' : null;
  const kept = why === null ? figures : { ...figures, ...Object.fromEntries(ON_STOP.map((name) => [name, withhold(figures[name], why)])) };
  return {
    problems: reader.problems,
    warnings: warnings.problems,
    verdict: why === null ? words(kept, lots.length, parts.length) : '',
    figures: kept,
    entries: why === null ? entries : [],
    exits: why === null ? exits : [],
  };
}

const ON_STOP: readonly ScaleFigure[] = ['lossAtStop', 'riskShare', 'net', 'r', 'onMargin'];

const sum = (values: readonly Exact[]): Exact => values.reduce((all, one) => all.plus(one), ZERO);

/** The first `count` entries as one position at its average. */
function positionOf({ contract, sign, contractSize, entries }: ReadScale, count: number, lots: readonly Exact[]): Position {
  const filled = lots.slice(0, count);
  const contracts = sum(filled);
  const entry =
    contract === 'linear'
      ? sum(filled.map((n, i) => n.times(entries[i]!.price))).div(contracts)
      : contracts.div(sum(filled.map((n, i) => n.div(entries[i]!.price))));
  return { contract, sign, entry, contracts, units: contracts.times(contractSize) };
}

const costsOf = ({ onEntry, onExit }: ReadScale, position: Position, share: Exact): Costs => ({
  onEntry,
  onExit,
  funding: share.times(notionalAt(position, position.entry)),
});

/** At the stop; funding that is only hoped for makes it no smaller. */
const lossOf = (read: ReadScale, position: Position): Exact =>
  netOf(position, costsOf(read, position, Exact.max(read.share, ZERO)), read.stop).neg();

/** Contracts of each entry by its weight, on the lot step: of a set quantity, or the most within the budget and the leverage. */
function lotsOf(reader: Reader, read: ReadScale): Exact[] {
  const { entries, lotStep, contracts, equity, sized, leverage, minQuantity } = read;
  const weights = sum(entries.map(({ weight }) => weight));
  const split = (whole: Exact): Exact[] => entries.map(({ weight }) => floorTo(whole.times(weight).div(weights), lotStep));
  const lots = ((): Exact[] => {
    if (contracts !== null) return split(contracts);
    const one = unit(read);
    const loss = lossOf(read, one);
    if (!loss.gt(0)) {
      reader.refuse('stop', 'With these rebates nothing is lost at the stop, so risk sets no size.', 'Set the contracts.');
      return [];
    }
    const budget = (equity ?? ZERO).times(sized ?? ZERO);
    const most = leverage === null ? null : (equity ?? ZERO).times(leverage).div(notionalAt(one, one.entry));
    const byRisk = budget.div(loss);
    const found = split(most === null ? byRisk : Exact.min(byRisk, most));
    // A quotient is rounded far behind its last digit: the budget is compared, not the quotient.
    const fits = (tried: readonly Exact[]): boolean =>
      sum(tried).isZero() || lossOf(read, positionOf(read, tried.length, tried)).lte(budget);
    return fits(found) ? found : found.map((n) => Exact.max(n.minus(lotStep), ZERO));
  })();
  const least = Exact.max(minQuantity, lotStep);
  const small = lots.findIndex((n) => n.lt(least));
  if (small >= 0) {
    const at = groupedText(entries[small]!.price);
    const wrong = `The entry at ${at} comes to ${plainText(lots[small]!)} contracts; the venue takes at least ${plainText(least)}.`;
    reader.refuse(
      contracts === null ? 'risk' : 'contracts',
      wrong,
      contracts === null ? 'Risk more, or plan fewer entries.' : 'Set more contracts, or plan fewer entries.',
    );
  }
  return lots;
}

/** One contract spread over the entries by their weights, unrounded. */
function unit(read: ReadScale): Position {
  const weights = sum(read.entries.map(({ weight }) => weight));
  return positionOf(
    read,
    read.entries.length,
    read.entries.map(({ weight }) => weight.div(weights)),
  );
}

/** Contracts of each target, on the lot step; where they take everything the last one takes what is left. */
function partsOf(reader: Reader, { exits, lotStep }: ReadScale, total: Exact): Exact[] {
  const parts = exits.map(({ share }) => floorTo(total.times(share), lotStep));
  const shares = sum(exits.map(({ share }) => share));
  const last = parts.length - 1;
  // Equal parts of an odd number are no finite decimals: what is within a step of everything is everything.
  if (last >= 0 && total.times(ONE.minus(shares)).abs().lt(lotStep)) parts[last] = total.minus(sum(parts.slice(0, -1)));
  const none = parts.findIndex((n) => !n.gt(0));
  if (none >= 0) {
    const wrong = `The target at ${groupedText(exits[none]!.price)} comes to no contracts in steps of ${plainText(lotStep)}.`;
    reader.refuse('exits', wrong, 'Plan fewer targets, or a larger share for it.');
  }
  return parts;
}

function liquidationOf({ leverage, margin, equity, maintenance, onEntry }: ReadScale, position: Position) {
  const notional = notionalAt(position, position.entry);
  const balance = margin === 'cross' ? (equity?.minus(onEntry.times(notional)) ?? null) : leverage === null ? null : notional.div(leverage);
  const found = balance === null || maintenance === null ? null : liquidationPrice(position, balance, maintenance);
  return { balance, found };
}

const short = (figured: Figure, digits = 6): string =>
  `${groupedText(exact(figured.value ?? 0).toSignificantDigits(digits))} ${figured.unit}`.trim();

function words(f: Readonly<Record<ScaleFigure, Figure>>, entries: number, exits: number): string {
  const filled = `${entries === 1 ? 'One entry' : `${entries} entries`} to ${short(f.contracts, 12)} at ${short(f.averageEntry, 8)} on average`;
  const lost = `stopped with all filled it loses ${short(f.lossAtStop)}`;
  if (exits === 0) return `${filled}; ${lost}.`;
  const rated = f.r.value === null ? '' : ` (${groupedText(exact(f.r.value).toDecimalPlaces(2))} R)`;
  return `${filled}; ${exits === 1 ? 'the target brings' : `all ${exits} targets bring`} ${short(f.net)} net${rated}; ${lost}.`;
}

const nothing = (problems: readonly Problem[]): ScaleResult => ({
  problems,
  warnings: [],
  verdict: '',
  figures: Object.fromEntries(SCALE_FIGURES.map((name) => [name, noFigure('', SHOWN_FIRST)])) as Record<ScaleFigure, Figure>,
  entries: [],
  exits: [],
});
