import { slippageOf } from './book.ts';
import { ceilTo, Exact, ONE, wholeTimes, ZERO, type Fraction } from './exact.ts';
import { sizeLimit } from './maintenance.ts';
import { netAt, worstOf, type Trade } from './payoff.ts';
import type { ReadSize } from './size-input.ts';

/** What kept the size from being larger. */
export type Bound = 'risk' | 'leverage' | 'tier' | 'book';

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

export const budgetOf = (read: ReadSize): Fraction => times(read.capital, read.risk.times(volatilityScale(read)).times(signalScale(read)));

/** The most lot steps whose loss at the stop, costs included, is within the budget and whose notional is within the limits. */
export function sizeOf(read: ReadSize): Sized {
  const notional = times(notionalPerContract(read.trade), read.lotStep);
  const byLeverage = wholeTimes(times(read.capital, read.leverage), notional);
  const limit = read.maintenance === null ? null : sizeLimit(read.maintenance, read.leverage);
  const part = read.maintenance?.by === 'contracts' ? { num: read.lotStep, den: ONE } : notional;
  const byTier = limit === null ? null : wholeTimes({ num: limit, den: ONE }, part);
  const cap: { steps: Exact; bound: Bound } =
    byTier !== null && byTier.lt(byLeverage) ? { steps: byTier, bound: 'tier' } : { steps: byLeverage, bound: 'leverage' };
  if (read.book !== null) return sizeInBook(read, cap);
  const byRisk = wholeTimes(budgetOf(read), times(lossPerContract(read.trade, read.stop), read.lotStep));
  return byRisk.lte(cap.steps) ? { steps: byRisk, bound: 'risk', trade: read.trade } : { ...cap, trade: read.trade };
}

/** Slippage grows with the size, so the size is searched: losing more is monotone in the steps. */
function sizeInBook(read: ReadSize, cap: { readonly steps: Exact; readonly bound: Bound }): Sized {
  const budget = budgetOf(read);
  const tradeOf = (steps: Exact): Trade | null => {
    const slip = slippageOf(read.book!, steps.times(read.lotStep).times(read.trade.contractSize));
    return slip === null ? null : { ...read.trade, slip };
  };
  const fits = (trade: Trade, steps: Exact): boolean => {
    const { num, den } = lossPerContract(trade, read.stop);
    return num.times(steps).times(read.lotStep).times(budget.den).lte(budget.num.times(den));
  };
  const test = (steps: Exact): 'fits' | 'book' | 'risk' => {
    const trade = tradeOf(steps);
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
  return { steps: low, bound, trade: low.isZero() ? read.trade : (tradeOf(low) ?? read.trade) };
}

/** Fewest contracts that the venue takes, on the lot step. */
export function leastContracts(read: ReadSize): Exact {
  const { contract, contractSize, entry } = read.trade;
  const quotePerContract = contract === 'linear' ? contractSize.times(entry) : contractSize;
  const forMoney = read.minNotional.div(quotePerContract);
  return ceilTo(Exact.max(read.minQuantity, forMoney, read.lotStep), read.lotStep);
}
