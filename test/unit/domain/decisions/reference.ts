import { max, min, q, Rational } from './rational.ts';

/** The formulas of domain 4.1 and 4.2 a second time, straight from the page, in fractions. */

const ZERO = q(0);
const ONE = q(1);

export interface RefSize {
  readonly inverse: boolean;
  readonly s: Rational;
  readonly E: Rational;
  readonly q: Rational;
  readonly entry: Rational;
  readonly stop: Rational;
  readonly target: Rational;
  readonly L: Rational;
  readonly feeIn: Rational;
  readonly feeOut: Rational;
  readonly slip: Rational;
  /** Funding paid per notional. */
  readonly F: Rational;
  readonly step: Rational;
  readonly size: Rational;
}

export function refSize(x: RefSize) {
  const inv = (price: Rational): Rational => ONE.over(price);
  const worst = max(x.F, ZERO);
  const at = (exit: Rational, F: Rational): Rational =>
    x.inverse
      ? x.size.times(
          x.s
            .times(inv(x.entry).minus(inv(exit)))
            .minus(x.feeIn.plus(x.slip).times(inv(x.entry)))
            .minus(x.feeOut.plus(x.slip).times(inv(exit)))
            .minus(F.times(inv(x.entry))),
        )
      : x.size.times(
          x.s
            .times(exit.minus(x.entry))
            .minus(x.feeIn.times(x.entry))
            .minus(x.feeOut.times(exit))
            .minus(x.slip.times(x.entry.plus(exit)))
            .minus(F.times(x.entry)),
        );
  const loss = at(x.stop, worst).neg();
  const budget = x.E.times(x.q);
  const value = x.inverse ? x.size.over(x.entry) : x.size.times(x.entry);
  const byRisk = budget.over(loss.times(x.step)).floor().times(x.step);
  const byLeverage = x.L.times(x.E).over(value.times(x.step)).floor().times(x.step);
  const contracts = min(byRisk, byLeverage);
  const total = loss.times(contracts);
  const [a, b] = [x.s.times(x.feeIn.plus(x.slip).plus(x.F)), x.s.times(x.feeOut.plus(x.slip))];
  return {
    budget,
    contracts,
    bound: byRisk.compare(byLeverage) <= 0 ? 'risk' : 'leverage',
    lossAtStop: total,
    notional: value.times(contracts),
    margin: value.times(contracts).over(x.L),
    effectiveLeverage: value.times(contracts).over(x.E),
    breakEven: x.inverse ? x.entry.times(ONE.plus(b)).over(ONE.minus(a)) : x.entry.times(ONE.plus(a)).over(ONE.minus(b)),
    net: at(x.target, x.F).times(contracts),
    r: at(x.target, x.F).times(contracts),
    loss: total,
  };
}

export interface RefTier {
  readonly floor: Rational;
  readonly m: Rational;
  readonly cum: Rational;
}

/** LP of one tier; null: none. */
export function refPrice(inverse: boolean, s: Rational, Q: Rational, entry: Rational, WB: Rational, { m, cum }: RefTier): Rational | null {
  const top = inverse ? Q.times(m.plus(s)) : WB.plus(cum).minus(s.times(Q).times(entry));
  const bottom = inverse ? WB.plus(cum).plus(s.times(Q).over(entry)) : Q.times(m).minus(s.times(Q));
  if (bottom.n === 0n) return null;
  const price = top.over(bottom);
  return price.n > 0n ? price : null;
}

/**
 * Tiers re-picked at LP until stable, from the tier of the entry. Where that goes in circles: a tier that agrees with its own
 * price, else the boundary between two neighbours that point at each other.
 */
export function refLiquidation(
  inverse: boolean,
  s: Rational,
  Q: Rational,
  entry: Rational,
  WB: Rational,
  tiers: readonly RefTier[],
): Rational | null {
  const size = (price: Rational): Rational => (inverse ? Q.over(price) : Q.times(price));
  const pick = (price: Rational): number => tiers.findLastIndex((tier, i) => i === 0 || size(price).compare(tier.floor) > 0);
  const prices = tiers.map((tier) => refPrice(inverse, s, Q, entry, WB, tier));
  // No price: a price of 0 (linear) or without end (inverse), both in the lowest tier.
  const next = prices.map((price) => (price === null ? 0 : pick(price)));
  let at = pick(entry);
  for (const seen = new Set<number>(); !seen.has(at); at = next[at]!) {
    if (next[at] === at) return prices[at]!;
    seen.add(at);
  }
  const stable = next.findIndex((to, from) => to === from);
  if (stable >= 0) return prices[stable]!;
  const floor = tiers[next.findIndex((to, from) => to > from && next[from + 1]! <= from) + 1]!.floor;
  return inverse ? Q.over(floor) : floor.over(Q);
}

/** Settlements T = next + j h with open < T <= close, counted one by one; times in hours. */
export function refCount(open: number, hold: number, next: number, h: number): number {
  let count = 0;
  for (let t = next; t <= open + hold; t += h) if (t > open) count++;
  return count;
}

const DIGITS = 10n ** 60n;
/** Cut to 60 places, so that a series stays short. */
const cut = (x: Rational): Rational => new Rational((x.n * DIGITS) / x.d, DIGITS);

/** e^x for x <= 0 by its series, halved into reach first. */
export function refExp(x: Rational): Rational {
  let halvings = 0;
  let small = x;
  while (small.abs().compare(new Rational(1n, 2n)) > 0) {
    small = cut(small.over(q(2)));
    halvings++;
  }
  let [sum, term] = [ONE, ONE];
  for (let i = 1; i < 60; i++) {
    term = cut(term.times(small).over(q(i)));
    sum = sum.plus(term);
  }
  for (let i = 0; i < halvings; i++) sum = cut(sum.times(sum));
  return sum;
}

/** ln 2 = sum of 1/(k 2^k). */
export const LN_2 = Array.from({ length: 220 }, (_, i) => BigInt(i + 1)).reduce(
  (sum, k) => cut(sum.plus(new Rational(1n, k * 2n ** k))),
  ZERO,
);

/** Domain 4.2 where a venue accrues: mu H + (g - mu)(1 - e^(-lambda H))/lambda; g and mu per hour. */
export function refAccrued(g: Rational, mu: Rational, halfLife: Rational, H: Rational): Rational {
  const lambda = cut(LN_2.over(halfLife));
  return mu.times(H).plus(
    g
      .minus(mu)
      .times(ONE.minus(refExp(lambda.times(H).neg())))
      .over(lambda),
  );
}

/** Domain 4.2 at instants, one by one: the sum of h (mu + (g - mu) e^(-lambda t)), the first after `first` hours. */
export function refExpected(g: Rational, mu: Rational, halfLife: Rational, h: Rational, first: Rational, count: number): Rational {
  const lambda = cut(LN_2.over(halfLife));
  const factor = refExp(lambda.times(h).neg());
  let left = count === 0 ? ZERO : refExp(lambda.times(first).neg());
  let sum = ZERO;
  for (let i = 0; i < count; i++) {
    sum = sum.plus(h.times(mu.plus(g.minus(mu).times(left))));
    left = cut(left.times(factor));
  }
  return sum;
}
