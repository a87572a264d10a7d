import { describe, expect, test } from 'vitest';
import { sizePosition } from '#domain/decisions/size.ts';
import type { SizeInput } from '#domain/decisions/size-input.ts';
import { max, q } from './rational.ts';

const HOUR = 3_600_000;
const base: SizeInput = {
  contract: 'linear',
  side: 'long',
  margin: 'isolated',
  equity: 10_000,
  risk: 0.01,
  entry: 100,
  stop: 95,
  targets: [110, 115],
  leverage: 10,
  feeIn: 0.0005,
  feeOut: 0.0005,
  slipBps: 2,
  lotStep: 0.001,
  maintenance: { kind: 'flat', rate: 0.005 },
  base: 'SOL',
  quote: 'USDT',
};
const figure = (input: SizeInput, name: keyof ReturnType<typeof sizePosition>['figures']): string | null =>
  sizePosition(input).figures[name].value;
const firstProblem = (change: Partial<SizeInput>) => sizePosition({ ...base, ...change }).problems[0];

describe('the check of the page', () => {
  test('without funding', () => {
    expect(figure(base, 'lossPerUnit')).toBe('5.1365');
    expect(sizePosition(base).figures.lossPerUnit.unit).toBe('USDT per SOL');
    expect(figure(base, 'quantity')).toBe('19.468');
    expect(figure(base, 'lossAtStop')).toBe('99.997382');
    expect(Number(figure(base, 'breakEven'))).toBeCloseTo(100.140098, 6);
    expect(sizePosition(base)).toMatchObject({ bound: 'risk', stopFirst: true, problems: [], warnings: [] });
  });

  test('with three settlements of +0.01 %', () => {
    const held = { ...base, funding: { rate: 0.0001, intervalH: 8, nextFundingAt: HOUR }, hold: { openAt: 0, holdH: 24 } };
    expect(figure(held, 'settlements')).toBe('3');
    expect(figure(held, 'lossPerUnit')).toBe('5.1665');
    expect(figure(held, 'quantity')).toBe('19.355');
    expect(figure(held, 'lossAtStop')).toBe('99.9976075');
    expect(Number(figure(held, 'breakEven'))).toBeCloseTo(100.170119, 6);
    // What is charged is taken apart into the rate and how often.
    const { funding, fundingInLoss } = sizePosition(held).figures;
    expect(funding.formula).toBe('s × rate × settlements × notional');
    expect(funding.worked).toBe('1 × 0.0001 × 3 × 1935.5 = 0.58065');
    expect(funding.inputs).toEqual({ s: '1', rate: '0.0001', settlements: '3', notional: '1935.5' });
    expect(fundingInLoss.worked).toBe('max(0, 1 × 0.0001 × 3) × 1935.5 = 0.58065');
    const accrued = sizePosition({ ...held, funding: { ...held.funding, continuous: true } }).figures.funding;
    expect(accrued.formula).toBe('s × rate × periods × notional');
    // A short receives it: no larger for that, but it breaks even sooner.
    const short: SizeInput = { ...held, side: 'short', stop: 105, targets: [] };
    expect(figure(short, 'quantity')).toBe(figure({ ...short, hold: null }, 'quantity'));
    expect(figure(short, 'funding')).toMatch(/^-/u);
    expect(Number(figure(short, 'breakEven'))).toBeGreaterThan(Number(figure({ ...short, hold: null }, 'breakEven')));
  });
});

describe('worked from the rules of venues', () => {
  // Bybit learn, "Inverse contracts": profit in coin = contracts * (1/entry - 1/exit); fee = contracts/price * rate.
  test('Bybit inverse, contracts of 1 USD', () => {
    const input: SizeInput = { ...base, contract: 'inverse', equity: 1, entry: 50_000, stop: 48_000, targets: [], slipBps: 0, lotStep: 1 };
    const perContract = 1 / 48_000 - 1 / 50_000 + 0.0005 / 50_000 + 0.0005 / 48_000;
    expect(figure(input, 'contracts')).toBe(String(Math.floor(0.01 / perContract)));
    expect(Number(figure(input, 'lossAtStop'))).toBeLessThanOrEqual(0.01);
    // An equity of 50,000 USD is the same coin at this entry.
    expect(figure({ ...input, equity: 50_000, equityIn: 'quote' }, 'contracts')).toBe(figure(input, 'contracts'));
  });

  // OKX: BTC-USDT-SWAP has contracts of 0.01 BTC and a lot of 0.01 contracts.
  test('OKX linear, contracts of 0.01 coin', () => {
    const input: SizeInput = { ...base, entry: 60_000, stop: 59_000, targets: [], lotStep: 0.01, contractSize: 0.01, slipBps: 0 };
    // 100 / (1000 + 30 + 29.5) = 0.094384 BTC = 9.43 contracts.
    expect(figure(input, 'contracts')).toBe('9.43');
    expect(figure(input, 'quantity')).toBe('0.0943');
  });
});

