import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fundingOverHold, type FundingInput } from '#domain/decisions/funding.ts';
import { fundingCurve, liquidationOverHold } from '#domain/decisions/over-hold.ts';
import { decimal, side } from './arbitraries.ts';
import { agrees, q } from './rational.ts';
import { refAccrued, refCount, refExpected } from './reference.ts';

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

describe('funding as expected', () => {
  test('where a venue accrues: 0.03 % per 8 h falling to 0.01 % with a half-life of 24 h brings 0.166 % over 72 h', () => {
    expect(Number(value({ ...base, continuous: true }, 'expectedOnNotional'))).toBeCloseTo(0.00166, 5);
  });

  // Rate 3 and mean 1 per interval on a notional of 1,000.
  const paidAt = { ...base, rate: '0.003', reversion: { meanPerHour: '0.000125', halfLifeH: 8 } };
  test.each([
    // 1 + 2 x 2^(-1/8) + 1 + 2 x 2^(-9/8) = 1 + 1.8340 + 1 + 0.9170
    ['1 and 9 h after the opening', { nextFundingAt: HOUR, holdH: 9 }, 4.751],
    // 1 + 2 x 2^(-0.0625) + 1 + 2 x 2^(-1.0625) = 1 + 1.9152 + 1 + 0.9576
    ['0.5 and 8.5 h after the opening', { nextFundingAt: HOUR / 2, holdH: 9 }, 4.873],
    ['a hold that is longer than its last settlement pays no more', { nextFundingAt: HOUR / 2, holdH: 16 }, 4.873],
    // The times count from the opening, whenever that is.
    ['the same a day later', { openAt: 24 * HOUR, nextFundingAt: 24.5 * HOUR, holdH: 9 }, 4.873],
  ])('at settlements %s', (_, change, expected) => {
    expect(Number(value({ ...paidAt, ...change }, 'expectedPaid'))).toBeCloseTo(expected, 3);
    expect(value({ ...paidAt, ...change }, 'paid')).toBe('6');
  });

  test('nothing where nothing settles, and a payment at the close is inside', () => {
    const { figures, expectedDirection } = fundingOverHold({ ...paidAt, holdH: '0.9' });
    expect(figures.expectedPaid).toMatchObject({ value: null, reason: 'Nothing is settled in the hold.' });
    expect(expectedDirection).toBeNull();
    // 1 + 2 x 2^(-1/8)
    expect(Number(value({ ...paidAt, holdH: 1 }, 'expectedPaid'))).toBeCloseTo(2.834, 3);
  });

  test('its explanation is what is summed', () => {
    const { expectedPaid } = fundingOverHold({ ...paidAt, nextFundingAt: HOUR / 2, holdH: 9 }).figures;
    expect(expectedPaid.formula).toBe('s × [n × h × mu + (r − h × mu) × sum of 2^(−t/halfLife)] × notional');
    // 2^(-0.0625) + 2^(-1.0625) = 0.957603 + 0.478802
    expect(expectedPaid.worked).toMatch(/^1 × \[2 × 8 × 0\.000125 \+ \(0\.003 − 8 × 0\.000125\) × 1\.436404921\] × 1000 = 4\.87280984/u);
  });
});

describe('no hold is not a hold of 0', () => {
  const terms = { side: 'long', notional: 1000, rate: '0.0003', intervalH: 8 } as const satisfies FundingInput;
  test('without one: the payment per settlement, the annual rate, and that none is given', () => {
    for (const holdH of [undefined, null, '', ' ']) {
      const { problems, warnings, figures, direction, settlements } = fundingOverHold({ ...terms, holdH });
      expect(problems).toEqual([]);
      expect(warnings).toEqual([
        {
          field: 'holdH',
          wrong: 'No hold is given, so this is one payment and the annual rate.',
          right: 'Enter the hours to hold.',
        },
      ]);
      // 0.0003 x 1000, and 0.0003/8 x 8760.
      expect([figures.perSettlement.value, figures.apr.value, direction]).toEqual(['0.3', '0.3285', 'you pay']);
      expect(figures.paid).toMatchObject({ value: null, reason: 'No hold is given.' });
      expect(figures.settlements.value).toBeNull();
      expect(settlements).toHaveLength(0);
    }
    expect(fundingOverHold({ ...terms, rate: null }).problems.map(({ field }) => field)).toEqual(['rate']);
    expect(fundingOverHold({ ...terms, intervalH: null }).problems.map(({ field }) => field)).toEqual(['intervalH']);
    expect(fundingCurve({ ...base, holdH: null })).toMatchObject({ problems: [{ field: 'holdH', wrong: 'No hold is given.' }] });
  });

  test('a hold of 0 pays nothing, and what a settlement would pay is known all the same', () => {
    const { problems, warnings, figures, direction } = fundingOverHold({ ...terms, holdH: 0 });
    expect([problems, warnings]).toEqual([[], []]);
    expect([figures.paid.value, figures.settlements.value, direction]).toEqual(['0', '0', 'nothing is paid']);
    expect([figures.perSettlement.value, figures.apr.value]).toEqual(['0.3', '0.3285']);
  });
});

