import { describe, expect, test } from 'vitest';
import { profitOf } from '#domain/decisions/profit.ts';
import type { ProfitInput } from '#domain/decisions/profit-input.ts';
import { estimateLiquidation } from '#domain/decisions/liquidation.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import type { SizeInput } from '#domain/decisions/size-input.ts';

const HOUR = 3_600_000;
const linear: ProfitInput = {
  contract: 'linear',
  side: 'long',
  margin: 'isolated',
  entry: 100,
  contracts: 10,
  exit: 110,
  stop: 95,
  leverage: 10,
  equity: 2000,
  feeIn: 0.0005,
  feeOut: 0.0005,
  slipBps: 2,
  maintenance: { kind: 'flat', rate: 0.005 },
  base: 'SOL',
  quote: 'USDT',
};
const inverse: ProfitInput = {
  ...linear,
  contract: 'inverse',
  entry: 50_000,
  contracts: 600,
  contractSize: 100,
  exit: 60_000,
  stop: null,
  equity: null,
  slipBps: 0,
  base: 'BTC',
  quote: 'USD',
};
const value = (input: ProfitInput, name: keyof ReturnType<typeof profitOf>['figures']): string | null =>
  profitOf(input).figures[name].value;
const number = (input: ProfitInput, name: keyof ReturnType<typeof profitOf>['figures']): number => Number(value(input, name) ?? NaN);

describe('a linear position, added up by hand', () => {
  const held = { ...linear, fundingPaid: '0.5' };

  test('its parts, its net and its returns', () => {
    // 10 from 100 to 110: 100. Fees 0.05 % of 1000 and of 1100. Slippage 2 bps of 2100. Funding 0.5.
    expect(value(held, 'priceProfit')).toBe('100');
    expect(value(held, 'entryFee')).toBe('0.5');
    expect(value(held, 'exitFee')).toBe('0.55');
    expect(value(held, 'slippage')).toBe('0.42');
    expect(value(held, 'net')).toBe('98.03');
    expect(value(held, 'margin')).toBe('100');
    expect(value(held, 'onMargin')).toBe('0.9803');
    expect(value(held, 'onNotional')).toBe('0.09803');
    expect(value(held, 'onEquity')).toBe('0.049015');
    expect(profitOf(held).direction).toBe('you pay');
  });

  test('what the stop loses, and R', () => {
    // 50 + 0.5 + 0.475 + 2 bps of 1950 + 0.5 of funding.
    expect(value(held, 'lossAtStop')).toBe('51.865');
    expect(value(held, 'riskShare')).toBe('0.0259325');
    expect(number(held, 'r')).toBeCloseTo(98.03 / 51.865, 12);
  });

  test('the exits that break even, bring a profit, bring an R', () => {
    // 10 P − 1000 − 0.7 − 10 P × 0.0007 − 0.5 = W, so 9.993 P = 1001.2 + W.
    expect(number(held, 'breakEven')).toBeCloseTo(1001.2 / 9.993, 10);
    expect(number({ ...held, wantedNet: 200 }, 'exitForNet')).toBeCloseTo(1201.2 / 9.993, 10);
    expect(number({ ...held, wantedR: 2 }, 'exitForR')).toBeCloseTo((1001.2 + 2 * 51.865) / 9.993, 10);
    for (const wanted of [{ wantedNet: 37.25 }, { wantedNet: -12 }]) {
      const exit = value({ ...held, ...wanted }, 'exitForNet');
      expect(number({ ...held, exit }, 'net')).toBeCloseTo(wanted.wantedNet, 10);
    }
  });

  test('where the margin ends: liquidation keeps the maintenance, bankruptcy nothing', () => {
    // Margin 100 less 0.5 of funding, over 10 coins.
    expect(value(held, 'bankruptcy')).toBe('90.05');
    expect(number(held, 'liquidation')).toBeCloseTo(900.5 / 9.95, 10);
    expect(profitOf(held).figures.partialLiquidation).toMatchObject({
      value: null,
      reason: expect.stringMatching(/^Not modelled/u) as string,
    });
  });

  test('capital that outlasts a move of 20 %', () => {
    // At 80: 200 lost, 10 × 80 × 0.5 % asked for; besides 0.7 of entry and 0.5 of funding.
    expect(value({ ...held, buffer: 0.2 }, 'capital')).toBe('205.2');
    // A move of 1 % is within the margin of 100.
    expect(value({ ...held, buffer: 0.01 }, 'capital')).toBe('101.2');
    expect(value({ ...held, side: 'short', stop: 105, buffer: 0.2 }, 'capital')).toBe('207.2');
  });

  test('a filled entry has its slippage in its price', () => {
    expect(value({ ...held, filled: true }, 'slippage')).toBe('0.22');
    expect(value({ ...held, filled: true }, 'net')).toBe('98.23');
  });
});