describe('which constraint bound the size', () => {
  test('leverage', () => {
    const tight: SizeInput = { ...base, stop: '99.9', leverage: 2 };
    expect(sizePosition(tight).bound).toBe('leverage');
    expect(figure(tight, 'notional')).toBe('20000');
    expect(figure(tight, 'effectiveLeverage')).toBe('2');
  });

  test('the tier table at this leverage', () => {
    const tiers = [
      { floor: 0, rate: 0.005, maxLeverage: 20 },
      { floor: 1000, rate: 0.01, maxLeverage: 5 },
    ];
    const tiered: SizeInput = { ...base, maintenance: { kind: 'tiers', tiers } };
    expect(sizePosition(tiered).bound).toBe('tier');
    expect(figure(tiered, 'notional')).toBe('1000');
  });

  test('the minimum: no size, and what it would take', () => {
    const { bound, figures, problems } = sizePosition({ ...base, minQuantity: 20 });
    expect(bound).toBe('minimum');
    expect(figures.quantity).toMatchObject({ value: null, reason: 'The size that the limits allow is below what the venue takes.' });
    expect(problems).toEqual([
      {
        field: 'risk',
        wrong: 'The limits allow 19.468 contracts; the venue takes at least 20.',
        right: 'Risk at least 0.01028 of the equity, or move the stop nearer.',
      },
    ]);
    expect(sizePosition({ ...base, minQuantity: 20, risk: 0.01028 }).bound).toBe('risk');
    expect(sizePosition({ ...base, minNotional: 1947 }).bound).toBe('minimum');
    expect(sizePosition({ ...base, minNotional: 1946 }).bound).toBe('risk');
    expect(sizePosition({ ...base, stop: '99.9', leverage: 1, minQuantity: 101 }).problems[0]?.field).toBe('leverage');
  });

  test('the order book: slippage for this size, and too thin', () => {
    const book = {
      bids: [[99.99, 10], [99.9, 500]], // prettier-ignore
      asks: [[100.01, 10], [100.1, 500]], // prettier-ignore
    } as const;
    const walked = sizePosition({ ...base, book });
    const { slip, lossAtStop, contracts, shareOfTopOfBook } = walked.figures;
    expect(walked.bound).toBe('risk');
    expect(Number(lossAtStop.value)).toBeLessThanOrEqual(100);
    // One step more would lose more than the budget, even at the slippage of this size.
    expect((Number(contracts.value) + 0.001) * Number(walked.figures.lossPerUnit.value)).toBeGreaterThan(100);
    const mean = (100.01 * 10 + 100.1 * (Number(contracts.value) - 10)) / Number(contracts.value);
    expect(Number(slip.value)).toBeCloseTo(mean / 100 - 1, 10);
    expect(Number(shareOfTopOfBook.value)).toBeCloseTo(Number(contracts.value) / 10, 10);

    // The worse side counts, whichever the entry takes, and it is never rounded down.
    const steep = { bids: [[99, 1000]], asks: [[100.5, 1000]] } as const;
    const deep = { bids: [[99.7, 7], [99.6, 1000]], asks: [[100, 1000]] } as const; // prettier-ignore
    for (const side of ['long', 'short'] as const) {
      const at = { ...base, side, stop: side === 'long' ? 95 : 105, targets: [] };
      expect(q(figure({ ...at, book: steep }, 'slip') ?? '').compare(q(1).minus(q(99).over(q('99.75'))))).toBeGreaterThanOrEqual(0);
      const filled = q(figure({ ...at, book: deep }, 'contracts') ?? '');
      const mean = q('99.7').times(q(7)).plus(q('99.6').times(filled.minus(q(7)))).over(filled); // prettier-ignore
      const exact = max(q(1).minus(mean.over(q('99.85'))), q(100).over(q('99.85')).minus(q(1)));
      const slip = q(figure({ ...at, book: deep }, 'slip') ?? '');
      expect(slip.compare(exact)).toBeGreaterThanOrEqual(0);
      expect(slip.minus(exact).compare(q('0.000000000000000001'))).toBeLessThan(0);
    }

    const thin = { bids: [[99.99, 5]], asks: [[100.01, 50]] } as const;
    expect(sizePosition({ ...base, book: thin })).toMatchObject({ bound: 'book' });
    expect(figure({ ...base, book: thin }, 'contracts')).toBe('5');
    expect(sizePosition({ ...base, book: thin, minQuantity: 6 }).problems[0]?.wrong).toContain('Book too thin');
    expect(firstProblem({ book: { bids: [[101, 1]], asks: [[100, 1]] } })?.field).toBe('book');
    expect(firstProblem({ book: { bids: [], asks: [[100, 1]] } })?.field).toBe('book');
  });
});

describe('multipliers of the risk', () => {
  test('off by default, never above 1', () => {
    expect(sizePosition(base).figures.volatilityScale).toMatchObject({ value: null, reason: 'Off.' });
    const scaled: SizeInput = { ...base, scale: { volatility: { target: 0.02, measured: 0.04 }, signal: { d: -0.0002, theta: 0.0005 } } };
    expect(figure(scaled, 'volatilityScale')).toBe('0.5');
    expect(figure(scaled, 'signalScale')).toBe('0.4');
    expect(figure(scaled, 'budget')).toBe('20');
    const strong: SizeInput = { ...base, scale: { volatility: { target: 0.08, measured: 0.04 }, signal: { d: 0.001, theta: 0.0005 } } };
    expect(figure(strong, 'budget')).toBe('100');
  });
});

