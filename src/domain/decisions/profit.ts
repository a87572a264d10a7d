import { Exact, ONE, ZERO } from './exact.ts';
import { figure, noFigure, SHOWN_FIRST, withhold, type Figure } from './figure.ts';
import { bankruptcyFigure, comesFirst, liquidationFigure, PARTIAL, stopTooFar } from './liquidation.ts';
import { liquidationPrice, maintenanceAt, notionalAt, profitAt, type Liquidation } from './liquidation-price.ts';
import { tierAt } from './maintenance.ts';
import { EXIT_FOR, exitFor, NET_OF, netOf, type Costs } from './net.ts';
import { costsOf, readProfit, type Margined, type ProfitInput, type ReadProfit } from './profit-input.ts';
import { profitWords } from './profit-words.ts';
import { Reader, type Problem } from './reader.ts';
import { directionOf, type Direction } from './side.ts';
import { whatIfTable, type WhatIf } from './what-if.ts';

export const PROFIT_FIGURES = [
  'notional',
  'margin',
  'priceProfit',
  'entryFee',
  'exitFee',
  'slippage',
  'fundingPaid',
  'fundingOfHold',
  'net',
  'onMargin',
  'onNotional',
  'onEquity',
  'breakEven',
  'lossAtStop',
  'riskShare',
  'r',
  'exitForNet',
  'exitForR',
  'liquidation',
  'bankruptcy',
  'partialLiquidation',
  'capital',
  'onCapital',
] as const;
export type ProfitFigure = (typeof PROFIT_FIGURES)[number];

export interface ProfitResult {
  readonly problems: readonly Problem[];
  /** True but not in the way. */
  readonly warnings: readonly Problem[];
  /** What it comes to, in one line; '' while something is wrong. */
  readonly verdict: string;
  /** Null: no stop, or no liquidation price is known. */
  readonly stopFirst: boolean | null;
  /** Who pays the funding, so far and of the hold together. */
  readonly direction: Direction | null;
  readonly figures: Readonly<Record<ProfitFigure, Figure>>;
  readonly whatIf: WhatIf | null;
}

/** Profit and return of one position at an exit, with every cost and the funding so far and of the hold (domain 4.1). */
export function profitOf(input: ProfitInput): ProfitResult {
  const reader = new Reader();
  const read = readProfit(reader, input);
  if (!reader.ok()) return nothing(reader.problems);
  const money = (input.contract === 'linear' ? input.quote : input.base) ?? '';
  const whatIf = whatIfTable(reader, read, input, money);
  if (!reader.ok()) return nothing(reader.problems);
  const { position, stop, margined } = read;
  const found =
    margined === null || margined.maintenance === null
      ? null
      : liquidationPrice(position, margined.balance, margined.maintenance, margined.from);
  const stopFirst = stop === null || found === null ? null : comesFirst(position, stop, found);
  const figures = figuresOf(read, found, money, input.quote ?? '');
  const warnings = new Reader();
  if (stop !== null && stopFirst === false) {
    const where =
      found?.kind === 'price' ? stopTooFar(stop, found.price) : 'The margin is not above the maintenance: it would be liquidated at once.';
    reader.refuse(
      'stop',
      where,
      input.margin === 'cross' ? 'Enter a nearer stop, or put in more equity.' : 'Enter a nearer stop, or lower the leverage.',
    );
  }
  if (read.wantedR !== null && stop === null) {
    warnings.refuse('wantedR', 'Without a stop there is no R.', 'Enter the stop.');
  }
  if (whatIf?.missing !== undefined && whatIf.missing !== null) {
    warnings.refuse('funding.rate', whatIf.missing, 'Enter the rate, the interval and the next settlement.');
  }
  const why = stopFirst === false ? 'The position would be liquidated before its stop.' : null;
  const kept = why === null ? figures : { ...figures, ...Object.fromEntries(ON_STOP.map((name) => [name, withhold(figures[name], why)])) };
  return {
    problems: reader.problems,
    warnings: warnings.problems,
    verdict: profitWords(kept, read, found, stopFirst),
    stopFirst,
    direction: directionOf(costsOf(read, read.share).funding),
    figures: kept,
    whatIf,
  };
}

