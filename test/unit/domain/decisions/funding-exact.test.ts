import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fundingOverHold, type FundingInput } from '#domain/decisions/funding.ts';
import { fundingCurve, liquidationOverHold } from '#domain/decisions/over-hold.ts';
import { decimal, side } from './arbitraries.ts';
import { agrees, q } from './rational.ts';
import { refCount, refExpected } from './reference.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const base = {
  side: 'long',
  notional: 1000,
  rate: 0.0003,
  intervalH: 8,
  nextFundingAt: HOUR,
  openAt: 0,
  holdH: 72,
  leverage: 5,
  reversion: { meanPerHour: '0.0000125', halfLifeH: 24 },
  money: 'USDT',
} as const satisfies FundingInput;
const value = (input: FundingInput, name: keyof ReturnType<typeof fundingOverHold>['figures']): string | null =>
  fundingOverHold(input).figures[name].value;

test('the check of the page: 0.03 % per 8 h falling to 0.01 % with a half-life of 24 h brings 0.166 % over 72 h', () => {
  expect(Number(value(base, 'expectedOnNotional'))).toBeCloseTo(0.00166, 5);
});

test('every figure is the fraction that the page defines, at 200 random points', () => {
  const inputs = fc.record({
    side,
    notional: decimal(1, 1_000_000, 2),
    rate: decimal(-0.01, 0.01, 8),
    intervalH: fc.constantFrom(1, 2, 4, 8),
    nextMinutes: fc.integer({ min: -600, max: 600 }),
    openMinutes: fc.integer({ min: 0, max: 600 }),
    holdTenths: fc.integer({ min: 1, max: 3000 }),
    leverage: decimal(1, 100, 1),
    meanPerHour: decimal(-0.001, 0.001, 8),
    halfLifeH: decimal(0.5, 500, 2),
    continuous: fc.boolean(),
  });
  fc.assert(
    fc.property(inputs, (x) => {
      // Times are shifted so that none is before 1970.
      const shift = 1000 * HOUR;
      const [openAt, nextFundingAt] = [shift + x.openMinutes * MINUTE, shift + x.nextMinutes * MINUTE];
      const hold = x.holdTenths / 10;
      const input = { ...x, openAt, nextFundingAt, holdH: hold, reversion: { meanPerHour: x.meanPerHour, halfLifeH: x.halfLifeH } };
      const s = q(x.side === 'long' ? 1 : -1);
      const H = q(hold);
      const n = x.continuous ? H.over(q(x.intervalH)) : q(refCount(x.openMinutes, x.holdTenths * 6, x.nextMinutes, x.intervalH * 60));
      const share = s.times(q(x.rate)).times(n);
      const { figures, direction, settlements, problems } = fundingOverHold(input);
      expect(problems).toEqual([]);
      expect(agrees(figures.settlements.value, n)).toBe(true);
      expect(agrees(figures.onNotional.value, share)).toBe(true);
      expect(agrees(figures.paid.value, share.times(q(x.notional)))).toBe(true);
      expect(agrees(figures.onMargin.value, share.times(q(x.leverage)))).toBe(true);
      expect(agrees(figures.perSettlement.value, s.times(q(x.rate)).times(q(x.notional)))).toBe(true);
      expect(agrees(figures.apr.value, s.times(q(x.rate)).over(q(x.intervalH)).times(q(8760)))).toBe(true);
      expect(direction).toBe(share.n > 0n ? 'you pay' : share.n < 0n ? 'you receive' : 'nothing is paid');
      expect(settlements.length).toBe(x.continuous ? 0 : Math.min(1500, Number(n.n)));
      if (n.n === 0n) expect(figures.expectedPaid.value).toBeNull();
      else {
        const g = q(x.rate).over(q(x.intervalH));
        const expected = s.times(refExpected(g, q(x.meanPerHour), q(x.halfLifeH), H));
        expect(agrees(figures.expectedOnNotional.value, expected), `${figures.expectedOnNotional.value}`).toBe(true);
        expect(agrees(figures.expectedPaid.value, expected.times(q(x.notional)))).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

describe('settlement instants: open < T <= close', () => {
  test.each([
    ['one at the opening is the one before', { openAt: HOUR, holdH: 8 }, '1'],
    ['one at the close counts', { openAt: 0, holdH: 1 }, '1'],
    ['just before the close does not', { openAt: 0, holdH: '0.999' }, '0'],
    ['a next that has passed goes on from there', { openAt: 20 * HOUR, holdH: 8, nextFundingAt: HOUR }, '1'],
    ['a next after the hold', { openAt: 0, holdH: 8, nextFundingAt: 9 * HOUR }, '0'],
  ])('%s', (_, change, count) => {
    expect(value({ ...base, ...change }, 'settlements')).toBe(count);
  });
});

test('an unknown interval gives no figure, and says what to do', () => {
  const { problems, figures, direction } = fundingOverHold({ ...base, intervalH: null });
  expect(problems).toEqual([
    {
      field: 'intervalH',
      wrong: 'The funding interval is not known, so nobody can say what the hold costs.',
      right: 'Enter the hours between settlements, or set the hold to 0 to leave funding out.',
    },
  ]);
  expect(direction).toBeNull();
  expect(Object.values(figures).every((figure) => figure.value === null)).toBe(true);
});

test('a short receives what a long pays', () => {
  fc.assert(
    fc.property(decimal(-0.01, 0.01, 8), decimal(0, 500, 1), (rate, holdH) => {
      const [long, short] = (['long', 'short'] as const).map((which) => value({ ...base, side: which, rate, holdH }, 'paid'));
      expect(q(long ?? 'none').plus(q(short ?? 'none')).n).toBe(0n);
    }),
  );
});

test('without a half-life there is only the flat figure', () => {
  const { figures } = fundingOverHold({ ...base, reversion: null });
  expect(figures.paid.value).toBe('2.7');
  expect(figures.expectedPaid).toMatchObject({ value: null, reason: 'No half-life is measured, so there is only the flat figure.' });
});

test('the curve ends at the figures', () => {
  const curve = fundingCurve(base);
  if ('problems' in curve) throw new Error('the inputs are good');
  expect(curve.paid.at(-1)).toBeCloseTo(2.7, 12);
  expect(curve.expected.at(-1)).toBeCloseTo(1.657414896, 8);
  expect([curve.time[0], curve.time[1], curve.time.at(-1)]).toEqual([0, HOUR, 72 * HOUR]);
  expect(fundingCurve({ ...base, rate: 'x' })).toMatchObject({ problems: [{ field: 'rate' }] });
  const pro = fundingCurve({ ...base, continuous: true });
  expect('problems' in pro ? null : pro.paid.at(-1)).toBeCloseTo(2.7, 12);
});

test('funding paid pulls the liquidation price of isolated margin towards the entry', () => {
  const position = {
    contract: 'linear',
    side: 'long',
    margin: 'isolated',
    entry: 100,
    contracts: 1,
    leverage: 10,
    maintenance: { kind: 'flat', rate: 0.005 },
  } as const;
  const curve = liquidationOverHold(position, base, base);
  if ('problems' in curve) throw new Error('the inputs are good');
  expect(curve.price[0]).toBeCloseTo(90.452261, 6);
  // 9 settlements of 0.03 on 100: the balance is 9.73.
  expect(curve.price.at(-1)).toBeCloseTo((9.73 - 100) / (0.005 - 1), 9);
  expect(curve.price.every((price, i) => i === 0 || price >= curve.price[i - 1]!)).toBe(true);
});