test('of a filled position the funding to come is charged on its value at the mark', () => {
  const funding = { rate: 0.0001, intervalH: 8, nextFundingAt: HOUR };
  const { figures } = profitOf({ ...linear, filled: true, mark: 120, funding, hold: { openAt: 0, holdH: 24 } });
  expect(figures.fundingOfHold.value).toBe('0.36');
});

test('a short receives the funding of its hold; a loss does not count on it', () => {
  const funding = { rate: 0.0001, intervalH: 8, nextFundingAt: HOUR };
  const short: ProfitInput = { ...linear, side: 'short', exit: 90, stop: 105, slipBps: 0, funding, hold: { openAt: 0, holdH: 24 } };
  // 100 − 0.5 − 0.45 + three times 0.1.
  expect(value(short, 'net')).toBe('99.35');
  expect(profitOf(short).direction).toBe('you receive');
  // 50 + 0.5 + 0.525.
  expect(value(short, 'lossAtStop')).toBe('51.025');
});

describe('an inverse position, in coin', () => {
  test('net, break-even and the exit for a profit', () => {
    // 60,000 USD are 1.2 coins at 50,000 and 1 at 60,000.
    expect(value(inverse, 'priceProfit')).toBe('0.2');
    expect(value(inverse, 'net')).toBe('0.1989');
    expect(profitOf(inverse).figures.net.unit).toBe('BTC');
    // 1.2 − 0.0006 − W = 60,000 × 1.0005/P.
    expect(number(inverse, 'breakEven')).toBeCloseTo(60_030 / 1.1994, 8);
    expect(number({ ...inverse, wantedNet: 0.2 }, 'exitForNet')).toBeCloseTo(60_030 / 0.9994, 8);
    // A long cannot make more than the coins it stands for.
    expect(profitOf({ ...inverse, wantedNet: 1.3 }).figures.exitForNet).toMatchObject({
      value: null,
      reason: 'No price above 0 brings it.',
    });
  });

  test.each([
    ['long', 60_000 / (1.2 + 0.12)],
    ['short', 60_000 / (1.2 - 0.12)],
  ] as const)('bankruptcy of a %s: the coins of the margin are gone', (side, expected) => {
    expect(number({ ...inverse, side }, 'bankruptcy')).toBeCloseTo(expected, 8);
    const { contract, margin, entry, contracts, contractSize, leverage } = inverse;
    const terms = { contract, side, margin, entry, contracts, contractSize, leverage, maintenance: { kind: 'flat', rate: 0.005 } } as const;
    expect(Number(estimateLiquidation(terms).figures.bankruptcy.value)).toBeCloseTo(expected, 8);
  });
});

