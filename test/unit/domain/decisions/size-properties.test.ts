import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Exact } from '#domain/decisions/exact.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import type { SizeInput } from '#domain/decisions/size-input.ts';
import { decimal, sizeInput } from './arbitraries.ts';

const contracts = (input: SizeInput): Exact => new Exact(sizePosition(input).figures.contracts.value ?? 0);
const more = (value: unknown, by: string): string => new Exact(String(value)).plus(by).toFixed();

test('the loss at the rounded size is never above the budget, and one lot step more would be (where risk bound it)', () => {
  fc.assert(
    fc.property(sizeInput, (input) => {
      const { figures, bound } = sizePosition(input);
      if (figures.lossAtStop.value === null) return;
      const [loss, budget] = [new Exact(figures.lossAtStop.value), new Exact(input.equity).times(input.risk)];
      expect(loss.lte(budget)).toBe(true);
      const step = loss.div(figures.contracts.value!).times(input.lotStep);
      if (bound === 'risk') expect(loss.plus(step).gt(budget.times('0.999999999999999'))).toBe(true);
      expect(new Exact(figures.contracts.value!).mod(input.lotStep).isZero()).toBe(true);
    }),
  );
});

test('never above the budget with a book either', () => {
  const level = fc.tuple(decimal(0.0001, 0.01, 4), decimal(0.1, 30, 1));
  const ladder = fc.array(level, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(sizeInput, ladder, ladder, (input, up, down) => {
      const walkFrom = (levels: readonly (readonly [string, string])[], sign: 1 | -1): [string, string][] => {
        let price = new Exact(input.entry);
        return levels.map(([away, quantity]) => {
          price = price.times(new Exact(away).times(sign).plus(1)).toSignificantDigits(15);
          return [price.toFixed(), quantity];
        });
      };
      const { figures } = sizePosition({ ...input, book: { asks: walkFrom(up, 1), bids: walkFrom(down, -1) } });
      if (figures.lossAtStop.value !== null) {
        expect(new Exact(figures.lossAtStop.value).lte(new Exact(input.equity).times(input.risk))).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('monotone in every input', () => {
  fc.assert(
    fc.property(sizeInput, (input) => {
      const size = contracts(input);
      const least = (change: Partial<SizeInput>): void => expect(contracts({ ...input, ...change }).gte(size)).toBe(true);
      const most = (change: Partial<SizeInput>): void => expect(contracts({ ...input, ...change }).lte(size)).toBe(true);
      least({ equity: more(input.equity, '100') });
      least({ risk: more(input.risk, '0.01') });
      least({ leverage: more(input.leverage, '1') });
      most({ feeIn: more(input.feeIn, '0.0003') });
      most({ feeOut: more(input.feeOut, '0.0003') });
      most({ slipBps: more(input.slipBps, '3') });
      const away = new Exact(input.stop).minus(input.entry).times('1.01').plus(input.entry);
      if (away.gt(0)) most({ stop: away.toFixed() });
      most({ funding: { ...input.funding, rate: more(input.funding.rate, input.side === 'long' ? '0.0002' : '-0.0002') } });
      if (Number(input.funding.rate) * (input.side === 'long' ? 1 : -1) > 0)
        most({ hold: { openAt: 0, holdH: more(input.hold.holdH, '8') } });
      least({ hold: null });
      most({ scale: { volatility: { target: '0.03', measured: '0.04' } } });
    }),
    { numRuns: 60 },
  );
});

test('a short is a long in the mirror: linear, without costs', () => {
  fc.assert(
    fc.property(sizeInput, (input) => {
      const plain = { ...input, contract: 'linear', side: 'long', feeIn: 0, feeOut: 0, slipBps: 0, hold: null, targets: [] } as const;
      const away = new Exact(input.stop).minus(input.entry).abs();
      const at = (sign: 1 | -1): string => new Exact(input.entry).plus(away.times(sign)).toFixed();
      const [long, short] = [sizePosition({ ...plain, stop: at(-1) }), sizePosition({ ...plain, side: 'short', stop: at(1) })];
      for (const name of ['contracts', 'lossAtStop', 'notional', 'margin', 'breakEven'] as const) {
        expect(short.figures[name].value).toBe(long.figures[name].value);
      }
    }),
  );
});

test('a linear long is an inverse short seen from the other coin, costs and all', () => {
  fc.assert(
    fc.property(decimal(1, 64, 0), decimal(0.01, 0.3, 2), decimal(0, 0.001, 4), decimal(0, 0.001, 4), (root, away, feeIn, feeOut) => {
      // Powers of two have exact inverses in decimals.
      const entry = new Exact(2).pow(Number(root) % 8);
      const stop = entry.div(2);
      const common = {
        margin: 'isolated',
        equity: 1000,
        risk: away,
        leverage: 1000,
        feeIn,
        feeOut,
        slipBps: 1,
        lotStep: '0.000001',
      } as const;
      const linear = sizePosition({ ...common, contract: 'linear', side: 'long', entry: entry.toFixed(), stop: stop.toFixed() });
      const inverse = sizePosition({
        ...common,
        contract: 'inverse',
        side: 'short',
        entry: entry.pow(-1).toFixed(),
        stop: stop.pow(-1).toFixed(),
      });
      expect(inverse.figures.contracts.value).toBe(linear.figures.contracts.value);
      expect(inverse.figures.lossAtStop.value).toBe(linear.figures.lossAtStop.value);
    }),
  );
});

test('units do not change money: price per 1000 coins, contracts of another size, money counted in cents', () => {
  fc.assert(
    fc.property(sizeInput, (input) => {
      const linear = { ...input, contract: 'linear', equity: new Exact(input.equity).times(1000).toFixed() } as const;
      const same = (change: Partial<SizeInput>, factor: number): void => {
        const [a, b] = [sizePosition(linear), sizePosition({ ...linear, ...change })];
        for (const name of ['lossAtStop', 'notional', 'margin', 'funding', 'entryFee'] as const) {
          const [x, y] = [a.figures[name].value, b.figures[name].value];
          expect(y === null ? null : new Exact(y).toSignificantDigits(15).toFixed()).toBe(
            x === null ? null : new Exact(x).times(factor).toSignificantDigits(15).toFixed(),
          );
        }
        expect(b.figures.effectiveLeverage.value).toBe(a.figures.effectiveLeverage.value);
      };
      const scaled = (factor: number) => ({
        entry: new Exact(input.entry).times(factor).toFixed(),
        stop: new Exact(input.stop).times(factor).toFixed(),
        targets: input.targets.map((target) => new Exact(target).times(factor).toFixed()),
      });
      same({ ...scaled(1000), lotStep: new Exact(input.lotStep).div(1000).toFixed() }, 1);
      same({ contractSize: new Exact(input.contractSize).div(100).toFixed(), lotStep: new Exact(input.lotStep).times(100).toFixed() }, 1);
      same({ ...scaled(100), equity: new Exact(linear.equity).times(100).toFixed() }, 100);
    }),
    { numRuns: 60 },
  );
});
