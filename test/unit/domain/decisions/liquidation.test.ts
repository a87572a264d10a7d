import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Exact } from '#domain/decisions/exact.ts';
import { estimateLiquidation, type LiquidationInput } from '#domain/decisions/liquidation.ts';
import { contract, decimal, side } from './arbitraries.ts';

const linear: LiquidationInput = {
  contract: 'linear',
  side: 'long',
  margin: 'isolated',
  entry: 100,
  contracts: 1,
  leverage: 10,
  maintenance: { kind: 'flat', rate: 0.005 },
};
const inverse: LiquidationInput = { ...linear, contract: 'inverse', entry: 50_000, contracts: 600, contractSize: 100 };
const price = (input: LiquidationInput): number => Number(estimateLiquidation(input).figures.liquidation.value ?? NaN);

test.each([
  ['linear long', linear, 90.452261],
  ['linear short', { ...linear, side: 'short' }, 109.452736],
  ['inverse long', inverse, 45_681.82],
  ['inverse short', { ...inverse, side: 'short' }, 55_277.78],
  ['Hyperliquid', { ...linear, entry: 50_000, maintenance: { kind: 'half-initial', tiers: [{ floor: 0, maxLeverage: 40 }] } }, 45_569.62],
] as const)('the check of the page: %s', (_, input, expected) => {
  const digits = String(expected).split('.')[1]!.length;
  expect(price(input)).toBeCloseTo(expected, digits);
});

describe('worked from the rules of venues', () => {
  // Binance support, "How to Calculate Liquidation Price of USDS-M Futures Contracts", the example in cross margin: wallet
  // balance 1,535,443.01; ETHUSDT long 3,683.979 at 1,456.84 (mark 1,335.18, 10 %, 135,365 off); BTCUSDT long 109.488 at
  // 32,481.98 (mark 31,967.27, 2.5 %, 16,300 off). Each counts the other's profit and maintenance.
  test.each([
    ['ETHUSDT', '1456.84', '3683.979', 0.1, 135_365, '-56354.57', '71200.81144', 1153.26],
    ['BTCUSDT', '32481.98', '109.488', 0.025, 16_300, '-448192.89', '356512.508', 26_316.89],
  ])('Binance USD-M, cross, two positions: %s', (_, entry, contracts, rate, cum, profit, otherMaintenance, expected) => {
    const equity = new Exact('1535443.01').plus(profit).toFixed();
    const maintenance = { kind: 'tiers', tiers: [{ floor: 0, rate, cum }] } as const;
    const at = price({ ...linear, margin: 'cross', leverage: 5, entry, contracts, equity, otherMaintenance, maintenance });
    expect(at).toBeCloseTo(expected, 2);
  });

  // Hyperliquid docs, "Liquidations": liq_price = price - side * margin_available / position_size / (1 - l * side),
  // margin_available (isolated) = isolated_margin - maintenance_margin_required, l = 1 / MAINTENANCE_LEVERAGE.
  test.each(['long', 'short'] as const)('Hyperliquid, %s, by its own formula', (which) => {
    const [entry, size, margin, l] = [3200, 2.5, 1000, 1 / (2 * 25)];
    const s = which === 'long' ? 1 : -1;
    const theirs = entry - (s * (margin - l * size * entry)) / size / (1 - l * s);
    const maintenance = { kind: 'half-initial', tiers: [{ floor: 0, maxLeverage: 25 }] } as const;
    expect(price({ ...linear, side: which, entry, contracts: size, leverage: 8, maintenance })).toBeCloseTo(theirs, 8);
  });

  // Bybit help, "Liquidation Price Calculation under Isolated Mode (Unified Trading Account)", of 2026-05-27: inverse long
  // [size * (MMR + 1)] / [size/entry + size/entry/leverage + MM deduction], short [size * (1 - MMR)] / [size/entry - ...].
  test.each(['long', 'short'] as const)('Bybit inverse, %s, with its deduction', (which) => {
    const [size, entry, leverage, mmr, deduction] = [9_000_000, 60_000, 12, 0.01, 0.75];
    const s = which === 'long' ? 1 : -1;
    const theirs = (size * (1 + s * mmr)) / (size / entry + s * (size / entry / leverage + deduction));
    const maintenance = { kind: 'tiers', tiers: [{ floor: 0, rate: mmr, cum: deduction }] } as const;
    expect(price({ ...inverse, side: which, entry, contracts: size, contractSize: 1, leverage, maintenance })).toBeCloseTo(theirs, 6);
  });

  // OKX help, "Estimated liquidation price", isolated, USDT-margined long:
  // (margin balance - face value * contracts * entry) / (face value * contracts * (MMR + taker fee - 1)).
  test('OKX, isolated, whole-position tiers by contracts, fee on top', () => {
    const [face, contracts, entry, fee] = [0.01, 1500, 60_000, 0.0005];
    const margin = (face * contracts * entry) / 20;
    const theirs = (margin - face * contracts * entry) / (face * contracts * (0.0065 + fee - 1));
    const tiers = [
      { floor: 0, rate: 0.004 },
      { floor: 1000, rate: 0.0065 },
      { floor: 2000, rate: 0.01 },
    ];
    const maintenance = { kind: 'tiers', charge: 'whole', by: 'contracts', tiers } as const;
    expect(price({ ...linear, entry, contracts, contractSize: face, leverage: 20, maintenance, liquidationFee: fee })).toBeCloseTo(
      theirs,
      8,
    );
  });
});