test('what is given and not read is named', () => {
  const accrued = { ...base, continuous: true, reversion: { meanPerHour: 0, halfLifeH: null } };
  expect(fundingOverHold(accrued).warnings.map(({ field }) => field)).toEqual(['reversion.meanPerHour', 'openAt', 'nextFundingAt']);
  expect(fundingOverHold(base).warnings).toEqual([]);
});

test('funding that is more than the margin is told', () => {
  // 9 settlements of 0.3 % are 2.7 % of the notional: more than the margin from 37.04x up.
  const dear = { ...base, rate: '0.003' };
  expect(fundingOverHold({ ...dear, leverage: 37 }).warnings).toEqual([]);
  expect(fundingOverHold({ ...dear, leverage: 38 }).warnings.map(({ field }) => field)).toEqual(['leverage']);
  expect(fundingOverHold({ ...dear, leverage: 38, side: 'short' }).warnings).toEqual([]);
});

test('every figure is the fraction that the page defines, at 200 random points', () => {
  const inputs = fc.record({
    side,
    notional: decimal(1, 1_000_000, 2),
    rate: decimal(-0.01, 0.01, 8),
    intervalH: fc.constantFrom(1, 2, 4, 8),
    /** Of the interval after the opening. */
    nextShare: fc.integer({ min: 1, max: 60 }),
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
      const nextMinutes = x.openMinutes + x.nextShare * x.intervalH;
      const [openAt, nextFundingAt] = [shift + x.openMinutes * MINUTE, shift + nextMinutes * MINUTE];
      const hold = x.holdTenths / 10;
      const input = { ...x, openAt, nextFundingAt, holdH: hold, reversion: { meanPerHour: x.meanPerHour, halfLifeH: x.halfLifeH } };
      const s = q(x.side === 'long' ? 1 : -1);
      const H = q(hold);
      const n = x.continuous ? H.over(q(x.intervalH)) : q(refCount(x.openMinutes, x.holdTenths * 6, nextMinutes, x.intervalH * 60));
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
        const h = q(x.intervalH);
        const g = q(x.rate).over(h);
        const first = q(nextMinutes - x.openMinutes).over(q(60));
        const [mu, halfLife] = [q(x.meanPerHour), q(x.halfLifeH)];
        const expected = s.times(x.continuous ? refAccrued(g, mu, halfLife, H) : refExpected(g, mu, halfLife, h, first, Number(n.n)));
        expect(agrees(figures.expectedOnNotional.value, expected), `${figures.expectedOnNotional.value}`).toBe(true);
        expect(agrees(figures.expectedPaid.value, expected.times(q(x.notional)))).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

describe('settlement instants: open < T <= close', () => {
  test.each([
    ['one at the close counts', { openAt: 0, holdH: 1 }, '1'],
    ['just before the close does not', { openAt: 0, holdH: '0.999' }, '0'],
    ['one an interval after the opening', { openAt: HOUR, holdH: 8, nextFundingAt: 9 * HOUR }, '1'],
    ['a next after the hold', { openAt: 0, holdH: 7, nextFundingAt: 8 * HOUR }, '0'],
  ])('%s', (_, change, count) => {
    expect(value({ ...base, ...change }, 'settlements')).toBe(count);
  });
});

test('an unknown interval gives no figure, and says what to do', () => {
  const { problems, figures, direction } = fundingOverHold({ ...base, intervalH: null });
  expect(problems).toEqual([
    {
      field: 'intervalH',
      wrong: 'The funding interval is not known, so what the hold costs cannot be said.',
      right: 'Enter the hours between settlements.',
    },
  ]);
  expect(direction).toBeNull();
  expect(Object.values(figures).every((figure) => figure.value === null)).toBe(true);
});

test('what is under an hour is no interval', () => {
  const { problems } = fundingOverHold({ ...base, intervalH: 0.5 });
  expect(problems[0]).toMatchObject({ field: 'intervalH', right: 'Enter the hours between settlements, from 1 to 24, such as 8.' });
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
  // 9 settlements at 1, 9, ... 65 h, half-life 24 h: 0.9 + 0.2 x 2^(-1/24) x (1 - 1/8)/(1 - 2^(-1/3)).
  expect(curve.expected.at(-1)).toBeCloseTo(1.7241324439, 8);
  // In steps: at the first settlement 0.1 + 0.2 x 2^(-1/24).
  expect([curve.expected[0], curve.expected[1]]).toEqual([0, expect.closeTo(0.1 + 0.2 * 2 ** (-1 / 24), 12)]);
  expect([curve.time[0], curve.time[1], curve.time.at(-1)]).toEqual([0, HOUR, 72 * HOUR]);
  expect(fundingCurve({ ...base, rate: 'x' })).toMatchObject({ problems: [{ field: 'rate' }] });
  const pro = fundingCurve({ ...base, continuous: true });
  expect('problems' in pro ? null : pro.paid.at(-1)).toBeCloseTo(2.7, 12);
  // 0.0009 + (0.0003 - 0.0001)/8 x (1 - 1/8) x 24/ln 2
  expect('problems' in pro ? null : pro.expected.at(-1)).toBeCloseTo(1.657414896, 8);
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