describe('net by price and hold', () => {
  const funding = { rate: 0.0001, intervalH: 8, nextFundingAt: HOUR };
  const asked: ProfitInput = { ...linear, funding, hold: { openAt: 0 }, whatIf: { prices: [90, 95, 110], holdsH: [0, 24] } };

  test('each hold is charged its own settlements; beyond liquidation what was put up is lost', () => {
    const table = profitOf(asked).whatIf;
    expect(table?.holdsH).toEqual(['0', '24']);
    expect(table?.rows[2]?.cells).toEqual([
      { net: '98.53', liquidated: false },
      { net: '98.23', liquidated: false },
    ]);
    // 50 + 0.5 + 0.475 + 0.39 at the stop.
    expect(table?.rows[1]?.cells[0]).toEqual({ net: '-51.365', liquidated: false });
    // Margin 100 and 0.7 of entry.
    expect(table?.rows[0]?.cells.map(({ net, liquidated }) => [net, liquidated])).toEqual([
      ['-100.7', true],
      ['-100.7', true],
    ]);
  });

  test('the hold of the position itself agrees with its column', () => {
    const { figures, whatIf } = profitOf({ ...asked, hold: { openAt: 0, holdH: 24 } });
    expect(whatIf?.rows[2]?.cells[1]?.net).toBe(figures.net.value);
  });

  test('without a rate only a hold of 0 is told, and that is said', () => {
    const { whatIf, warnings } = profitOf({ ...asked, funding: null });
    expect(whatIf?.rows[2]?.cells.map(({ net }) => net)).toEqual(['98.53', null]);
    expect(warnings.map(({ wrong }) => wrong)).toEqual(['Without the funding terms a hold of 24 h cannot be told.']);
  });
});

test('the verdict is one line with its figures', () => {
  expect(profitOf(linear).verdict).toBe(
    'Makes 98.53 USDT net at 110 (98.53 % on the margin, 1.92 R); breaks even at 100.1401 (0.14 % from the entry); ' +
      'the stop loses 51.365 USDT (2.57 % of the equity); liquidated near 90.452261, beyond the stop (estimate).',
  );
});

test('a stop beyond liquidation takes what rests on it away', () => {
  const { problems, figures, verdict } = profitOf({ ...linear, stop: 90 });
  expect(problems.map(({ field }) => field)).toEqual(['stop']);
  expect(figures.lossAtStop.value).toBeNull();
  expect(figures.net.value).toBe('98.53');
  expect(verdict).toContain('liquidated near 90.452261, before the stop');
});

describe('a size whose quantity is set', () => {
  const fixed: SizeInput = {
    contract: 'linear',
    side: 'long',
    margin: 'isolated',
    equity: 10_000,
    contracts: 20,
    entry: 100,
    stop: 95,
    leverage: 10,
    feeIn: 0.0005,
    feeOut: 0.0005,
    slipBps: 2,
    lotStep: 0.001,
    minQuantity: 0.01,
    maintenance: { kind: 'flat', rate: 0.005 },
  };

  test('says what it risks', () => {
    const { figures, bound, problems, warnings } = sizePosition(fixed);
    expect([problems, warnings, bound]).toEqual([[], [], 'fixed']);
    expect(figures.contracts.value).toBe('20');
    // 5.1365 a coin (domain 4.1).
    expect(figures.lossAtStop.value).toBe('102.73');
    expect(figures.riskShare.value).toBe('0.010273');
    expect(figures.budget.value).toBeNull();
  });

  test.each([
    ['off the lot step', 20.0005, '20.0005 is no multiple of the lot step 0.001.', 'Enter 20 or 20.001.'],
    ['below the least', 0.002, /^The venue takes at least 0.01 contracts/u, 'Enter 0.01 or more.'],
    ['beyond the leverage', 1001, /^1,001 contracts are too many/u, 'Enter at most 1000.'],
  ])('%s it is refused with what would do', (_, contracts, wrong, right) => {
    expect(sizePosition({ ...fixed, contracts }).problems).toEqual([
      { field: 'contracts', wrong: typeof wrong === 'string' ? wrong : (expect.stringMatching(wrong) as string), right },
    ]);
  });
});
