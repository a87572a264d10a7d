import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { carry } from '#domain/decisions/carry.ts';
import type { CarryInput, CarryLeg } from '#domain/decisions/carry-input.ts';
import { Exact } from '#domain/decisions/exact.ts';
import { decimal } from './arbitraries.ts';

const HOUR = 3_600_000;
const perp: CarryLeg = {
  kind: 'perp',
  name: 'Binance USD-M',
  price: 100,
  feeIn: 0.0005,
  feeOut: 0.0005,
  lotStep: 0.001,
  rate: 0.0003,
  intervalH: 8,
  nextFundingAt: HOUR,
  leverage: 5,
  maintenance: { kind: 'flat', rate: 0.005 },
};
const spot: CarryLeg = { kind: 'spot', name: 'Binance spot', price: 100, feeIn: 0.001, feeOut: 0.001, lotStep: 0.01 };
const base: CarryInput = { long: spot, short: perp, quantity: 10, openAt: 0, holdH: 240, quote: 'USDT', base: 'SOL' };
const value = (input: CarryInput, name: keyof ReturnType<typeof carry>['figures']): number =>
  Number(carry(input).figures[name].value ?? NaN);

describe('cash-and-carry, worked by hand', () => {
  // 30 settlements of 0.03 % on 1,000 = 9; fees 0.3 % = 3; capital 1,000 + 200.
  test('it earns', () => {
    expect(value(base, 'funding')).toBe(9);
    expect(value(base, 'cost')).toBe(3);
    expect(value(base, 'net')).toBe(6);
    expect(value(base, 'capital')).toBe(1200);
    expect(value(base, 'breakEvenHours')).toBe(80);
    expect(value(base, 'netAprOnNotional')).toBeCloseTo(0.219, 12);
    expect(value(base, 'netAprOnCapital')).toBeCloseTo(0.1825, 12);
    expect(value(base, 'breakEvenRate')).toBeCloseTo(0.003 / 240, 15);
    expect(carry(base).verdict).toEqual({
      kind: 'earns',
      words: 'Over 240 h this earns 6.00 USDT after costs of 3.00 USDT: 18.25 % a year on capital. Costs are earned back after 80 h.',
    });
    // Short leg: (200 + 1000)/(10 * 1.005).
    expect(value(base, 'shortLiquidation')).toBeCloseTo(119.402985, 6);
    expect(value(base, 'shortDistance')).toBeCloseTo(0.19402985, 8);
    expect(carry(base).figures.longLiquidation).toMatchObject({ value: null, reason: 'A spot leg is not liquidated.' });
  });

  test('a day is too short', () => {
    expect(carry({ ...base, holdH: 24 }).verdict).toEqual({
      kind: 'loses',
      words:
        "Loses: over 24 h funding brings 0.90 USDT, costs are 3.00 USDT, so you lose 2.10 USDT. At today's rates it takes 80 h to earn the costs back.",
    });
  });

  test('the wrong way round never breaks even', () => {
    const { verdict, figures } = carry({ ...base, long: perp, short: spot, borrowApr: 0.1 });
    expect(figures.breakEvenHours).toMatchObject({ value: null, reason: 'Never: the funding runs against this carry.' });
    expect(verdict.kind).toBe('loses');
    expect(verdict.words).toContain('funding costs a further 9.00 USDT');
    expect(verdict.words).toContain('It never breaks even');
  });

  test('borrowing is a cost only, and can eat the funding', () => {
    // 32.85 % a year of funding against 40 % of borrowing.
    expect(carry({ ...base, borrowApr: 0.4 }).figures.breakEvenHours.reason).toBe('Never: borrowing costs more than the funding brings.');
    expect(value({ ...base, borrowApr: 0.0876 }, 'borrow')).toBeCloseTo(2.4, 12);
    expect(value({ ...base, borrowApr: 0.0876, borrowShare: 0.5 }, 'borrow')).toBeCloseTo(1.2, 12);
    expect(carry({ ...base, borrowApr: -0.1 }).problems[0]?.field).toBe('borrowApr');
  });

  test('decay that the flat figure hides is said', () => {
    const { verdict, figures } = carry({ ...base, reversion: { meanPerHour: 0, halfLifeH: 12 } });
    // 30 settlements of 0.3 at 1, 9, ... h, gone with a half-life of 12 h: 0.3 x 2^(-1/12) x (1 - 2^-20)/(1 - 2^(-2/3)).
    expect(Number(figures.expectedFunding.value)).toBeCloseTo(0.76522, 5);
    expect(figures.expectedFunding.formula).toContain('sum of 2^(−short t/short halfLife)');
    expect(verdict.words).toContain('If the spread returns to its mean as measured, it loses 2.23 USDT.');
    const held = { ...base, holdH: '0.5', reversion: { meanPerHour: 0, halfLifeH: 12 } };
    expect(carry(held).figures.expectedFunding).toMatchObject({ value: null, reason: 'Nothing is settled in the hold.' });
  });
});

