import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateLiquidation } from '#domain/decisions/liquidation.ts';
import { contract, decimal, side } from './arbitraries.ts';
import { agrees, q, type Rational } from './rational.ts';
import { refLiquidation, type RefTier } from './reference.ts';

const tierSteps = fc.array(fc.record({ width: decimal(1, 5000, 1), more: decimal(0.001, 0.05, 4) }), { minLength: 0, maxLength: 5 });

/** A table of ascending floors and rates; `scale` turns widths into sizes near the position's. */
const tiersOf = (first: string, steps: readonly { width: string; more: string }[], scale: Rational) => {
  let [floor, rate] = [q(0), q(first)];
  const rows = [{ floor, rate }];
  for (const step of steps) {
    floor = floor.plus(q(step.width).times(scale));
    rate = rate.plus(q(step.more));
    rows.push({ floor, rate });
  }
  return rows;
};

const text = ({ n, d }: Rational): string => {
  const places = 12n;
  const scaled = (n * 10n ** places) / d;
  return `${scaled / 10n ** places}.${(scaled % 10n ** places).toString().padStart(Number(places), '0')}`;
};

const input = fc.record({
  contract,
  side,
  margin: fc.constantFrom('isolated' as const, 'cross' as const),
  entry: decimal(1, 1000, 2),
  contracts: decimal(1, 100, 0),
  leverage: decimal(1, 20, 1),
  first: decimal(0.001, 0.01, 4),
  steps: tierSteps,
  charge: fc.constantFrom('marginal' as const, 'whole' as const),
  fundingPaid: decimal(-0.5, 0.5, 3),
  liquidationFee: decimal(0, 0.001, 4),
  equityShare: decimal(0.05, 1.5, 2),
});

test('the liquidation price is the fraction that the page defines, at 200 random points and more', () => {
  let compared = 0;
  fc.assert(
    fc.property(input, (x) => {
      const inverse = x.contract === 'inverse';
      const [s, entry, Q, fee] = [q(x.side === 'long' ? 1 : -1), q(x.entry), q(x.contracts), q(x.liquidationFee)];
      const notional = inverse ? Q.over(entry) : Q.times(entry);
      const rows = tiersOf(x.first, x.steps, inverse ? notional.over(q(5000)) : notional.over(q(2000))).map((row) => ({
        floor: text(row.floor),
        rate: text(row.rate),
      }));
      const tiers: RefTier[] = [];
      for (const [i, row] of rows.entries()) {
        const before = tiers[i - 1];
        const cum =
          before === undefined || x.charge === 'whole' ? q(0) : q(row.floor).times(q(row.rate).plus(fee).minus(before.m)).plus(before.cum);
        tiers.push({ floor: q(row.floor), m: q(row.rate).plus(fee), cum });
      }
      const equity = text(notional.times(q(x.equityShare)));
      const paid = notional.times(q(x.fundingPaid)).over(q(100));
      const WB = (x.margin === 'cross' ? q(equity) : notional.over(q(x.leverage))).minus(q(text2(paid)));
      const { figures, problems } = estimateLiquidation({
        contract: x.contract,
        side: x.side,
        margin: x.margin,
        entry: x.entry,
        contracts: x.contracts,
        leverage: x.leverage,
        equity,
        fundingPaid: text2(paid),
        liquidationFee: x.liquidationFee,
        maintenance: { kind: 'tiers', tiers: rows, charge: x.charge },
      });
      const value = inverse ? Q.over(entry) : Q.times(entry);
      const own = tiers.findLast((tier, i) => i === 0 || value.compare(tier.floor) > 0)!;
      if (WB.compare(value.times(own.m).minus(own.cum)) < 0) {
        expect(problems.map((problem) => problem.field)).toEqual([x.margin === 'cross' ? 'equity' : 'leverage']);
        expect(figures.liquidation.value).toBeNull();
        return;
      }
      const expected = refLiquidation(inverse, s, Q, entry, WB, tiers);
      expect(problems).toEqual([]);
      compared++;
      if (expected === null) expect(figures.liquidation.value).toBeNull();
      else expect(agrees(figures.liquidation.value, expected), `${figures.liquidation.value} is not ${text(expected)}`).toBe(true);
      expect(agrees(figures.balance.value, WB)).toBe(true);
    }),
    { numRuns: 400 },
  );
  expect(compared).toBeGreaterThanOrEqual(200);
});

/** As `text`, for either sign. */
function text2(x: Rational): string {
  return x.n < 0n ? `-${text(x.neg())}` : text(x);
}