describe('tiers', () => {
  const tiers = [
    { floor: 0, rate: 0.004 },
    { floor: 50_000, rate: 0.005 },
    { floor: 250_000, rate: 0.01 },
  ];
  test('amounts that a venue takes off are derived as it publishes them', () => {
    // Binance BTCUSDT as long published: 50 at 50,000 and 1,300 at 250,000.
    const derived = { ...linear, entry: 50_000, contracts: 6, maintenance: { kind: 'tiers', tiers } } as const;
    const published = tiers.map((tier, i) => ({ ...tier, cum: [0, 50, 1300][i]! }));
    expect(price(derived)).toBe(price({ ...derived, maintenance: { kind: 'tiers', tiers: published } }));
    expect(estimateLiquidation(derived).figures.liquidation.inputs.cum).toBe('1300');
  });

  test('a size at a boundary belongs to the tier below', () => {
    const table = [{ floor: 0, rate: 0.004 }, { floor: 1000, rate: 0.01 }]; // prettier-ignore
    const rate = (contracts: number): string | undefined =>
      estimateLiquidation({ ...linear, contracts, maintenance: { kind: 'tiers', by: 'contracts', charge: 'whole', tiers: table } }).figures
        .liquidation.inputs.m;
    expect([rate(1000), rate(1001)]).toEqual(['0.004', '0.01']);
  });

  test('the tier of the liquidation price counts, not that of the entry', () => {
    const near = { ...linear, entry: 50_000, contracts: '5.2', leverage: 5, maintenance: { kind: 'tiers', tiers } } as const;
    expect(estimateLiquidation(near).figures.liquidation.inputs.m).toBe('0.005');
    expect(estimateLiquidation({ ...near, leverage: 50 }).figures.liquidation.inputs.m).toBe('0.01');
  });

  test('two tiers that point at each other: the boundary between them', () => {
    // A short that pays its tier's rate on the whole: 1 % below 1,080, 10 % above. By 1 % it goes at 108.91, by 10 % at 100.
    const whole = { kind: 'tiers', charge: 'whole', tiers: [{ floor: 0, rate: 0.01 }, { floor: 1080, rate: 0.1 }] } as const; // prettier-ignore
    const { figures } = estimateLiquidation({ ...linear, side: 'short', contracts: 10, maintenance: whole });
    expect(figures.liquidation.value).toBe('108');
    expect(figures.liquidation.worked).toBe('tier boundary 1080/10 = 108');
  });
});

