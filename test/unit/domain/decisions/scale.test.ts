import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changePosition, type ChangeInput } from '#domain/decisions/change.ts';
import { crossMargin, type CrossInput } from '#domain/decisions/cross.ts';
import { exact } from '#domain/decisions/exact.ts';
import { scalePosition } from '#domain/decisions/scale.ts';
import type { ScaleInput } from '#domain/decisions/scale-input.ts';
import { contract, side } from './arbitraries.ts';

const HOUR = 3_600_000;

describe('several entries and targets, added up by hand', () => {
  const plan: ScaleInput = {
    contract: 'linear',
    side: 'long',
    margin: 'isolated',
    entries: [
      { price: 100, weight: 1 },
      { price: 96, weight: 3 },
    ],
    stop: 92,
    exits: [
      { price: 105, share: 0.5 },
      { price: 110, share: 0.5 },
    ],
    contracts: 40,
    equity: 2000,
    lotStep: 1,
    leverage: 10,
    feeIn: 0,
    feeOut: 0.001,
    maintenance: { kind: 'flat', rate: 0.005 },
    base: 'SOL',
    quote: 'USDT',
  };

  test('average, loss, parts, blended R', () => {
    const { figures: f, entries, exits, problems, warnings } = scalePosition(plan);
    expect([problems, warnings]).toEqual([[], []]);
    // 10 at 100 and 30 at 96: 3880 over 40.
    expect(f.averageEntry.value).toBe('97');
    // 10 × 8 + 30 × 4, and 0.1 % of 40 × 92.
    expect(f.lossAtStop.value).toBe('203.68');
    expect(f.riskShare.value).toBe('0.10184');
    expect(entries).toEqual([
      { price: '100', contracts: '10', averageEntry: '100', lossAtStop: '80.92' },
      { price: '96', contracts: '30', averageEntry: '97', lossAtStop: '203.68' },
    ]);
    // 20 × 8 less 2.1, 20 × 13 less 2.2; in between the stop takes 20 × 5 and 1.84.
    expect(exits.map(({ net, netThenStop }) => [net, netThenStop])).toEqual([
      ['157.9', '56.06'],
      ['257.8', '415.7'],
    ]);
    expect(f.net.value).toBe('415.7');
    expect(f.averageExit.value).toBe('107.5');
    expect(Number(f.r.value)).toBeCloseTo(415.7 / 203.68, 12);
    expect(Number(exits[0]?.rThenStop)).toBeCloseTo(56.06 / 203.68, 12);
    // 3880 back with 0.1 % off.
    expect(Number(f.breakEven.value)).toBeCloseTo(97 / 0.999, 10);
    expect(f.bankruptcy.value).toBe('87.3');
  });

  test('what has no target is counted as stopped, and that is said', () => {
    const { figures, warnings } = scalePosition({ ...plan, exits: [{ price: 105, share: 0.5 }] });
    expect(figures.net.value).toBe('56.06');
    expect(warnings.map(({ wrong }) => wrong)).toEqual(['50 % has no target: it is counted as stopped.']);
  });

  test('equal parts of an odd number leave nothing over', () => {
    const { exits } = scalePosition({ ...plan, exits: [{ price: 105 }, { price: 106 }, { price: 107 }] });
    expect(exits.map(({ contracts }) => contracts)).toEqual(['13', '13', '14']);
  });

  test('an inverse plan: the coins of its fills', () => {
    const inverse: ScaleInput = {
      ...{
        ...plan,
        contract: 'inverse',
        contractSize: 100,
        contracts: 60,
        leverage: 1,
        stop: 30_000,
        exits: [{ price: 80_000 }],
        feeOut: 0,
      },
      entries: [{ price: 40_000 }, { price: 60_000 }],
    };
    const { figures: f } = scalePosition(inverse);
    // 3000 USD at 40,000 and at 60,000: 0.075 and 0.05 coins for 6000 USD.
    expect(f.averageEntry.value).toBe('48000');
    // 6000/30,000 is 0.2 coins, 6000/80,000 is 0.075.
    expect([f.lossAtStop.value, f.net.value]).toEqual(['0.075', '0.05']);
  });

  test('a size of the risk: every lot more would pass the budget', () => {
    const sized: ScaleInput = { ...plan, contracts: null, risk: 0.01, exits: [] };
    const { figures, entries } = scalePosition(sized);
    // 20 of budget; a quarter loses 8 + 0.092 and three quarters 4 + 0.092: 5.092 a contract, so 3.92: rounded down 0 and 2.
    expect(figures.contracts.value).toBeNull();
    const fine = scalePosition({ ...sized, lotStep: 0.01 });
    expect(fine.entries.map(({ contracts }) => contracts)).toEqual(['0.98', '2.94']);
    expect(fine.figures.lossAtStop.value).toBe('19.96064');
    expect(entries).toEqual([]);
  });

  test('bad plans are said', () => {
    const wrong = (change: Partial<ScaleInput>) => scalePosition({ ...plan, ...change }).problems.map((problem) => problem.wrong);
    expect(wrong({ stop: 97 })).toEqual(['The stop 97 is on the wrong side of the entry 96.']);
    expect(wrong({ exits: [{ price: 99 }] })).toEqual(['The target 99 is on the wrong side of the entry 100.']);
    expect(
      wrong({
        exits: [
          { price: 105, share: 0.6 },
          { price: 110, share: 0.6 },
        ],
      }),
    ).toEqual(['The targets take 120 % of the position.']);
    expect(wrong({ entries: [] })).toEqual(['No entry is given.']);
    expect(wrong({ contracts: 3 })).toEqual(['The entry at 100 comes to 0 contracts; the venue takes at least 1.']);
    expect(wrong({ stop: 80 })[0]).toMatch(/^The stop 80 lies beyond the estimated liquidation price/u);
  });
});

