import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sizePosition } from '#domain/decisions/size.ts';
import { sizeInput } from './arbitraries.ts';
import { agrees, max, q } from './rational.ts';
import { refCount, refSize } from './reference.ts';

const RUNS = { numRuns: 200 };

test('every figure of a size is the fraction that the page defines, at 200 random points', () => {
  fc.assert(
    fc.property(sizeInput, (input) => {
      const s = q(input.side === 'long' ? 1 : -1);
      const { intervalH, nextFundingAt, rate } = input.funding;
      const hold = Number(input.hold.holdH);
      const count = refCount(0, Math.round(hold * 3_600_000), nextFundingAt, intervalH * 3_600_000);
      const F = s.times(q(rate)).times(q(count));
      const [entry, stop, target] = [q(input.entry), q(input.stop), q(input.targets[0]!)];
      const [feeIn, feeOut, slip, size] = [q(input.feeIn), q(input.feeOut), q(input.slipBps).over(q(10_000)), q(input.contractSize)];
      const inverse = input.contract === 'inverse';
      const [L, E, step] = [q(input.leverage), q(input.equity), q(input.lotStep)];
      const ref = refSize({ inverse, s, E, q: q(input.risk), entry, stop, target, L, feeIn, feeOut, slip, F, step, size });
      const { figures, targets, problems, bound } = sizePosition(input);
      if (ref.contracts.n === 0n) {
        expect(bound).toBe('minimum');
        return;
      }
      const Q = ref.contracts.times(size);
      const value = (price: typeof entry) => (inverse ? Q.over(price) : Q.times(price));
      expect(problems).toEqual([]);
      expect(bound).toBe(ref.bound);
      const wanted = {
        budget: ref.budget,
        lossPerUnit: ref.loss.over(inverse ? ref.contracts : Q),
        breakEven: ref.breakEven,
        contracts: ref.contracts,
        quantity: Q,
        notional: ref.notional,
        margin: ref.margin,
        effectiveLeverage: ref.effectiveLeverage,
        priceLoss: value(stop)
          .minus(value(entry))
          .times(s)
          .times(q(inverse ? 1 : -1)),
        entryFee: feeIn.times(value(entry)),
        exitFee: feeOut.times(value(stop)),
        slippage: slip.times(value(entry).plus(value(stop))),
        fundingInLoss: max(F, q(0)).times(value(entry)),
        lossAtStop: ref.lossAtStop,
        funding: F.times(value(entry)),
      };
      for (const [name, expected] of Object.entries(wanted)) {
        const { value: text } = figures[name as keyof typeof wanted];
        expect(agrees(text, expected), `${name} is ${text}, not ${expected.n}/${expected.d}`).toBe(true);
      }
      if (hold > 0) expect(figures.settlements.value).toBe(String(count));
      expect(agrees(targets[0]!.net.value, ref.net)).toBe(true);
      expect(agrees(targets[0]!.r.value, ref.net.over(ref.loss))).toBe(true);
      expect(q(figures.lossAtStop.value ?? 'none').compare(ref.budget)).toBeLessThanOrEqual(0);
    }),
    RUNS,
  );
});
