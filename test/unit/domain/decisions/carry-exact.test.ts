import fc from 'fast-check';
import { expect, test } from 'vitest';
import { carry } from '#domain/decisions/carry.ts';
import type { CarryInput } from '#domain/decisions/carry-input.ts';
import { decimal } from './arbitraries.ts';
import { agrees, q, Rational } from './rational.ts';
import { refCount, refExpected, refPrice } from './reference.ts';

const leg = fc.record({
  kind: fc.constantFrom('spot' as const, 'perp' as const),
  below: decimal(0, 0.001, 5),
  above: decimal(0, 0.001, 5),
  deep: fc.array(fc.tuple(decimal(0.01, 5, 2), decimal(0.0001, 0.001, 5)), { minLength: 1, maxLength: 4 }),
  walked: fc.boolean(),
  slipBps: decimal(0, 10, 1),
  feeIn: decimal(-0.0001, 0.001, 5),
  feeOut: decimal(0, 0.001, 5),
  lotStep: fc.constantFrom('0.001', '0.002', '0.0015', '0.01'),
  leverage: decimal(1, 20, 1),
  rate: decimal(-0.001, 0.001, 7),
  intervalH: fc.constantFrom(1, 4, 8),
  /** Of the interval. */
  nextShare: fc.integer({ min: 1, max: 60 }),
});
type Leg = typeof leg extends fc.Arbitrary<infer T> ? T : never;

const text = (x: Rational): string => {
  const scaled = (x.n * 10n ** 10n) / x.d;
  return `${scaled / 10n ** 10n}.${(scaled % 10n ** 10n).toString().padStart(10, '0')}`;
};

/** Bid, ask and levels of a leg around `price`. */
function quotes(price: Rational, x: Leg) {
  const one = q(1);
  const bid = text(price.times(one.minus(q(x.below).plus(q('0.00001')))));
  const ask = text(price.times(one.plus(q(x.above).plus(q('0.00001')))));
  const ladder = (best: string, sign: 1 | -1): [string, string][] => {
    let at = q(best);
    return x.deep.map(([quantity, step], i) => {
      if (i > 0) at = at.times(one.plus(q(step).times(q(sign))));
      return [text(at), quantity];
    });
  };
  return { bid, ask, book: x.walked ? { bids: ladder(bid, -1), asks: ladder(ask, 1) } : null };
}

/** Mean price of a fill, level by level; null: too thin. */
function fill(levels: readonly [string, string][], quantity: Rational): Rational | null {
  let [left, cost] = [quantity, q(0)];
  for (const [price, held] of levels) {
    const part = left.compare(q(held)) < 0 ? left : q(held);
    cost = cost.plus(part.times(q(price)));
    left = left.minus(part);
  }
  return left.n === 0n ? cost.over(quantity) : null;
}

const bigLcm = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a * b) / x;
};