describe('an open position after a fill', () => {
  const held: ChangeInput = {
    contract: 'linear',
    side: 'long',
    margin: 'isolated',
    entry: 100,
    contracts: 10,
    change: 'add',
    price: 90,
    by: 10,
    fee: 0.001,
    leverage: 10,
    maintenance: { kind: 'flat', rate: 0.005 },
    base: 'SOL',
    quote: 'USDT',
  };
  const after = (input: ChangeInput) => changePosition(input).after;

  test('adding averages the entry and costs its fee', () => {
    const { figures, verdict, before } = changePosition({ ...held, price: 95 });
    expect(figures.net.value).toBe('-0.95');
    expect(after({ ...held, price: 95 })?.figures.entry.value).toBe('97.5');
    // 97.5 × (1 − 1/10); before 100 × (1 − 1/10).
    expect(after({ ...held, price: 95 })?.figures.bankruptcy.value).toBe('87.75');
    expect(before?.figures.bankruptcy.value).toBe('90');
    expect(verdict).toBe(
      'Adding costs 0.95 USDT net and leaves a long of 20 contracts at 97.5; liquidation goes from 90.452261 to 88.190955 (estimate).',
    );
  });

  test('taking off realises against the entry, which stays', () => {
    const half = { ...held, change: 'reduce', price: 110, by: 4 } as const;
    // 4 × 10 less 0.1 % of 440.
    expect(changePosition(half).figures).toMatchObject({ realised: { value: '40' }, net: { value: '39.56' } });
    expect([after(half)?.figures.contracts.value, after(half)?.figures.entry.value]).toEqual(['6', '100']);
    expect(changePosition(half).verdict).toMatch(/a long of 6 contracts at 100; liquidation stays at 90\.452261/u);
    const all = changePosition({ ...half, by: 10 });
    expect([all.after, all.verdict]).toEqual([null, 'Closes the position and brings 98.9 USDT net.']);
    expect(changePosition({ ...half, by: 11 }).problems[0]?.right).toBe('Enter at most 10, or flip the position.');
  });

  test('a flip closes everything and opens the other side at the fill', () => {
    const flip = { ...held, change: 'flip', price: 110, by: null } as const;
    // 10 × 10 less 0.1 % of 2200.
    expect(changePosition(flip).figures.net.value).toBe('97.8');
    expect(after(flip)).toMatchObject({
      side: 'short',
      figures: { contracts: { value: '10' }, entry: { value: '110' }, bankruptcy: { value: '121' } },
    });
    expect(after({ ...flip, by: 3 })?.figures.contracts.value).toBe('3');
  });

  test('on cross margin the account keeps its worth but for the costs: what is realised is no longer open', () => {
    const cross: ChangeInput = { ...held, margin: 'cross', leverage: null, equity: 300, mark: 110, price: 110, fee: 0 };
    // Worth 300 at 110. Half taken off: 5 × (110 − P) and 5 × P × 0.5 % meet 300.
    const half = after({ ...cross, change: 'reduce', by: 5 });
    expect(Number(half?.figures.liquidation.value)).toBeCloseTo((550 - 300) / (5 * 0.995), 9);
    const more = after({ ...cross, change: 'add', by: 10 });
    expect(Number(more?.figures.liquidation.value)).toBeCloseTo((2200 - 300) / (20 * 0.995), 9);
  });

  test('nothing is made or lost by adding and taking off at one price', () => {
    const number = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(contract, side, number, number, number, number, (kind, which, entry, price, contracts, by) => {
        const start = { ...held, contract: kind, side: which, entry, contracts, price, by, fee: 0, maintenance: null };
        const added = changePosition({ ...start, change: 'add' }).after;
        const back = changePosition({
          ...{ ...start, change: 'reduce', entry: added?.figures.entry.value, contracts: added?.figures.contracts.value },
          by: added?.figures.contracts.value,
        });
        const plain = changePosition({ ...start, change: 'reduce', by: contracts });
        const [a, b] = [back.figures.net.value, plain.figures.net.value].map((text) => Number(text));
        const scale = kind === 'linear' ? contracts * entry : contracts / Math.min(entry, price);
        return Math.abs((a ?? NaN) - (b ?? NaN)) <= 1e-12 * scale * (1 + by);
      }),
      { numRuns: 100 },
    );
  });
});

