import { describe, expect, test } from 'vitest';
import { carry } from '#domain/decisions/carry.ts';
import type { CarryInput, CarryLeg } from '#domain/decisions/carry-input.ts';
import { fundingOverHold, type FundingInput } from '#domain/decisions/funding.ts';
import { estimateLiquidation, type LiquidationInput } from '#domain/decisions/liquidation.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import type { SizeInput } from '#domain/decisions/size-input.ts';

const HOUR = 3_600_000;
const OPEN = Date.UTC(2026, 0, 31, 8);
const terms = { rate: 0.0001, intervalH: 8, nextFundingAt: OPEN + 8 * HOUR };
const size: SizeInput = {
  contract: 'linear',
  side: 'long',
  margin: 'isolated',
  equity: 10_000,
  risk: 0.01,
  entry: 100,
  stop: 95,
  leverage: 10,
  feeIn: 0.0005,
  feeOut: 0.0005,
  slipBps: 2,
  lotStep: 0.001,
  maintenance: { kind: 'flat', rate: 0.005 },
  funding: terms,
  hold: { openAt: OPEN, holdH: 24 },
};
const funding: FundingInput = { side: 'long', notional: 1000, ...terms, openAt: OPEN, holdH: 24 };
const position: LiquidationInput = {
  contract: 'linear',
  side: 'long',
  margin: 'isolated',
  entry: 100,
  contracts: 10,
  leverage: 10,
  maintenance: { kind: 'flat', rate: 0.005 },
};
const leg: CarryLeg = { kind: 'perp', price: 100, feeIn: 0.0005, feeOut: 0.0005, lotStep: 0.01, leverage: 5, ...terms };
const pair: CarryInput = { long: { ...leg, rate: 0 }, short: leg, quantity: 10, openAt: OPEN, holdH: 24 };

type Asked = { readonly problems: readonly { readonly field: string; readonly wrong: string; readonly right: string }[] };
const said = ({ problems }: Asked): string[] => problems.map(({ field, wrong, right }) => `${field}: ${wrong} ${right}`);
const sized = (change: Partial<SizeInput>): string[] => said(sizePosition({ ...size, ...change }));
const paid = (change: Partial<FundingInput>): string[] => said(fundingOverHold({ ...funding, ...change }));
const held = (change: Partial<LiquidationInput>): string[] => said(estimateLiquidation({ ...position, ...change }));
const carried = (change: Partial<CarryInput>): string[] => said(carry({ ...pair, ...change }));

test('as they stand they have no problem', () => {
  expect([sized({}), paid({}), held({}), carried({})]).toEqual([[], [], [], []]);
});