describe('what cannot be', () => {
  test('a fully paid long has no liquidation price', () => {
    const { figures, problems } = estimateLiquidation({ ...linear, leverage: 1 });
    expect(problems).toEqual([]);
    expect(figures.liquidation).toMatchObject({ value: null, reason: 'None: no price above 0 takes the margin.' });
  });

  test('a coin-margined short at 1x neither', () => {
    expect(estimateLiquidation({ ...inverse, side: 'short', leverage: 1 }).figures.liquidation.value).toBeNull();
  });

  test('less margin than maintenance', () => {
    const { figures, problems } = estimateLiquidation({ ...linear, leverage: 250 });
    expect(problems[0]).toMatchObject({ field: 'leverage', right: 'Lower the leverage.' });
    expect(problems[0]!.wrong).toContain('liquidated at once');
    expect(problems[0]!.wrong).not.toContain('  ');
    expect(figures.liquidation.value).toBeNull();
  });

  test('a stop beyond liquidation', () => {
    expect(estimateLiquidation({ ...linear, stop: 91 })).toMatchObject({ problems: [], stopFirst: true });
    const { problems, stopFirst } = estimateLiquidation({ ...linear, stop: 90 });
    expect(stopFirst).toBe(false);
    expect(problems[0]).toMatchObject({ field: 'stop', right: 'Enter a stop above 90.452261, or lower the leverage.' });
  });

  test('leverage above what venue or tier allow', () => {
    expect(estimateLiquidation({ ...linear, venueMaxLeverage: 5 }).problems[0]?.right).toBe('Enter a leverage from 1 to 5.');
    const tiers = [
      { floor: 0, rate: 0.004, maxLeverage: 20 },
      { floor: 500, rate: 0.01, maxLeverage: 5 },
    ];
    const tiered = { ...linear, contracts: 6, maintenance: { kind: 'tiers', tiers } } as const;
    expect(estimateLiquidation(tiered).problems[0]?.wrong).toBe('At 10x the tier table allows a position of 500, this one is 600.');
    expect(estimateLiquidation({ ...tiered, leverage: 5 }).problems).toEqual([]);
    expect(estimateLiquidation({ ...tiered, leverage: 30 }).problems[0]?.right).toBe('Enter a leverage from 1 to 20.');
  });

  test('a position beyond the last tier is warned of, by its value at the mark', () => {
    const held = { ...linear, maxNotional: 1000, quote: 'USDT' } as const;
    expect(estimateLiquidation({ ...held, contracts: 10 }).warnings).toEqual([]);
    const { warnings, problems } = estimateLiquidation({ ...held, contracts: 12_345 });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      {
        field: 'contracts',
        wrong:
          'The position of 1,234,500 USDT goes beyond the last tier of the venue, which ends at 1,000 USDT: no rate is published for it.',
        right: 'Check the contracts; the estimate takes the rate of the last tier.',
      },
    ]);
    expect(estimateLiquidation({ ...held, contracts: 10, mark: 101 }).warnings.map(({ field }) => field)).toEqual(['contracts']);
    // An inverse position is worth its contracts in quote money.
    expect(estimateLiquidation({ ...inverse, maxNotional: 60_000 }).warnings).toEqual([]);
    expect(estimateLiquidation({ ...inverse, maxNotional: 59_999 }).warnings.map(({ field }) => field)).toEqual(['contracts']);
    expect(estimateLiquidation({ ...held, maxNotional: 0 }).problems.map(({ field }) => field)).toEqual(['maxNotional']);
  });

  test('every field that is missing or wrong is named, and there is no figure', () => {
    const { problems, figures } = estimateLiquidation({ ...linear, entry: '1,000', contracts: '', leverage: 'x' });
    expect(problems.map((problem) => problem.field)).toEqual(['entry', 'contracts', 'leverage']);
    expect(problems[0]?.right).toContain('Use a point for decimals');
    expect(Object.values(figures).every((figure) => figure.value === null && figure.reason !== null)).toBe(true);
  });
});

test('cross needs no leverage: it does not enter the price, and is held against the caps where it is given', () => {
  const cross = { ...linear, margin: 'cross', equity: 500, contracts: 10, stop: 60 } as const;
  const { problems, figures, stopFirst } = estimateLiquidation({ ...cross, leverage: undefined });
  expect(problems).toEqual([]);
  expect(stopFirst).toBe(true);
  expect(figures.margin).toMatchObject({ value: null, reason: 'No leverage is given; the whole equity is the margin.' });
  const given = estimateLiquidation({ ...cross, leverage: 20 });
  expect(figures.liquidation).toEqual(given.figures.liquidation);
  expect(given.figures.margin.value).toBe('50');
  expect(estimateLiquidation({ ...cross, leverage: 20, venueMaxLeverage: 10 }).problems[0]?.field).toBe('leverage');
  expect(estimateLiquidation({ ...cross, equity: 1, leverage: '' }).problems[0]).toMatchObject({ field: 'equity' });
  expect(estimateLiquidation({ ...linear, leverage: '' }).problems[0]?.field).toBe('leverage');
});