describe('several positions on one cross margin', () => {
  const flat = (rate: number, cum: number) => ({ kind: 'tiers', tiers: [{ floor: 0, rate, cum }] }) as const;
  // Binance support, "How to Calculate Liquidation Price of USDS-M Futures Contracts", the example in cross margin: a wallet of
  // 1,535,443.01, two longs; its answers are 1,153.26 and 26,316.89.
  const account: CrossInput = {
    contract: 'linear',
    equity: exact('1535443.01').minus('448192.89').minus('56354.57').toFixed(),
    positions: [
      { name: 'ETHUSDT', side: 'long', entry: '1456.84', contracts: '3683.979', mark: '1335.18', maintenance: flat(0.1, 135_365) },
      { name: 'BTCUSDT', side: 'long', entry: '32481.98', contracts: '109.488', mark: '31967.27', maintenance: flat(0.025, 16_300) },
    ],
    money: 'USDT',
    quote: 'USDT',
  };

  test('the published example', () => {
    const { positions, figures, verdict } = crossMargin(account);
    expect(positions.map(({ figures: f }) => Number(f.liquidation.value).toFixed(2))).toEqual(['1153.26', '26316.89']);
    expect(positions.map(({ figures: f }) => Number(f.maintenance.value).toFixed(2))).toEqual(['356512.51', '71200.81']);
    expect(Number(figures.wallet.value)).toBeCloseTo(1_535_443.01, 1);
    expect(verdict).toBe(
      'Maintenance takes 41.49 % of the equity; nearest is ETHUSDT, liquidated near 1,153.2565, 13.63 % away, while the others stand still (estimate).',
    );
  });

  test('each takes the tier of its size at its price', () => {
    const tiers = [
      { floor: 0, rate: 0.01 },
      { floor: 1000, rate: 0.1 },
    ];
    const one = { side: 'short', entry: 100, contracts: 9, mark: 100, maintenance: { kind: 'tiers', tiers } } as const;
    const { positions } = crossMargin({ contract: 'linear', equity: 200, positions: [one] });
    // From 1000 on 10 % less 90: 200 + 900 − 9 P = 0.9 P − 90.
    expect(Number(positions[0]?.figures.liquidation.value)).toBeCloseTo(1190 / 9.9, 9);
    expect(positions[0]?.figures.maintenance.value).toBe('9');
  });

  test('a hedge of the same size and coin leaves little exposure; an account below its maintenance is said', () => {
    const leg = { entry: 100, contracts: 5, mark: 100, maintenance: { kind: 'flat', rate: 0.01 } } as const;
    const hedged = crossMargin({
      contract: 'linear',
      equity: 50,
      positions: [
        { ...leg, side: 'long' },
        { ...leg, side: 'short' },
      ],
    });
    expect([hedged.figures.exposure.value, hedged.figures.maintenance.value, hedged.figures.used.value]).toEqual(['0', '10', '0.2']);
    const low = crossMargin({
      contract: 'linear',
      equity: 10,
      positions: [
        { ...leg, side: 'long' },
        { ...leg, side: 'short' },
      ],
    });
    expect(low.problems.map(({ field }) => field)).toEqual(['equity']);
    expect(low.positions[0]?.figures.liquidation.value).toBeNull();
    expect(crossMargin({ contract: 'linear', equity: 10, positions: [] }).problems[0]?.wrong).toBe('No position is given.');
  });
});

test('funding of the hold is counted for the whole plan, and what is received makes no loss smaller', () => {
  const plan: ScaleInput = {
    ...{ contract: 'linear', side: 'short', margin: 'isolated', entries: [{ price: 100 }], stop: 110, exits: [{ price: 90 }] },
    ...{ contracts: 1, lotStep: 1, feeIn: 0, feeOut: 0 },
    funding: { rate: 0.001, intervalH: 8, nextFundingAt: HOUR },
    hold: { openAt: 0, holdH: 16 },
  };
  const { figures } = scalePosition(plan);
  expect([figures.net.value, figures.lossAtStop.value]).toEqual(['10.2', '10']);
});