describe('what a carry costs to enter', () => {
  // 10 coins: 2 x 0.1 % of 1,000 long and 2 x 0.05 % of 1,050 short.
  test('fees are charged on each leg\u2019s own notional', () => {
    const { figures } = carry({ ...base, short: { ...perp, price: 105 } });
    expect(figures.fees.value).toBe('3.05');
    expect(figures.fees.worked).toBe('10 × [(0.001 + 0.001) × 100 + (0.0005 + 0.0005) × 105] = 3.05');
  });

  test('legs more than 2 % apart are warned of, and what meeting prices bring stands apart from the net', () => {
    const apart = carry({ ...base, short: { ...perp, price: 105 } });
    expect(apart.figures.convergence).toMatchObject({ value: '50', unit: 'USDT', worked: '10 × (105 − 100) = 50' });
    expect(apart.warnings.map(({ field, wrong }) => [field, wrong])).toEqual([
      ['short.price', 'The legs stand 4.88 % apart: Binance spot at 100, Binance USD-M at 105 per coin.'],
    ]);
    // 30 x 0.0003 x 10 x 102.5 - 3.05: the price of both legs held flat.
    expect(apart.figures.net.value).toBe('6.175');
    expect(carry({ ...base, short: { ...perp, price: 97 } }).figures.convergence.value).toBe('-30');
    // 2/101 is 1.98 %, 2.03/101.015 is 2.01 %.
    expect(carry({ ...base, short: { ...perp, price: 102 } }).warnings).toEqual([]);
    expect(carry({ ...base, short: { ...perp, price: '102.03' } }).warnings).toHaveLength(1);
    expect(carry(base).figures.convergence.value).toBe('0');
  });

  test('a hold under one interval is not put as a year', () => {
    const { figures, verdict } = carry({ ...base, holdH: '7.9' });
    const reason = 'The hold is shorter than one funding interval (8 h), so a year of it says nothing.';
    expect(figures.netAprOnCapital).toMatchObject({ value: null, reason });
    expect(figures.netAprOnNotional).toMatchObject({ value: null, reason });
    expect(figures.net.value).toBe('-2.7');
    expect(verdict.words).not.toContain('a year');
    // 0.3 - 3 over 8 h: -2.7/1200 x 8760/8.
    expect(value({ ...base, holdH: 8 }, 'netAprOnCapital')).toBeCloseTo(-2.46375, 12);
    // It counts by the leg that settles less often.
    const hourly = { ...perp, intervalH: 1, rate: 0 };
    expect(carry({ ...base, long: hourly, holdH: 7 }).figures.netAprOnCapital.value).toBeNull();
    const earns = carry({ ...base, short: { ...perp, rate: '0.005' }, holdH: 2 });
    expect(earns.verdict.words).toBe('Over 2 h this earns 2.00 USDT after costs of 3.00 USDT. Costs are earned back after 4.8 h.');
  });

  test('paid to enter is said in words, never 0 h', () => {
    // Rebates of 4 x 0.05 % on 1,000 are 2.
    const rebate = { feeIn: -0.0005, feeOut: -0.0005 };
    const paid = { ...base, long: { ...spot, ...rebate }, short: { ...perp, ...rebate } };
    const { figures, verdict } = carry(paid);
    expect(figures.cost.value).toBe('-2');
    expect(figures.breakEvenHours).toMatchObject({ value: null, reason: 'Paid to enter: the fills bring 2.00 USDT more than they cost.' });
    expect(verdict.words).toBe(
      'Over 240 h this earns 11.00 USDT, the 2.00 USDT that you are paid to enter included: 33.46 % a year on capital.',
    );
    // The funding runs against it with 0.0375 an hour: it takes 2 back in 53.33 h.
    const against = carry({ ...paid, short: { ...perp, ...rebate, rate: -0.0003 } });
    expect(against.figures.breakEvenHours.reason).toBe(
      'Paid to enter: the fills bring 2.00 USDT more than they cost. What it loses an hour takes that back after 53.33 h.',
    );
    expect(against.verdict.words).toBe(
      'Loses: over 240 h funding costs 9.00 USDT, you are paid 2.00 USDT to enter, so you lose 7.00 USDT.',
    );
    const free = { feeIn: 0, feeOut: 0 };
    const none = carry({ ...base, long: { ...spot, ...free }, short: { ...perp, ...free } });
    expect(none.figures.breakEvenHours.reason).toBe('Nothing to earn back: entering and leaving cost nothing.');
    expect(none.verdict.words).toContain('Over 240 h this earns 9.00 USDT at no cost');
  });

  test('funding that eats the margin of a leg is told', () => {
    // 30 x 0.7 % of 1,000 are 210, more than the short leg's margin of 200 less its maintenance of 5.
    const { problems, warnings } = carry({ ...base, long: { ...spot }, short: { ...perp, rate: '-0.007' } });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      {
        field: 'short.leverage',
        wrong:
          'The funding that Binance USD-M pays over the hold, 210.00 USDT, eats its margin of 200.00 USDT: it is liquidated before the end of it.',
        right: 'Lower the leverage, hold for less time, or add margin on the way.',
      },
    ]);
    expect(carry({ ...base, short: { ...perp, rate: '0.007' } }).warnings).toEqual([]);
  });

  test('what is given and not read is named', () => {
    const book = { bids: [[100, 50]], asks: [[100.01, 50]] } as const; // prettier-ignore
    const long = { ...spot, rate: 0.0001, leverage: 3, maintenance: { kind: 'flat', rate: 0.01 } } as const;
    const short = { ...perp, book, slipBps: 3 };
    const named = carry({ ...base, long, short, notional: 5000, borrowShare: 1 }).warnings;
    expect(named.map(({ field }) => field)).toEqual([
      'notional',
      'borrowShare',
      'long.rate',
      'long.leverage',
      'long.maintenance',
      'short.price',
      'short.slipBps',
    ]);
    expect(named[2]).toEqual({ field: 'long.rate', wrong: 'This is not read: a spot leg pays no funding.', right: 'Leave it out.' });
    expect(carry({ ...base, short: { ...perp, bid: 99.99, ask: 100.01 } }).warnings.map(({ field }) => field)).toEqual(['short.price']);
    expect(carry({ ...base, short: { ...perp, bid: 99.99 } }).warnings.map(({ field }) => field)).toEqual(['short.bid']);
  });
});