const ON_STOP: readonly ProfitFigure[] = ['lossAtStop', 'riskShare', 'r', 'exitForR'];

function figuresOf(read: ReadProfit, found: Liquidation | null, money: string, quote: string): Record<ProfitFigure, Figure> {
  const {
    position,
    exit,
    stop,
    leverage,
    equity,
    feeIn,
    feeOut,
    slipIn,
    slipOut,
    paidSoFar,
    share,
    charged,
    wantedNet,
    wantedR,
    margined,
  } = read;
  const { contract, sign: s, entry, units: Q } = position;
  const linear = contract === 'linear';
  const [atEntry, atExit] = [notionalAt(position, entry), notionalAt(position, exit)];
  const costs = costsOf(read, share);
  const net = netOf(position, costs, exit);
  const terms = { Q, s, entry, onEntry: costs.onEntry, onExit: costs.onExit, F: costs.funding };
  const margin = leverage === null ? null : atEntry.div(leverage);
  const parts = {
    price: profitAt(position, exit),
    entryFee: feeIn.times(atEntry),
    exitFee: feeOut.times(atExit),
    slippage: slipIn.times(atEntry).plus(slipOut.times(atExit)),
    fundingPaid: paidSoFar,
    fundingOfHold: share.times(charged),
  };
  // Funding that is still hoped for makes no loss smaller; what was received is a fact.
  const worst = costsOf(read, Exact.max(share, ZERO));
  const loss = stop === null ? null : netOf(position, worst, stop).neg();
  const noStop = 'No stop is given.';
  const exitAt = (name: 'W' | 'R', wanted: Exact | null, why: string): Figure => {
    if (wanted === null) return noFigure(quote, why);
    const price = exitFor(position, costs, wanted);
    if (price === null) return noFigure(quote, 'No price above 0 brings it.');
    const template = name === 'W' ? EXIT_FOR[contract] : EXIT_FOR[contract].replace('{W}', '{R} × {loss}');
    return figure(quote, template, { ...terms, ...(name === 'W' ? { W: wanted } : { R: wantedR ?? ZERO, loss: loss ?? ZERO }) }, price);
  };
  const even = exitFor(position, costs, ZERO);
  const capital = capitalOf(read, costs, money);
  const ratio = (name: string, of: Exact | null, why: string): Figure =>
    of === null || !of.gt(0) ? noFigure('', why) : figure('', `{net}/{${name}}`, { net, [name]: of }, net.div(of));
  return {
    notional: figure(money, linear ? '{Q} × {entry}' : '{Q}/{entry}', { Q, entry }, atEntry),
    margin:
      margin === null || leverage === null
        ? noFigure(money, 'No leverage is given.')
        : figure(money, '{notional}/{L}', { notional: atEntry, L: leverage }, margin),
    priceProfit: figure(
      money,
      linear ? '{s} × {Q} × ({exit} − {entry})' : '{s} × {Q} × (1/{entry} − 1/{exit})',
      { s, Q, exit, entry },
      parts.price,
    ),
    entryFee: figure(money, '{feeIn} × {notional}', { feeIn, notional: atEntry }, parts.entryFee),
    exitFee: figure(money, '{feeOut} × {valueAtExit}', { feeOut, valueAtExit: atExit }, parts.exitFee),
    slippage: figure(
      money,
      '{slipIn} × {notional} + {slipOut} × {valueAtExit}',
      { slipIn, notional: atEntry, slipOut, valueAtExit: atExit },
      parts.slippage,
    ),
    fundingPaid: figure(money, '{paid}', { paid: paidSoFar }, paidSoFar),
    fundingOfHold:
      read.funding.holdH === null
        ? noFigure(money, 'No hold is given.')
        : figure(
            money,
            '{s} × {rate} × {periods} × {value}',
            { s, rate: read.funding.rate, periods: read.funding.periods, value: charged },
            parts.fundingOfHold,
          ),
    net: figure(money, NET_OF[contract], { ...terms, exit }, net),
    onMargin: ratio('margin', margin, 'No leverage is given.'),
    onNotional: ratio('notional', atEntry, ''),
    onEquity: ratio('equity', equity, 'No equity is given.'),
    breakEven:
      even === null
        ? noFigure(quote, 'Costs leave no price that breaks even.')
        : figure(quote, EXIT_FOR[contract], { ...terms, W: ZERO }, even),
    lossAtStop:
      loss === null || stop === null
        ? noFigure(money, noStop)
        : figure(money, `−(${NET_OF[contract]})`, { ...terms, F: worst.funding, exit: stop }, loss),
    riskShare:
      loss === null || equity === null
        ? noFigure('', loss === null ? noStop : 'No equity is given.')
        : figure('', '{loss}/{equity}', { loss, equity }, loss.div(equity)),
    r:
      loss === null || !loss.gt(0)
        ? noFigure('R', loss === null ? noStop : 'Nothing is lost at the stop.')
        : figure('R', '{net}/{loss}', { net, loss }, net.div(loss)),
    exitForNet: exitAt('W', wantedNet, 'No profit is asked for.'),
    exitForR: exitAt(
      'R',
      wantedR === null || loss === null || !loss.gt(0) ? null : wantedR.times(loss),
      wantedR === null ? 'No R is asked for.' : loss === null ? noStop : 'Nothing is lost at the stop.',
    ),
    liquidation:
      found === null || margined === null
        ? noFigure(quote, margined === null ? NO_MARGIN : 'No maintenance rate is known.')
        : liquidationFigure(quote, position, margined.balance, found),
    bankruptcy: margined === null ? noFigure(quote, NO_MARGIN) : bankruptcyFigure(quote, position, margined.balance),
    partialLiquidation: PARTIAL,
    capital,
    onCapital: capital.value === null ? noFigure('', capital.reason ?? '') : ratio('capital', new Exact(capital.value), ''),
  };
}