describe('where the mark is known', () => {
  // Domain 4.1 and a recorded case: 375 + 1.5 (P - 2500) = 0.02 x 1.5 P, so P = 3375/1.47.
  const profit: LiquidationInput = {
    ...linear,
    margin: 'cross',
    leverage: null,
    entry: '2166.6666666666667',
    contracts: 1.5,
    equity: 375,
    mark: 2500,
    maintenance: { kind: 'flat', rate: 0.02 },
  };
  test('cross equity is worth what it is at the mark, open profit inside', () => {
    const { problems, warnings, figures } = estimateLiquidation(profit);
    expect(problems).toEqual([]);
    expect(Number(figures.liquidation.value)).toBeCloseTo(3375 / 1.47, 9);
    expect(Number(figures.balance.value)).toBeCloseTo(-125, 9);
    expect(figures.balance.formula).toBe('equity − openProfit − other − paid');
    // It lies beyond the entry: the open profit holds it.
    expect(warnings.map(({ field, wrong }) => [field, wrong])).toEqual([
      [
        'entry',
        'The estimated liquidation price 2295.9184 lies at or beyond the entry 2166.6666666666667: only the open profit holds the position.',
      ],
    ]);
    expect(Number(figures.distance.value)).toBeCloseTo((2500 - 3375 / 1.47) / 2500, 9);
  });

  test('a short, and one in coin, by their own payoff', () => {
    // 375 + 1.5 (2000 - P) = 0.02 x 1.5 P: P = 3375/1.53.
    expect(price({ ...profit, side: 'short', mark: 2000 })).toBeCloseTo(3375 / 1.53, 9);
    // 0.5 + 60,000 (1/60,000 - 1/P) = 0.005 x 60,000/P: P = 60,300/1.5.
    const coin = { ...inverse, margin: 'cross', leverage: null, equity: '0.5', mark: 60_000 } as const;
    expect(price(coin)).toBeCloseTo(60_300 / 1.5, 9);
  });

  test('the estimate starts at the mark: a whole-position tier there liquidates before one at the entry', () => {
    // 61 at 120 is 41 and the profit: 41 + (P - 100) = 0.5 P, so P = 118; the entry stands in the tier below 110.
    const tiers = [
      { floor: 0, rate: 0.01 },
      { floor: 110, rate: 0.5 },
    ];
    const whole = { ...profit, entry: 100, contracts: 1, mark: 120, maintenance: { kind: 'tiers', tiers, charge: 'whole' } } as const;
    expect(price({ ...whole, equity: 61 })).toBeCloseTo(118, 9);
    // 59 of the 60 that the mark asks for: liquidated there, whatever the entry would say.
    const { problems, figures } = estimateLiquidation({ ...whole, equity: 59 });
    expect(problems[0]?.wrong).toBe(
      'The margin of 59 is not above the maintenance of 60 at the mark 120: by this estimate it is liquidated already.',
    );
    expect(figures.liquidation.value).toBeNull();
  });

  test('at the entry it is the same as without', () => {
    expect(price({ ...profit, mark: profit.entry })).toBe(price({ ...profit, mark: null }));
  });

  test('isolated margin does not know the mark; a liquidation that lies beyond it is said', () => {
    expect(price({ ...linear, mark: 120 })).toBe(price(linear));
    for (const mark of [90.4, '90.452261306532663316']) {
      const { problems, figures } = estimateLiquidation({ ...linear, mark });
      expect(problems[0]).toMatchObject({ field: 'mark' });
      expect(problems[0]?.wrong).toContain(
        'is at or beyond the estimated liquidation price 90.452261: by this estimate it is liquidated already',
      );
      expect(Number(figures.liquidation.value)).toBeCloseTo(90.452261, 6);
    }
    expect(estimateLiquidation({ ...linear, mark: 91 }).problems).toEqual([]);
  });

  test('isolated margin that funding has eaten lives on its profit', () => {
    // Margin 10 less 12 paid: (-2 - 100)/(0.005 - 1) = 102.5126, alive at 110 and not at 101.
    const eaten = { ...linear, fundingPaid: 12 };
    const { problems, warnings, figures } = estimateLiquidation({ ...eaten, mark: 110 });
    expect(problems).toEqual([]);
    expect(Number(figures.liquidation.value)).toBeCloseTo(102 / 0.995, 9);
    expect(warnings.map(({ field }) => field)).toEqual(['entry']);
    expect(estimateLiquidation({ ...eaten, mark: 101 }).problems[0]?.wrong).toBe(
      'The margin of -1 is not above the maintenance of 0.505 at the mark 101: by this estimate it is liquidated already.',
    );
    expect(estimateLiquidation(eaten).problems[0]?.wrong).toContain('at the entry: it would be liquidated at once');
  });
});

test('a margin that is just the maintenance is liquidated at once', () => {
  // 1/200 of the notional is 0.5 %.
  expect(estimateLiquidation({ ...linear, leverage: 200 }).problems[0]?.wrong).toContain('liquidated at once');
});