describe('a percentage typed as a decimal is refused with the value that it would be', () => {
  test.each([
    [sized({ feeIn: 0.02 }), 'feeIn: 0.02 is above 0.01. 0.02 is 2 %; a fee of 0.02 % is 0.0002.'],
    [sized({ feeOut: -0.02 }), 'feeOut: -0.02 is below -0.01. -0.02 is -2 %; a fee of -0.02 % is -0.0002.'],
    [sized({ risk: 1 }), 'risk: 1 is above 0.25. 1 is 100 %; a risk of 1 % is 0.01.'],
    [sized({ risk: '0.26' }), 'risk: 0.26 is above 0.25. 0.26 is 26 %; a risk of 0.26 % is 0.0026.'],
    [
      sized({ scale: { volatility: { target: 3, measured: 0.05 } } }),
      'scale.volatility.target: 3 is above 2. 3 is 300 %; a volatility of 3 % is 0.03.',
    ],
    [
      sized({ scale: { signal: { d: 0.0001, theta: 0.5 } } }),
      'scale.signal.theta: 0.5 is above 0.1. 0.5 is 50 %; a rate of 0.5 % is 0.005.',
    ],
    [
      held({ maintenance: { kind: 'flat', rate: 0.5 } }),
      'maintenance.rate: 0.5 is above 0.2. 0.5 is 50 %; a maintenance rate of 0.5 % is 0.005.',
    ],
    [held({ liquidationFee: 1.5 }), 'liquidationFee: 1.5 is above 0.2. 1.5 is 150 %; a liquidation fee of 1.5 % is 0.015.'],
    [carried({ borrowApr: 5 }), 'borrowApr: 5 is above 2. 5 is 500 %; a yearly cost of 5 % is 0.05.'],
    [carried({ long: { ...leg, feeIn: 0.05 } }), 'long.feeIn: 0.05 is above 0.01. 0.05 is 5 %; a fee of 0.05 % is 0.0005.'],
    [carried({ borrowShare: 50 }), 'borrowShare: 50 is above 1. 50 is 5000 %; a share of 50 % is 0.5.'],
    [
      paid({ reversion: { meanPerHour: 0.125, halfLifeH: 8 } }),
      'reversion.meanPerHour: 0.125 is above 0.1. 0.125 is 12.5 %; a rate of 0.125 % is 0.00125.',
    ],
    // 10 % an hour is the most that the program takes from a venue (domain 7).
    [
      paid({ rate: 0.5, intervalH: 1, nextFundingAt: OPEN + HOUR }),
      'rate: 50 % in 1 h is more than 10 % an hour. Enter a rate per interval as a decimal: 0.5 % is 0.005.',
    ],
    [
      carried({ short: { ...leg, rate: -0.9 } }),
      'short.rate: -90 % in 8 h is more than 10 % an hour. Enter a rate per interval as a decimal: -0.9 % is -0.009.',
    ],
    [sized({ funding: { ...terms, rate: 3 } }), 'funding.rate: 3 is above 1. 3 is 300 %; a rate of 3 % is 0.03.'],
  ])('%s', (problems, expected) => expect(problems).toEqual([expected]));

  test('at the bound itself it is good', () => {
    expect(sized({ feeIn: 0.01, feeOut: -0.01, risk: 0.25, leverage: 1 })).toEqual([]);
    expect(paid({ rate: 0.1, intervalH: 1, nextFundingAt: OPEN + HOUR })).toEqual([]);
    expect(carried({ borrowApr: 2 })).toEqual([]);
    expect(held({ maintenance: { kind: 'flat', rate: 0.2 }, leverage: 2 })).toEqual([]);
  });

  test('tiers of a venue or a file are good up to 1', () => {
    // A table whose last row asks for all of it: what is held lies in its first row, 1000 x 90.452261 (domain 4.1).
    const tiers = [
      { floor: 0, rate: 0.005 },
      { floor: 50_000, rate: 0.5 },
      { floor: 1_000_000, rate: 1 },
    ];
    const { problems, figures } = estimateLiquidation({ ...position, maintenance: { kind: 'tiers', tiers } });
    expect(problems).toEqual([]);
    expect(Number(figures.liquidation.value)).toBeCloseTo(90.452261, 6);
    const beyond = held({ maintenance: { kind: 'tiers', tiers: [{ floor: 0, rate: 1.01 }] } });
    expect(beyond[0]).toContain('maintenance.tiers.0.rate: 1.01 is above 1.');
  });
});

test('slippage between 0 and 0.01 bps was typed as a decimal or in percent', () => {
  expect(sized({ slipBps: 0.0002 })).toEqual([
    'slipBps: 0.0002 bps is 0.000002 %: no market is so tight. Slippage is in basis points: if 0.0002 is a decimal, enter 2; if it is percent, 0.02; none is 0.',
  ]);
  expect(carried({ short: { ...leg, slipBps: '0.009' } })[0]).toContain('short.slipBps: 0.009 bps is 0.00009 %');
  for (const slipBps of [0, 0.01, 2]) expect(sized({ slipBps })).toEqual([]);
});

describe('times', () => {
  test('seconds are not milliseconds', () => {
    expect(paid({ openAt: OPEN / 1000, nextFundingAt: terms.nextFundingAt / 1000 })).toEqual([
      'openAt: 1769846400 looks like seconds; times count in milliseconds. In milliseconds it is 1769846400000, that is 2026-01-31T08:00Z.',
      'nextFundingAt: 1769875200 looks like seconds; times count in milliseconds. In milliseconds it is 1769875200000, that is 2026-01-31T16:00Z.',
    ]);
  });

  test('the next settlement lies in (open, open + interval]', () => {
    const next = (nextFundingAt: number): string[] => paid({ nextFundingAt });
    expect(next(OPEN + 1)).toEqual([]);
    expect(next(OPEN + 8 * HOUR)).toEqual([]);
    expect(next(OPEN)).toEqual([
      'nextFundingAt: The next settlement 2026-01-31T08:00Z is not after the opening 2026-01-31T08:00Z. Enter the first one after it: by steps of 8 h 2026-01-31T16:00Z.',
    ]);
    expect(next(OPEN - 17 * HOUR)[0]).toContain('by steps of 8 h 2026-01-31T15:00Z.');
    expect(next(OPEN + 8 * HOUR + 60_000)).toEqual([
      'nextFundingAt: The next settlement 2026-01-31T16:01Z is more than one interval of 8 h after the opening 2026-01-31T08:00Z. Enter the first one after it: by steps of 8 h 2026-01-31T08:01Z.',
    ]);
    expect(next(OPEN + 24 * HOUR)[0]).toContain('by steps of 8 h 2026-01-31T16:00Z.');
  });

  test('the whole path is named, in every calculator', () => {
    const hold = { openAt: '2026-02-30T00:00Z', holdH: '24h' };
    expect(sized({ hold })).toEqual([
      'hold.holdH: "24h" is not a number. Type 24. Enter the hours to hold, 0 or more and at most 87600 (ten years).',
      expect.stringContaining('hold.openAt: There is no 30 February 2026: it has 28 days. Enter a time with its zone') as string,
    ]);
    expect(sized({ funding: { ...terms, nextFundingAt: OPEN } })[0]).toMatch(/^funding\.nextFundingAt: The next settlement/u);
    expect(carried({ long: { ...leg, nextFundingAt: OPEN } })[0]).toMatch(/^long\.nextFundingAt: The next settlement/u);
    const fee = { ...leg, maintenance: { kind: 'flat', rate: 0.005 } as const, liquidationFee: 'x' };
    expect(carried({ short: fee })[0]).toMatch(/^short\.liquidationFee: "x" is not a number/u);
    expect(carried({ short: { ...fee, liquidationFee: 0.01, maintenance: { kind: 'flat', rate: '0,5%' } } })[0]).toMatch(
      /^short\.maintenance\.rate: "0,5%" is not a number\. Type 0\.005\./u,
    );
  });
});