test('every figure of a carry is the fraction that the page defines, at 100 random points', () => {
  let known = 0;
  const inputs = fc.record({
    long: leg,
    short: leg,
    price: decimal(1, 1000, 2),
    basis: decimal(-0.01, 0.01, 4),
    quantity: decimal(0.1, 8, 3),
    holdTenths: fc.integer({ min: 1, max: 3000 }),
    borrowApr: decimal(0, 0.5, 3),
    borrowShare: decimal(0, 1, 2),
    meanPerHour: decimal(-0.0001, 0.0001, 7),
    halfLifeH: decimal(1, 100, 1),
  });
  fc.assert(
    fc.property(inputs, (x) => {
      fc.pre(x.long.kind === 'perp' || x.short.kind === 'perp');
      const [pLong, pShort] = [q(x.price), q(x.price).times(q(1).plus(q(x.basis)))];
      const [ql, qs] = [quotes(pLong, x.long), quotes(pShort, x.short)];
      const toLeg = (l: Leg, quote: typeof ql): CarryInput['long'] => ({
        ...l,
        ...quote,
        nextFundingAt: l.nextShare * l.intervalH * 60_000,
        maintenance: { kind: 'flat', rate: '0.005' },
      });
      const holdH = x.holdTenths / 10;
      const { figures, problems, verdict } = carry({
        long: toLeg(x.long, ql),
        short: toLeg(x.short, qs),
        quantity: x.quantity,
        openAt: 0,
        holdH,
        borrowApr: x.borrowApr,
        borrowShare: x.borrowShare,
        reversion: { meanPerHour: x.meanPerHour, halfLifeH: x.halfLifeH },
      });
      expect(problems).toEqual([]);
      const step = new Rational(bigLcm(q(x.long.lotStep).times(q(10_000)).n, q(x.short.lotStep).times(q(10_000)).n), 10_000n);
      const coins = q(x.quantity).over(step).floor().times(step);
      const two = q(2);
      const [midL, midS] = [q(ql.bid).plus(q(ql.ask)).over(two), q(qs.bid).plus(q(qs.ask)).over(two)];
      const mid = midL.plus(midS).over(two);
      const N = coins.times(mid);
      const H = q(holdH);
      const check = (name: keyof typeof figures, expected: Rational): void => {
        expect(agrees(figures[name].value, expected), `${name} is ${figures[name].value ?? 'none'}`).toBe(true);
      };
      const perp = (l: Leg): Rational => q(l.kind === 'perp' ? 1 : 0);
      const f = (l: Leg): Rational => perp(l).times(q(l.rate)).over(q(l.intervalH));
      const charged = (l: Leg): Rational =>
        perp(l)
          .times(q(l.rate))
          .times(q(refCount(0, x.holdTenths * 6, l.nextShare * l.intervalH, l.intervalH * 60)))
          .times(N);
      const gross = f(x.short).minus(f(x.long));
      const funding = charged(x.short).minus(charged(x.long));
      const lev = (l: Leg): Rational => (l.kind === 'perp' ? q(l.leverage) : q(1));
      const capital = N.over(lev(x.long)).plus(N.over(lev(x.short)));
      check('quantity', coins);
      check('notional', N);
      check('capital', capital);
      check('grossPerHour', gross);
      check('grossApr', gross.times(q(8760)));
      check('longFunding', charged(x.long).neg());
      check('shortFunding', charged(x.short));
      check('funding', funding);
      // Each perpetual leg takes its part of the way of the spread to its mean, at its own settlements.
      const legs = [x.long, x.short].filter(({ kind }) => kind === 'perp');
      const part = gross.minus(q(x.meanPerHour)).over(q(legs.length));
      const count = (l: Leg): number => refCount(0, x.holdTenths * 6, l.nextShare * l.intervalH, l.intervalH * 60);
      const legExpected = (l: Leg, sign: Rational): Rational =>
        l.kind === 'spot'
          ? q(0)
          : refExpected(
              f(l),
              f(l).minus(part.times(sign)),
              q(x.halfLifeH),
              q(l.intervalH),
              q(l.nextShare * l.intervalH).over(q(60)),
              count(l),
            );
      const expected = legExpected(x.short, q(1))
        .minus(legExpected(x.long, q(-1)))
        .times(N);
      const settles = legs.some((l) => count(l) > 0);
      // A sum of near equals keeps fewer digits of itself than of its parts.
      const near = (text: string | null): boolean =>
        agrees(text, expected) ||
        (text !== null &&
          q(text)
            .minus(expected)
            .abs()
            .compare(N.times(q('0.0000000000000000000001'))) <= 0);
      if (settles) expect(near(figures.expectedFunding.value), `expected funding is ${figures.expectedFunding.value ?? 'none'}`).toBe(true);
      else expect(figures.expectedFunding).toMatchObject({ value: null, reason: 'Nothing is settled in the hold.' });
      check('convergence', coins.times(midS.minus(midL)));
      for (const [which, l, m, s] of [
        ['long', x.long, midL, q(1)],
        ['short', x.short, midS, q(-1)],
      ] as const) {
        // prettier-ignore
        const name = `${which}Liquidation` as const;
        const at =
          l.kind === 'spot' ? null : refPrice(false, s, coins, m, coins.times(m).over(lev(l)), { floor: q(0), m: q('0.005'), cum: q(0) });
        if (at === null) expect(figures[name].value).toBeNull();
        else check(name, at);
      }

      const asks = (l: Leg, quote: typeof ql) => (l.walked ? fill(quote.book!.asks, coins) : q(quote.ask));
      const bids = (l: Leg, quote: typeof ql) => (l.walked ? fill(quote.book!.bids, coins) : q(quote.bid));
      const [la, sb, sa, lb] = [asks(x.long, ql), bids(x.short, qs), asks(x.short, qs), bids(x.long, ql)];
      if (la === null || sb === null || sa === null || lb === null) {
        for (const name of ['cost', 'net', 'netAprOnCapital', 'breakEvenHours', 'expectedNet'] as const) {
          expect(figures[name].value).toBeNull();
          expect(figures[name].reason).toContain('Book too thin');
        }
        expect(verdict.kind).toBe('unknown');
        return;
      }
      known++;
      const legFees = (l: Leg, price: Rational): Rational => q(l.feeIn).plus(q(l.feeOut)).times(coins).times(price);
      const fees = legFees(x.long, midL).plus(legFees(x.short, midS));
      const slip = (l: Leg): Rational => (l.walked ? q(0) : q(l.slipBps).over(q(10_000)).times(two));
      const [entry, exit] = [la.minus(sb).over(mid), sa.minus(lb).over(mid)];
      const fixed = fees.over(N).plus(slip(x.long)).plus(slip(x.short)).plus(entry).plus(exit);
      const perHour = q(x.borrowApr).times(q(x.borrowShare)).over(q(8760));
      const cost = fixed.plus(perHour.times(H)).times(N);
      const net = funding.minus(cost);
      check('fees', fees);
      check('entrySpread', entry);
      check('exitSpread', exit);
      check('slippage', slip(x.long).plus(slip(x.short)).times(N));
      check('borrow', perHour.times(H).times(N));
      check('cost', cost);
      check('net', net);
      if (H.compare(q(Math.max(...legs.map((l) => l.intervalH)))) >= 0) {
        check('netAprOnNotional', net.over(N).times(q(8760)).over(H));
        check('netAprOnCapital', net.over(capital).times(q(8760)).over(H));
      } else expect([figures.netAprOnNotional.value, figures.netAprOnCapital.value]).toEqual([null, null]);
      check('breakEvenRate', cost.over(N).over(H));
      if (settles) expect(figures.expectedNet.value).not.toBeNull();
      const earned = gross.minus(perHour);
      if (fixed.n < 0n) expect(figures.breakEvenHours.reason).toContain('Paid to enter');
      else if (gross.n > 0n && earned.n > 0n && fixed.n > 0n) check('breakEvenHours', fixed.over(earned));
      else expect(figures.breakEvenHours.reason).toMatch(/^Never|^Nothing to earn back/u);
      expect(verdict.kind).toBe(net.n > 0n ? 'earns' : 'loses');
    }),
    { numRuns: 120 },
  );
  expect(known).toBeGreaterThan(45);
});