describe('perp against perp', () => {
  const other: CarryLeg = { ...perp, name: 'Hyperliquid', rate: 0.00001, intervalH: 1, bid: 99.9, ask: 100, lotStep: 0.01 };
  const pair: CarryInput = { ...base, long: other, short: { ...perp, bid: 100, ask: 100.1 } };

  test('cross-spreads over mid, each leg by its own settlements', () => {
    expect(value(pair, 'grossPerHour')).toBeCloseTo(0.0000275, 12);
    expect(value(pair, 'entrySpread')).toBe(0);
    expect(value(pair, 'exitSpread')).toBeCloseTo(0.2 / 100, 12);
    expect(value(pair, 'longFunding')).toBeCloseTo(-2.4, 12);
    expect(value(pair, 'shortFunding')).toBeCloseTo(9, 12);
    expect(value(pair, 'longLiquidation')).toBeCloseTo((0.8 * 99.95) / 0.995, 9);
  });

  test('the coarser lot step of both', () => {
    expect(value({ ...pair, quantity: '1.2345' }, 'quantity')).toBe(1.23);
    expect(value({ ...pair, quantity: null, notional: 1000 }, 'quantity')).toBe(10);
    // 0.04 and 0.06 meet every 0.12.
    const odd = { ...pair, long: { ...other, lotStep: 0.04 }, short: { ...perp, lotStep: 0.06 } };
    expect(value({ ...odd, quantity: 1 }, 'quantity')).toBeCloseTo(0.96, 12);
  });

  test('1000PEPE against kPEPE against PEPE: by the coin', () => {
    const thousand = { ...perp, price: '0.01', multiplier: 1000, lotStep: 1 };
    const single = { ...spot, price: '0.00001', lotStep: 100 };
    const { figures, problems } = carry({ ...base, long: single, short: thousand, quantity: 1_234_567 });
    expect(problems).toEqual([]);
    expect(figures.quantity.value).toBe('1234000');
    expect(Number(figures.notional.value)).toBeCloseTo(12.34, 12);
    expect(Number(figures.shortLiquidation.value)).toBeCloseTo(0.01 * (1.2 / 1.005), 12);
    expect(carry({ ...base, long: single, short: { ...thousand, multiplier: 1 } }).problems[0]?.field).toBe('short.price');
  });

  test('a book that ends is said, and nothing stands on it', () => {
    const book = { bids: [[99.9, 5], [99.8, 2]], asks: [[100, 50]] } as const; // prettier-ignore
    const { verdict, figures } = carry({ ...pair, long: { ...other, book } });
    expect(verdict).toEqual({
      kind: 'unknown',
      words: 'No verdict. Book too thin: the bids of Hyperliquid hold 7 SOL, the size is 10 SOL.',
    });
    expect(figures.net.value).toBeNull();
    expect(figures.funding.value).toBe('6.6');
  });

  test('history: flips, and hours the other way round', () => {
    const history = [0.01, 0.02, null, -0.01, 0, -0.02, 0.01, null, 0.03];
    const { figures, verdict } = carry({ ...pair, history });
    expect(figures.flipShare.worked).toBe('2/(6 − 1) = 0.4');
    expect(Number(figures.againstShare.value)).toBeCloseTo(2 / 7, 12);
    expect(verdict.words).toContain('In 28.57 % of the 7 stored hours the spread had the opposite sign.');
    expect(carry(pair).figures.flipShare.reason).toBe('No history of the spread is stored.');
  });
});