describe('the history of a spread', () => {
  test('what is no number or no rate is refused, never a gap', () => {
    expect(carried({ history: [0.00001, 'none', 3, NaN] })).toEqual([
      'history.1: "none" is not a number. Enter a rate per hour as a decimal: 0.00125 % is 0.0000125. An hour that is not known is null.',
      'history.2: 3 is above 0.1. 3 is 300 %; a rate of 3 % is 0.03. An hour that is not known is null.',
      'history.3: "NaN" is not a number. Enter a rate per hour as a decimal: 0.00125 % is 0.0000125. An hour that is not known is null.',
    ]);
    expect(carried({ history: Array.from({ length: 200 }, () => 'x') })).toHaveLength(4);
    expect(carried({ history: Float64Array.of(0.00001, Infinity) })[0]).toMatch(/^history\.1: "Infinity" is not a number/u);
    expect(carried({ history: ['0.00001', null, '-1e-5'] })).toEqual([]);
    expect(carried({ history: Float64Array.of(0.00001, NaN, -0.00001) })).toEqual([]);
  });

  test('hours of zero spread are hours: 11 of 23 against, not 11 of 18', () => {
    const history = [
      ...Array.from({ length: 7 }, () => 1e-5),
      ...Array.from({ length: 5 }, () => 0),
      ...Array.from({ length: 11 }, () => -1e-5),
    ];
    const { figures, verdict } = carry({ ...pair, history: [null, ...history] });
    // 11/23 = 0.478260...; one change of sign among the 17 neighbours of the 18 hours that have one.
    expect(figures.againstShare.value?.slice(0, 8)).toBe('0.478260');
    expect(figures.flipShare.worked).toMatch(/^1\/\(18 − 1\)/u);
    expect(verdict.words).toContain('In 47.83 % of the 23 stored hours the spread had the opposite sign.');
    const still = carry({ ...pair, history: [0, 0, 0] }).figures;
    expect(still.againstShare.value).toBe('0');
    expect(still.flipShare.reason).toContain('zero has no sign');
  });
});

describe('what is typed otherwise says what to type', () => {
  test.each([
    ["1'000", 'equity: "1\'000" is not a number. Type 1000. Enter a number above 0.'],
    ['1 000', 'equity: "1 000" is not a number. Type 1000. Enter a number above 0.'],
    ['$100', 'equity: "$100" is not a number. Type 100. Enter a number above 0.'],
    ['10k', 'equity: "10k" is not a number. Type 10000. Enter a number above 0.'],
    [
      '10,000',
      'equity: "10,000" is not a number. Type 10000, or 10 if the comma is a decimal point. Enter a number above 0. Use a point for decimals and nothing between thousands.',
    ],
    ['-10k', 'equity: "-10k" is not a number. Enter a number above 0.'],
    ['\u001b[31m', 'equity: "\\u001b[31m" is not a number. Enter a number above 0.'],
    [null, 'equity: Missing. Enter a number above 0.'],
    [' ', 'equity: Missing. Enter a number above 0.'],
  ])('%s', (equity, expected) => expect(sized({ equity })).toEqual([expected]));

  test('in the unit of its field', () => {
    expect(sized({ leverage: '10x' })[0]).toBe('leverage: "10x" is not a number. Type 10. Enter a leverage from 1 to 1000, such as 10.');
    expect(sized({ risk: '1%' })[0]).toContain('Type 0.01.');
    expect(sized({ feeIn: '5 bps' })[0]).toContain('Type 0.0005.');
    expect(sized({ slipBps: '0.02%' })[0]).toContain('Type 2.');
    expect(sized({ hold: { holdH: '2d' } })[0]).toContain('Type 48.');
    expect(sized({ entry: '5%' })[0]).not.toContain('Type');
  });
});