describe('what cannot be together', () => {
  test('a stop beyond liquidation: no figure that rests on the stop', () => {
    const { problems, figures, targets, stopFirst } = sizePosition({ ...base, stop: 85 });
    expect(stopFirst).toBe(false);
    expect(problems[0]).toMatchObject({ field: 'stop', right: 'Enter a stop above 90.452261, or lower the leverage.' });
    expect(Number(figures.liquidation.value)).toBeCloseTo(90.452261, 6);
    for (const name of ['quantity', 'contracts', 'lossAtStop', 'margin'] as const) {
      expect(figures[name]).toMatchObject({ value: null, reason: 'The position would be liquidated before its stop.' });
    }
    expect(targets.map((target) => [target.net.value, target.r.value])).toEqual([[null, null], [null, null]]); // prettier-ignore
  });

  test.each([
    ['long', { stop: 105 }, 'stop', 'Enter a stop below 100.'],
    ['long at the entry', { stop: 100 }, 'stop', 'Enter a stop below 100.'],
    ['short', { side: 'short', targets: [] }, 'stop', 'Enter a stop above 100.'],
    ['target', { targets: [110, 90] }, 'targets.1', 'Enter a target above 100.'],
    ['own cap', { leverageCap: 5 }, 'leverage', 'Enter a leverage from 1 to 5.'],
    [
      'rebates beyond the stop',
      { stop: '99.99', feeIn: -0.001, slipBps: 0 },
      'stop',
      'Move the stop further away, or enter the fees as costs.',
    ],
  ] as const)('%s', (_, change, field, right) => {
    const { problems, figures } = sizePosition({ ...base, ...change });
    expect(problems).toContainEqual(expect.objectContaining({ field, right }));
    expect(figures.quantity.value).toBeNull();
  });

  test('a leverage that maintenance eats', () => {
    expect(firstProblem({ leverage: 250 })?.wrong).toContain('liquidated at once');
  });
});

describe('fields', () => {
  test.each([
    ['equity', 0, 'Enter a number above 0.'],
    ['risk', 1.5, '1.5 is 150 %; a risk of 1.5 % is 0.015.'],
    ['risk', 30, 'as a decimal, above 0 and at most 0.25: 1 % is 0.01.'],
    ['entry', '64,250', 'Use a point for decimals'],
    ['entry', 'Infinity', 'Enter a price above 0'],
    ['entry', '1e30', 'Enter a price above 0'],
    ['entry', '0.123456789012345678901', 'Enter a price above 0'],
    ['stop', '', 'Enter a price above 0'],
    ['feeIn', 0.05, '0.05 is 5 %; a fee of 0.05 % is 0.0005.'],
    ['slipBps', -1, 'Enter slippage in basis points'],
    ['leverage', 0.5, 'Enter a leverage from 1'],
    ['lotStep', null, 'smallest step'],
  ] as const)('%s %s', (field, given, right) => {
    const { problems, figures, bound } = sizePosition({ ...base, [field]: given });
    const found = problems.find((problem) => problem.field === field);
    expect(found?.right).toContain(right);
    expect(found?.wrong).not.toBe('');
    expect(bound).toBeNull();
    for (const each of Object.values(figures)) expect(each).toMatchObject({ value: null, reason: 'An input has to be put right first.' });
  });

  test('an unknown interval asks for one, unless nothing is held', () => {
    const terms = { rate: 0.0001, intervalH: null, nextFundingAt: HOUR };
    expect(firstProblem({ funding: terms, hold: { openAt: 0, holdH: 8 } })?.field).toBe('funding.intervalH');
    expect(firstProblem({ funding: terms, hold: { openAt: 0, holdH: 0 } })).toBeUndefined();
    expect(firstProblem({ funding: { ...terms, intervalH: 8, continuous: true }, hold: { holdH: 4 } })).toBeUndefined();
  });

  test('what is true but not in the way is a warning', () => {
    expect(sizePosition({ ...base, risk: 0.2, maintenance: null }).warnings.map((warning) => warning.field)).toEqual([
      'maintenance',
      'risk',
    ]);
    expect(sizePosition({ ...base, maintenance: null })).toMatchObject({ stopFirst: null, problems: [] });
  });
});

test('a figure explains itself', () => {
  expect(sizePosition({ ...base, openInterest: 1_946_800 }).figures.shareOfOpenInterest).toEqual({
    value: '0.00001',
    unit: '',
    formula: 'Q/whole',
    worked: '19.468/1946800 = 0.00001',
    inputs: { Q: '19.468', whole: '1946800' },
    reason: null,
  });
  expect(sizePosition(base).figures.lossPerUnit.worked).toBe(
    '|100 − 95| + 0.0005 × 100 + 0.0005 × 95 + 0.0002 × (100 + 95) + 0 × 100 = 5.1365',
  );
});