const NO_MARGIN = 'No leverage (cross: no equity) is given.';

/**
 * What the position needs to outlast a move of `buffer` against it: the margin, or the loss there and the maintenance that is asked for
 * there, where that is more; besides, the costs of the entry and the funding that is paid.
 */
function capitalOf(
  { position, leverage, buffer, margined, share, charged, paidSoFar }: ReadProfit,
  { onEntry }: Costs,
  money: string,
): Figure {
  if (buffer === null) return noFigure(money, 'No buffer is given.');
  const maintenance = margined?.maintenance ?? null;
  if (maintenance === null) return noFigure(money, margined === null ? NO_MARGIN : 'No maintenance rate is known.');
  const { sign, entry } = position;
  const price = entry.times(ONE.minus(sign.times(buffer)));
  const notional = notionalAt(position, entry);
  const needed = maintenanceOf(position, maintenance, price);
  const loss = profitAt(position, price).neg();
  const margin = leverage === null ? ZERO : notional.div(leverage);
  const cost = onEntry.times(notional);
  const paid = Exact.max(paidSoFar.plus(share.times(charged)), ZERO);
  const inputs = { margin, loss, maintenance: needed, entryCost: cost, paid };
  return figure(
    money,
    'max({margin}, {loss} + {maintenance}) + {entryCost} + {paid}',
    inputs,
    Exact.max(margin, loss.plus(needed)).plus(cost).plus(paid),
  );
}

/** Maintenance of a position at a price, by the tier of its size there. */
export function maintenanceOf(position: ReadProfit['position'], { tiers, by }: NonNullable<Margined['maintenance']>, price: Exact): Exact {
  const size = by === 'contracts' ? position.contracts : notionalAt(position, price);
  return Exact.max(maintenanceAt(position, tiers[tierAt(tiers, size)]!, price), ZERO);
}

const nothing = (problems: readonly Problem[]): ProfitResult => ({
  problems,
  warnings: [],
  verdict: '',
  stopFirst: null,
  direction: null,
  figures: Object.fromEntries(PROFIT_FIGURES.map((name) => [name, noFigure('', SHOWN_FIRST)])) as Record<ProfitFigure, Figure>,
  whatIf: null,
});
