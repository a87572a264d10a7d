import { slippageOf } from './book.ts';
import { ceilTo, Exact, groupedText, ONE, plainText, wholeTimes, ZERO, type Fraction } from './exact.ts';
import { sizeLimit } from './maintenance.ts';
import { netAt, worstOf, type Trade } from './payoff.ts';
import type { ReadSize } from './size-input.ts';

/** What kept the size from being larger ('fixed': it is set); 'venue-leverage': the venue's most, below what is typed; 'tier': the tier table at this leverage. */
export type Bound = 'risk' | 'fixed' | 'leverage' | 'venue-leverage' | 'tier' | 'last-tier' | 'largest-order' | 'book';

export interface Sized {
  /** Lot steps, whole, 0 or more. */
  readonly steps: Exact;
  readonly bound: Bound;
  /** The trade with the slippage of this size. */
  readonly trade: Trade;
}

/** Loss at the stop per contract, above 0 where anything can be lost. */
export function lossPerContract(trade: Trade, stop: Exact): Fraction {
  const { num, den } = netAt(worstOf(trade), stop);
  return { num: num.neg(), den };
}

const times = ({ num, den }: Fraction, factor: Exact): Fraction => ({ num: num.times(factor), den });

/** Notional of one contract at the entry, in the settle currency. */
export const notionalPerContract = ({ contract, contractSize, entry }: Trade): Fraction =>
  contract === 'linear' ? { num: contractSize.times(entry), den: ONE } : { num: contractSize, den: entry };

/** Multipliers of the risk: min(1, target/volatility) and min(1, |D|/theta); 1 where off. */
export const volatilityScale = ({ byVolatility }: ReadSize): Exact =>
  byVolatility === null ? ONE : Exact.min(ONE, byVolatility.target.div(byVolatility.measured));
export const signalScale = ({ bySignal }: ReadSize): Exact => (bySignal === null ? ONE : Exact.min(ONE, bySignal.d.div(bySignal.theta)));

export const riskScale = (read: ReadSize): Exact => volatilityScale(read).times(signalScale(read));
export const budgetOf = (read: ReadSize): Fraction => times(read.capital, read.risk.times(riskScale(read)));

/** Quote money of one contract at the entry. */
export const quotePerContract = ({ contract, contractSize, entry }: Trade): Exact =>
  contract === 'linear' ? contractSize.times(entry) : contractSize;

/** The trade of so many contracts, with the slippage that the book has for them; null: the book is too thin. */
export function tradeOf({ book, trade }: ReadSize, contracts: Exact): Trade | null {
  if (book === null) return trade;
  const slip = slippageOf(book, contracts.times(trade.contractSize), trade.contract);
  return slip === null ? null : { ...trade, slip };
}

export interface Cap {
  readonly steps: Exact;
  readonly bound: Bound;
}

/** The tightest of the limits that do not rest on the risk. */
export function capOf(read: ReadSize): Cap {
  const { capital, leverage, lotStep, maintenance, maxQuantity, maxNotional } = read;
  const notional = times(notionalPerContract(read.trade), lotStep);
  const count = (whole: Exact, part: Fraction): Exact => wholeTimes({ num: whole, den: ONE }, part);
  const oneLot: Fraction = { num: lotStep, den: ONE };
  const limit = maintenance === null ? null : sizeLimit(maintenance, leverage);
  const caps: readonly (Cap | null)[] = [
    { steps: wholeTimes(times(capital, leverage), notional), bound: read.overLeverage === null ? 'leverage' : 'venue-leverage' },
    limit === null ? null : { steps: count(limit, maintenance?.by === 'contracts' ? oneLot : notional), bound: 'tier' },
    maxNotional === null ? null : { steps: count(maxNotional, times(oneLot, quotePerContract(read.trade))), bound: 'last-tier' },
    maxQuantity === null ? null : { steps: count(maxQuantity, oneLot), bound: 'largest-order' },
  ];
  return caps.filter((cap) => cap !== null).reduce((tightest, cap) => (cap.steps.lt(tightest.steps) ? cap : tightest));
}

/** The most lot steps whose loss at the stop, costs included, is within the budget and whose notional is within the limits. */
export function sizeOf(read: ReadSize): Sized {
  if (read.fixed !== null) return { steps: read.fixed.div(read.lotStep), bound: 'fixed', trade: tradeOf(read, read.fixed) ?? read.trade };
  const cap = capOf(read);
  if (read.book !== null) return sizeInBook(read, cap);
  const byRisk = wholeTimes(budgetOf(read), times(lossPerContract(read.trade, read.stop), read.lotStep));
  return byRisk.lte(cap.steps) ? { steps: byRisk, bound: 'risk', trade: read.trade } : { ...cap, trade: read.trade };
}

/** Slippage grows with the size, so the size is searched: losing more is monotone in the steps. */
function sizeInBook(read: ReadSize, cap: Cap): Sized {
  const budget = budgetOf(read);
  const tradeAt = (steps: Exact): Trade | null => tradeOf(read, steps.times(read.lotStep));
  const fits = (trade: Trade, steps: Exact): boolean => {
    const { num, den } = lossPerContract(trade, read.stop);
    return num.times(steps).times(read.lotStep).times(budget.den).lte(budget.num.times(den));
  };
  const test = (steps: Exact): 'fits' | 'book' | 'risk' => {
    const trade = tradeAt(steps);
    if (trade === null) return 'book';
    return fits(trade, steps) ? 'fits' : 'risk';
  };
  let low: Exact = ZERO;
  let high = cap.steps.plus(1);
  let bound = cap.bound;
  while (high.minus(low).gt(1)) {
    const middle = low.plus(high).divToInt(2);
    const verdict = test(middle);
    if (verdict === 'fits') low = middle;
    else {
      high = middle;
      bound = verdict;
    }
  }
  return { steps: low, bound, trade: low.isZero() ? read.trade : (tradeAt(low) ?? read.trade) };
}

/** Fewest contracts that the venue takes, on the lot step. */
export function leastContracts({ trade, minNotional, minQuantity, lotStep }: ReadSize): Exact {
  return ceilTo(Exact.max(minQuantity, minNotional.div(quotePerContract(trade)), lotStep), lotStep);
}

/** What set the size, in a sentence with its figure. `quote` names the money. */
export function boundWords(read: ReadSize, bound: Bound | 'minimum', quote: string): string {
  const money = (of: Exact | null): string => (of === null ? '' : `: ${groupedText(of)} ${quote}`.trimEnd());
  switch (bound) {
    case 'risk':
      return 'The risk budget sets the size.';
    case 'fixed':
      return 'The quantity is set.';
    case 'leverage':
      return `Bound by the leverage of ${plainText(read.leverage)}x: the risk would allow more.`;
    case 'venue-leverage':
      return `Bound by the most leverage of the venue: ${plainText(read.leverage)}x, not the ${plainText(read.overLeverage?.typed ?? read.leverage)}x entered.`;
    case 'tier':
      return `Bound by the tier table at ${plainText(read.leverage)}x: the risk would allow more.`;
    case 'last-tier':
      return `Bound by the end of the last tier${money(read.maxNotional)}.`;
    case 'largest-order':
      return `Bound by the largest order: ${groupedText(read.maxQuantity ?? ZERO)} contracts.`;
    case 'book':
      return 'Bound by the order book: it ends there.';
    case 'minimum':
      return 'Below what the venue takes.';
  }
}