test('tier rates that fall are refused, with the tier', () => {
  const tiers = [
    { floor: 0, rate: 0.01 },
    { floor: 1000, rate: 0.005 },
  ];
  expect(estimateLiquidation({ ...linear, maintenance: { kind: 'tiers', tiers } }).problems).toEqual([
    {
      field: 'maintenance.tiers.1',
      wrong: 'Tier 2 asks for 0.5 %, less than the 1 % of the smaller tier before it.',
      right: 'Give the tiers by rising floor, with a maintenance rate that does not fall.',
    },
  ]);
  const rising = [
    { floor: 0, maxLeverage: 10 },
    { floor: 1000, maxLeverage: 20 },
  ];
  const { problems } = estimateLiquidation({ ...linear, leverage: 5, maintenance: { kind: 'half-initial', tiers: rising } });
  expect(problems[0]?.field).toBe('maintenance.tiers.1');
  const level = tiers.map((tier) => ({ ...tier, rate: 0.01 }));
  expect(estimateLiquidation({ ...linear, maintenance: { kind: 'tiers', tiers: level } }).problems).toEqual([]);
});

test('what is given and not read is named', () => {
  const named = (input: LiquidationInput): string[] => estimateLiquidation(input).warnings.map(({ field }) => field);
  expect(named({ ...linear, equity: 500, otherMaintenance: 5 })).toEqual(['equity', 'otherMaintenance']);
  expect(named({ ...linear, margin: 'cross', equity: 500, addedMargin: 5 })).toEqual(['addedMargin']);
  expect(named({ ...linear, addedMargin: 5, equity: '' })).toEqual([]);
});

describe('properties', () => {
  const positions = fc.record({
    contract,
    side,
    entry: decimal(1, 1000, 2),
    contracts: decimal(1, 100, 0),
    leverage: decimal(1.5, 50, 1),
    rate: decimal(0.001, 0.009, 4),
  });
  type At = typeof positions extends fc.Arbitrary<infer T> ? T : never;
  const inputOf = ({ rate, ...rest }: At): LiquidationInput => ({ ...rest, margin: 'isolated', maintenance: { kind: 'flat', rate } });

  test('the price is a fixed point: balance and profit there are the maintenance there', () => {
    fc.assert(
      fc.property(positions, (at) => {
        const { figures } = estimateLiquidation(inputOf(at));
        if (figures.liquidation.value === null) return;
        const [entry, price] = [new Exact(at.entry), new Exact(figures.liquidation.value)];
        const s = at.side === 'long' ? 1 : -1;
        const gain = at.contract === 'linear' ? price.minus(entry) : entry.pow(-1).minus(price.pow(-1));
        const left = gain.times(s).times(at.contracts).plus(figures.balance.value!);
        const value = at.contract === 'linear' ? price.times(at.contracts) : new Exact(at.contracts).div(price);
        expect(left.minus(value.times(at.rate)).abs().div(value).lt('1e-16')).toBe(true);
        expect(left.minus(figures.maintenance.value!).abs().div(value).lt('1e-16')).toBe(true);
      }),
    );
  });

  test('more leverage, more maintenance or more funding paid bring it nearer', () => {
    fc.assert(
      fc.property(positions, (at) => {
        const distance = (input: LiquidationInput): number => Number(estimateLiquidation(input).figures.distance.value ?? Infinity);
        const input = inputOf(at);
        const base = distance(input);
        expect(distance({ ...input, leverage: Number(at.leverage) + 1 })).toBeLessThan(base === Infinity ? Infinity : base + 1e-15);
        expect(distance({ ...input, maintenance: { kind: 'flat', rate: Number(at.rate) + 0.0005 } })).toBeLessThanOrEqual(base);
        expect(distance({ ...input, fundingPaid: '0.00001' })).toBeLessThanOrEqual(base);
      }),
    );
  });

  test('a long linear position is a short inverse one seen from the other coin', () => {
    fc.assert(
      fc.property(positions, (at) => {
        const long = estimateLiquidation({ ...inputOf(at), contract: 'linear', side: 'long' });
        const entry = new Exact(1).div(at.entry).toSignificantDigits(20);
        const short = estimateLiquidation({ ...inputOf(at), contract: 'inverse', side: 'short', entry: entry.toFixed() });
        if (long.figures.liquidation.value === null || short.figures.liquidation.value === null) {
          expect(short.figures.liquidation.value).toBe(long.figures.liquidation.value);
          return;
        }
        const product = new Exact(long.figures.liquidation.value).times(short.figures.liquidation.value);
        expect(product.minus(1).abs().lt('1e-15')).toBe(true);
      }),
    );
  });
});