test('the largest order and the end of the last tier bound a leg, and what would do is said', () => {
  const asked = (change: Partial<CarryInput>) => carry({ ...base, quantity: null, notional: 20_000, ...change });
  expect(asked({ short: { ...perp, maxQuantity: 100, contractSize: 0.5 } }).problems).toEqual([
    {
      field: 'notional',
      wrong: '200 coins are more than Binance USD-M takes: its largest order is 50 coins.',
      right: 'Enter at most 5000 per leg.',
    },
  ]);
  expect(asked({ notional: 5000, short: { ...perp, maxQuantity: 100, contractSize: 0.5 } }).problems).toEqual([]);
  expect(asked({ short: { ...perp, maxNotional: 12_345 } }).problems[0]?.wrong).toBe(
    '200 coins are more than Binance USD-M takes: its last tier ends at a position of 123.45 coins.',
  );
  expect(asked({ notional: null, quantity: '123.45', short: { ...perp, maxNotional: 12_345 } }).problems).toEqual([]);
});

describe('what cannot be', () => {
  test.each([
    ['no hold', { holdH: 0 }, 'holdH'],
    ['no size', { quantity: null }, 'notional'],
    ['two spot legs', { short: spot }, 'short.kind'],
    ['under a lot', { quantity: '0.009' }, 'quantity'],
    ['under the minimum of a leg', { short: { ...perp, minQuantity: 11 } }, 'quantity'],
    ['under the least notional of a leg', { long: { ...spot, minNotional: 1001 } }, 'quantity'],
    ['a notional under the minimum', { quantity: null, notional: 999, short: { ...perp, minQuantity: 10 } }, 'notional'],
    ['no leverage', { short: { ...perp, leverage: null } }, 'short.leverage'],
    ['above the cap', { short: { ...perp, venueMaxLeverage: 3 } }, 'short.leverage'],
    ['maintenance above margin', { short: { ...perp, leverage: 300 } }, 'short.leverage'],
    ['unknown interval', { short: { ...perp, intervalH: null } }, 'short.intervalH'],
    ['crossed quotes', { short: { ...perp, bid: 101, ask: 100 } }, 'short.bid'],
  ] as const)('%s', (_, change, field) => {
    const { problems, figures, verdict } = carry({ ...base, ...change });
    expect(problems.map((problem) => problem.field)).toContain(field);
    expect(Object.values(figures).every((figure) => figure.value === null && figure.reason !== null)).toBe(true);
    expect(verdict.kind).toBe('unknown');
  });

  test('below a minimum it says what would do, in what the size was given in', () => {
    const short = { ...perp, minQuantity: '10.001' };
    const [given] = carry({ ...base, short, quantity: null, notional: 300 }).problems;
    expect(given?.right).toBe('Enter at least 1001 per leg.');
    expect(carry({ ...base, short, quantity: null, notional: 1001 }).problems).toEqual([]);
    expect(carry({ ...base, short, quantity: 3 }).problems[0]).toMatchObject({ field: 'quantity', right: 'Enter at least 10.01.' });
    expect(carry({ ...base, short, quantity: '10.01' }).problems).toEqual([]);
  });

  test('a hint holds for both legs, and where no size does that is said', () => {
    const long = { ...spot, minQuantity: 11 };
    const short = { ...perp, minQuantity: 12 };
    expect(carry({ ...base, long, short, quantity: 3 }).problems[0]).toMatchObject({ right: 'Enter at least 12.' });
    expect(carry({ ...base, long, short, quantity: 12 }).problems).toEqual([]);
    const small = { ...short, name: 'Bybit', maxQuantity: 10 };
    const right = 'Check the least and the most of both legs, or choose another.';
    const under = carry({ ...base, long, short: small, quantity: 3 }).problems[0];
    expect(under?.right).toBe(`No size does: Bybit takes at most 10 coins. ${right}`);
    const over = carry({ ...base, long, short: small, quantity: 13 }).problems[0];
    expect(over?.right).toBe(`No size does: Bybit takes at least 12 coins. ${right}`);
  });

  test('a tier table that does not allow the leg', () => {
    const tiers = [
      { floor: 0, rate: 0.005, maxLeverage: 10 },
      { floor: 500, rate: 0.01, maxLeverage: 2 },
    ];
    expect(carry({ ...base, short: { ...perp, maintenance: { kind: 'tiers', tiers } } }).problems[0]).toMatchObject({
      field: 'short.leverage',
      wrong: 'At 5x the tier table allows 500 at most.',
    });
  });
});

test('swapping the legs turns the funding round and nothing else; net falls with every cost', () => {
  fc.assert(
    fc.property(decimal(-0.001, 0.001, 6), decimal(-0.001, 0.001, 6), decimal(1, 500, 0), (a, b, holdH) => {
      const [x, y] = [
        { ...perp, rate: a },
        { ...perp, rate: b },
      ];
      const [there, back] = [carry({ ...base, long: x, short: y, holdH }), carry({ ...base, long: y, short: x, holdH })];
      const sum = new Exact(there.figures.funding.value!).plus(back.figures.funding.value!);
      expect(sum.isZero()).toBe(true);
      expect(back.figures.cost.value).toBe(there.figures.cost.value);
      const net = Number(there.figures.net.value);
      const dearer = [{ long: { ...x, feeIn: 0.0006 }, short: y }, { long: x, short: { ...y, slipBps: 1 } }, { long: x, short: y, borrowApr: 0.1 }]; // prettier-ignore
      for (const change of dearer) expect(value({ ...base, ...change, holdH }, 'net')).toBeLessThan(net);
    }),
    { numRuns: 50 },
  );
});
