import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sizePosition, type SizeResult } from '#domain/decisions/size.ts';
import type { SizeInput } from '#domain/decisions/size-input.ts';
import { decimal, sizeInput } from './arbitraries.ts';

const HOUR = 3_600_000;
const base: SizeInput = {
  contract: 'linear',
  side: 'long',
  margin: 'isolated',
  equity: 10_000,
  risk: 0.01,
  entry: 100,
  stop: 95,
  targets: [110],
  leverage: 10,
  feeIn: 0.0005,
  feeOut: 0.0005,
  slipBps: 2,
  lotStep: 0.001,
  maintenance: { kind: 'flat', rate: 0.005 },
  base: 'SOL',
  quote: 'USDT',
};
const at = (change: Partial<SizeInput>): SizeResult => sizePosition({ ...base, ...change });
const value = (change: Partial<SizeInput>, name: keyof SizeResult['figures']): string | null => at(change).figures[name].value;
const fields = (list: SizeResult['problems']): string[] => list.map(({ field }) => field);

describe('what the venue publishes as a limit bounds the size', () => {
  const rich: Partial<SizeInput> = { equity: 50_000_000, entry: 97_000, stop: 90_000, targets: [], base: 'BTC' };

  test('the end of the last tier', () => {
    // 2,000,000/97,000 = 20.6185...
    expect(at({ ...rich, maxNotional: 2_000_000, maxQuantity: 100 })).toMatchObject({
      bound: 'last-tier',
      boundWords: 'Bound by the end of the last tier: 2,000,000 USDT.',
      problems: [],
      figures: { contracts: { value: '20.618', worked: 'floor(2000000/(97000 × 0.001)) × 0.001 = 20.618' } },
    });
  });

  test('the largest order, in contracts', () => {
    const bound = at({ ...rich, maxQuantity: 100, maxNotional: 20_000_000, contractSize: '0.5' });
    expect(bound).toMatchObject({ bound: 'largest-order', boundWords: 'Bound by the largest order: 100 contracts.' });
    expect([bound.figures.contracts.value, bound.figures.quantity.value]).toEqual(['100', '50']);
    expect(bound.figures.contracts.worked).toBe('floor(100/0.001) × 0.001 = 100');
    // With a book it bounds too.
    const book = { bids: [[96_999, 1000]], asks: [[97_001, 1000]] } as const; // prettier-ignore
    expect(at({ ...rich, slipBps: null, book, maxQuantity: 50 })).toMatchObject({ bound: 'largest-order' });
  });

  test('an inverse position is worth its contracts', () => {
    const inverse: Partial<SizeInput> = {
      contract: 'inverse',
      equity: 100,
      entry: 50_000,
      stop: 48_000,
      targets: [],
      lotStep: 1,
      contractSize: 100,
    };
    expect(value({ ...inverse, maxNotional: 12_345 }, 'contracts')).toBe('123');
  });

  test('they bind only where they are tighter', () => {
    expect(at({ maxQuantity: '19.468', maxNotional: 1946.8 })).toMatchObject({
      bound: 'risk',
      figures: { contracts: { value: '19.468' } },
    });
    expect(at({ maxQuantity: '19.467' })).toMatchObject({ bound: 'largest-order', figures: { contracts: { value: '19.467' } } });
    expect(fields(at({ maxQuantity: 0 }).problems)).toEqual(['maxQuantity']);
  });

  test('the most leverage: a higher one is taken as the most, and that is said', () => {
    // 3 x 10,000/100 = 300 coins; the risk alone would buy 10,000 x 0.25/1.5137 = 1,651.
    const wide: Partial<SizeInput> = { risk: 0.25, stop: '98.7', leverage: 20, venueMaxLeverage: 3, quote: 'USDT' };
    const bound = at(wide);
    expect(bound).toMatchObject({
      problems: [],
      bound: 'venue-leverage',
      boundWords: 'Bound by the most leverage of the venue: 3x, not the 20x entered.',
      figures: { contracts: { value: '300', worked: 'floor(3 × 10000/(100 × 0.001)) × 0.001 = 300' }, margin: { value: '10000' } },
    });
    expect(bound.warnings).toContainEqual({
      field: 'leverage',
      wrong: 'Leverage 20x is above the 3x that the venue allows: 3x is counted.',
      right: 'Enter a leverage from 1 to 3.',
    });
    // The answer is that of the venue's most, whatever is above it.
    const same = at({ ...wide, leverage: 3 });
    expect([same.bound, same.warnings]).toEqual(['leverage', bound.warnings.filter(({ field }) => field !== 'leverage')]);
    expect({ ...same.figures, contracts: null }).toEqual({ ...bound.figures, contracts: null });
  });

  test('the most leverage of the tier table too; where the risk is tighter it still sets the margin', () => {
    const maintenance = { kind: 'tiers', tiers: [{ floor: 0, rate: 0.005, maxLeverage: 5 }, { floor: 5000, rate: 0.01, maxLeverage: 2 }] } as const; // prettier-ignore
    const { bound, figures, warnings, problems } = at({ maintenance, leverage: 30, venueMaxLeverage: 10 });
    expect([bound, figures.contracts.value, figures.margin.value]).toEqual(['risk', '19.468', '389.36']);
    expect([problems, fields(warnings)]).toEqual([[], ['leverage']]);
    expect(warnings[0]?.wrong).toBe('Leverage 30x is above the 5x that the tier table allows: 5x is counted.');
  });

  test('the person\u2019s own cap is no limit of the venue: above it is refused', () => {
    expect(fields(at({ leverage: 20, leverageCap: 5, venueMaxLeverage: 3 }).problems)).toEqual(['leverage']);
  });
});

describe('what would do where the size is below the minimum', () => {
  const small: Partial<SizeInput> = {
    feeIn: '0.00045',
    feeOut: '0.00045',
    slipBps: 0,
    targets: [],
    maintenance: { kind: 'flat', rate: 0.01 },
  };

  test('more risk needs more leverage too: both are said', () => {
    const two = { ...small, equity: 4, entry: '3.7121', stop: '3.50', leverage: 2, lotStep: '0.1', minNotional: 10 };
    // 2.7 coins lose 2.7 x (0.2121 + 0.00045 x 7.2121) = 0.58143 of 4, and are worth 10.02267 of 4.
    expect(at(two).problems).toEqual([
      {
        field: 'risk',
        wrong: 'The limits allow 0.1 contracts; the venue takes at least 2.7.',
        right: 'Risk at least 0.1454 of the equity, with a leverage of at least 2.506x.',
      },
    ]);
    expect(at({ ...two, risk: 0.1454, leverage: 2.506 })).toMatchObject({ problems: [], figures: { contracts: { value: '2.7' } } });
  });

  test('never more than the person\u2019s own cap, nor the venue\u2019s: then more equity', () => {
    const two = { ...small, equity: 4, entry: '3.7121', stop: '3.50', leverage: 2, lotStep: '0.1', minNotional: 10 };
    for (const cap of [{ leverageCap: 2 }, { venueMaxLeverage: 2.5 }]) {
      const [problem] = at({ ...two, ...cap }).problems;
      // 0.58143 are 1 % of 58.1433, of which 10.02267 are less than twice.
      expect(problem?.right).toBe('Bring at least 58.1433 of equity, or move the stop nearer.');
      expect(at({ ...two, ...cap, equity: '58.1433' }).problems).toEqual([]);
    }
  });

  test('never more than the whole equity', () => {
    const over = {
      ...small,
      equity: 5,
      entry: 97_000,
      stop: 90_000,
      feeIn: '0.0005',
      feeOut: '0.0005',
      lotStep: '0.001',
      minNotional: 100,
    };
    // 0.002 coins lose 0.002 x (7000 + 0.0005 x 187000) = 14.187: 284 % of 5, and 1 % of 1,418.7. Their costs alone, 0.194, pass 0.05.
    expect(at(over).problems[0]).toMatchObject({ field: 'risk', right: 'Bring at least 1418.7 of equity.' });
    expect(at({ ...over, equity: '1418.7' }).problems).toEqual([]);
  });

  test('a risk that is scaled down is raised by what it is scaled by', () => {
    const scaled: Partial<SizeInput> = { minQuantity: 20, scale: { volatility: { target: 0.02, measured: 0.04 } } };
    // 20 x 5.1365 = 102.73 of 10,000 x 0.5.
    expect(at(scaled).problems[0]?.right).toBe('Risk at least 0.02055 of the equity, or move the stop nearer.');
    expect(at({ ...scaled, risk: 0.02055 }).problems).toEqual([]);
  });

  test('where the tier table wants less leverage', () => {
    const tiers = [
      { floor: 0, rate: 0.005, maxLeverage: 20 },
      { floor: 500, rate: 0.01, maxLeverage: 4 },
    ];
    const tiered: Partial<SizeInput> = { minQuantity: 6, maintenance: { kind: 'tiers', tiers } };
    expect(at(tiered).problems[0]).toMatchObject({ field: 'leverage', right: 'Enter a leverage of at most 4x.' });
    expect(at({ ...tiered, leverage: 4 }).problems).toEqual([]);
  });

  test('what is in the way besides is said, not a hint that fails', () => {
    // At 20x the price of liquidation is 95.477, beyond the stop, whatever the equity.
    const [problem] = at({ minQuantity: 30, leverage: 20, stop: 95 }).problems;
    expect(problem?.field).toBe('stop');
    expect(problem?.wrong).toMatch(
      /^The limits allow 19\.468 contracts; the venue takes at least 30\. With enough equity for that: The stop 95/u,
    );
    // The venue takes no order that is large enough.
    const right = 'That is below the least that the venue takes, 30 contracts: check the least, the most and the contract size.';
    expect(at({ minQuantity: 30, maxQuantity: 20 }).problems).toEqual([
      {
        field: 'maxQuantity',
        wrong: 'The limits allow 19.468 contracts; the venue takes at least 30. Bound by the largest order: 20 contracts.',
        right,
      },
    ]);
    expect(at({ minQuantity: 30, maxNotional: 2500 }).problems[0]).toMatchObject({ field: 'maxNotional', right });
  });

  test('every hint is one that the calculator takes', () => {
    let hinted = 0;
    fc.assert(
      fc.property(sizeInput, decimal(1, 30, 1), decimal(1, 60, 0), (random, times, cap) => {
        const leverage = Math.min(Number(random.leverage), Number(cap));
        const input = {
          ...random,
          hold: null,
          slipBps: 0,
          leverage,
          leverageCap: cap,
          maintenance: { kind: 'flat', rate: '0.004' },
        } as const;
        const { figures } = sizePosition(input);
        if (figures.contracts.value === null) return;
        const tight = { ...input, minQuantity: String(Number(figures.contracts.value) * Number(times)) };
        const { bound, problems } = sizePosition(tight);
        if (bound !== 'minimum' || problems[0] === undefined) return;
        const { right, wrong } = problems[0];
        const next: { risk?: string; leverage?: string; equity?: string } = {};
        const risk = /isk at least (\S+) of the equity/u.exec(right)?.[1];
        const levered = /leverage of at (?:least|most) (\S+)x/u.exec(right)?.[1];
        const equity = /at least (\S+) of equity/u.exec(right)?.[1];
        if (risk !== undefined) next.risk = risk;
        if (levered !== undefined) next.leverage = levered;
        if (equity !== undefined) next.equity = equity;
        if (Object.keys(next).length === 0) {
          expect(wrong).toContain('With enough equity for that');
          return;
        }
        hinted++;
        expect(sizePosition({ ...tight, ...next }).problems, right).toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect(hinted).toBeGreaterThan(30);
  });

  const cases = resolve(import.meta.dirname, '../../../../../shared/cases/calculators');
  if (!existsSync(cases)) console.warn(`Skipping the recorded cases of the calculators: ${cases} is not there.`);
  test.runIf(existsSync(cases))('the recorded cases', () => {
    for (const name of ['two-step', 'over-one']) {
      const input = JSON.parse(readFileSync(join(cases, `${name}.json`), 'utf8')) as SizeInput;
      const right = sizePosition(input).problems[0]?.right ?? '';
      expect(right).toMatch(name === 'two-step' ? /^Risk at least 0\.1454 .* 2\.506x\.$/u : /^Bring at least 1418\.7 /u);
    }
  });
});

describe('funding that eats the margin before the stop', () => {
  const held: Partial<SizeInput> = {
    stop: 91,
    funding: { rate: 0.001, intervalH: 8, nextFundingAt: HOUR },
    hold: { openAt: 0, holdH: 80 },
  };

  test('is a problem: no loss at the stop, no R, and the reason', () => {
    // 10 settlements of 0.1 % leave 9 % of margin: (9 - 100)/(0.005 - 1) = 91.457, above the stop of 91.
    const { problems, warnings, figures, targets, stopFirst } = at(held);
    expect(problems[0]).toMatchObject({ field: 'stop', right: 'Enter a stop above 91.457286, lower the leverage, or hold for less time.' });
    expect(problems[0]?.wrong).toContain(
      'brings the estimated liquidation price to 91.457286 at the end of the hold, at or beyond the stop 91',
    );
    expect(warnings).toEqual([]);
    expect(stopFirst).toBe(false);
    const reason = 'The funding of the hold eats the margin: by the end of the hold the position would be liquidated before its stop.';
    for (const name of ['quantity', 'lossAtStop', 'margin'] as const) expect(figures[name]).toMatchObject({ value: null, reason });
    expect(targets[0]?.r).toMatchObject({ value: null, reason });
    expect(Number(figures.liquidation.value)).toBeCloseTo(90.452261, 6);
    expect(Number(figures.liquidationAtEnd.value)).toBeCloseTo(91.457286, 6);
  });

  test('a short that receives it, or less time, has none', () => {
    expect(at({ ...held, side: 'short', stop: 109, targets: [] }).problems).toEqual([]);
    expect(at({ ...held, hold: { openAt: 0, holdH: 32 } })).toMatchObject({ problems: [], stopFirst: true });
  });

  test('all of the margin: what is left is said', () => {
    const { problems, figures } = at({ ...held, hold: { openAt: 0, holdH: 800 } });
    expect(problems[0]?.wrong).toContain('of margin at the end of the hold, not above the maintenance');
    expect(figures.lossAtStop.value).toBeNull();
  });
});

describe('what would do where liquidation comes before the stop', () => {
  const advice = (change: Partial<SizeInput>): string | undefined => at(change).problems.find(({ field }) => field === 'stop')?.right;

  test('the stop that the funding of the hold leaves room for, not the one of now', () => {
    // At 10x 90.4523 is taken now, and 91.4573 after ten settlements of 0.1 %: a stop just above 90.4523 would be refused next.
    const held: Partial<SizeInput> = {
      stop: 90,
      funding: { rate: 0.001, intervalH: 8, nextFundingAt: HOUR },
      hold: { openAt: 0, holdH: 80 },
    };
    expect(advice(held)).toBe('Enter a stop above 91.457286, or lower the leverage.');
    expect(at({ ...held, stop: '91.4573' }).problems).toEqual([]);
    // A hundred of them are the margin of 10 %: no stop does.
    expect(advice({ ...held, hold: { openAt: 0, holdH: 800 } })).toBe('Lower the leverage.');
  });

  test('the stop of the size that it makes: a nearer one reaches a higher tier', () => {
    const tiers = [
      { floor: 0, rate: 0.005 },
      { floor: 950, rate: 0.05 },
    ];
    const tiered: Partial<SizeInput> = { stop: 90, maintenance: { kind: 'tiers', tiers, charge: 'whole' } };
    // 9.868 coins are worth 935 at the price (10 - 100)/(0.05 - 1) = 94.7368 of the upper tier, the 10.33 of a stop just above
    // 90.4523 are worth 979 there: liquidated.
    expect(advice(tiered)).toBe('Enter a stop above 94.736842, or lower the leverage.');
    expect(at({ ...tiered, stop: '94.7369' }).problems).toEqual([]);
  });

  test('leverage is no part of a cross price', () => {
    // 200 of 1,000 are free for 4.97 coins that lose 250 at 50.
    const cross: Partial<SizeInput> = { margin: 'cross', equity: 1000, otherMaintenance: 800, risk: 0.25, stop: 50 };
    expect(advice(cross)).toMatch(/risk less\.$/iu);
    expect(advice(cross)).not.toContain('leverage');
    expect(at({ ...cross, risk: 0.1 }).problems).toEqual([]);
  });
});

describe('cross margin', () => {
  // Q = 19.468 and notional 1,946.8 of 400 at 10x: fee and slippage of the entry are 0.0007 x 1,946.8 = 1.36276.
  const cross: Partial<SizeInput> = { margin: 'cross', equity: 400, risk: 0.25, stop: 95 };
  test('fee and slippage of the entry are off the equity', () => {
    expect(value(cross, 'contracts')).toBe('19.468');
    expect(Number(value(cross, 'liquidation'))).toBeCloseTo((400 - 1.36276 - 1946.8) / (19.468 * (0.005 - 1)), 9);
    // Other positions' maintenance is off it too.
    expect(Number(value({ ...cross, otherMaintenance: 100 }, 'liquidation'))).toBeCloseTo((300 - 1.36276 - 1946.8) / (19.468 * -0.995), 9);
  });
});

describe('liquidation at once is said', () => {
  test('where the margin is just the maintenance', () => {
    // At 200x the margin is 0.5 %.
    expect(at({ leverage: 200, stop: '99.99' }).problems[0]?.wrong).toContain('not above the maintenance');
  });
  test('where the mark is at or beyond the liquidation price', () => {
    // A long from 100 at 10x goes at 90.452261.
    expect(at({ mark: 90 }).problems[0]).toMatchObject({
      field: 'entry',
      wrong: 'The mark 90 is at or beyond the estimated liquidation price 90.452261: it would be liquidated at once.',
    });
    expect(at({ mark: 91 }).problems).toEqual([]);
  });
});

describe('no hold is not a hold of 0', () => {
  const funding = { rate: 0.0001, intervalH: 8, nextFundingAt: HOUR };
  test('a rate without a hold: funding is left out, and that is said', () => {
    for (const hold of [null, {}, { holdH: null }, { holdH: '' }]) {
      const { warnings, problems, figures } = at({ funding, hold });
      expect(problems).toEqual([]);
      expect(warnings.map(({ wrong }) => wrong)).toEqual(['No hold is given, so funding is left out.']);
      expect(figures.funding).toMatchObject({ value: null, reason: 'No hold is given.' });
    }
    expect(at({ hold: null }).warnings).toEqual([]);
    expect(at({ funding, hold: { holdH: 0 } })).toMatchObject({ warnings: [], figures: { funding: { value: '0' } } });
  });
});

describe('digits', () => {
  test('small steps are exact, and a size beyond 20 digits is refused', () => {
    for (const lotStep of ['1e-13', '1e-15', '1e-18']) {
      const { figures, problems } = at({ lotStep });
      expect(problems).toEqual([]);
      // 100/5.1365 = 19.4685096855835685778...
      const decimals = Number(lotStep.slice(3));
      expect(figures.contracts.value).toBe('19.468509685583568577'.slice(0, 3 + decimals));
    }
    expect(at({ lotStep: '1e-19' }).problems).toEqual([
      {
        field: 'lotStep',
        wrong: 'In steps of 0.0000000000000000001 this size has 21 digits, more than the 20 that are kept exact.',
        right: 'Enter the lot step of the venue, or a coarser one.',
      },
    ]);
    expect(at({ equity: '1e18', lotStep: '1e-6' }).problems.map(({ field }) => field)).toEqual(['lotStep']);
  });
});

test('what is given and not read is named', () => {
  const book = { bids: [[99.99, 500]], asks: [[100.01, 500]] } as const; // prettier-ignore
  expect(fields(at({ otherMaintenance: 5, book, maintenance: null, liquidationFee: 0.01 }).warnings)).toEqual([
    'maintenance',
    'otherMaintenance',
    'slipBps',
    'liquidationFee',
  ]);
  expect(at({ otherMaintenance: '', slipBps: null, book }).warnings).toEqual([]);
});

test('a book of a coin-settled contract is filled at the harmonic mean', () => {
  // 1,000 USD at 50,000 and 1,000 at 60,000 are 0.02 + 0.016666... coins: 2,000/0.0366666... = 54,545.4545 against a mid of 49,995.
  const book = { bids: [[49_990, 100_000]], asks: [[50_000, 1000], [60_000, 1000]] } as const; // prettier-ignore
  const inverse: Partial<SizeInput> = {
    contract: 'inverse',
    equity: 1,
    entry: 50_000,
    stop: 45_000,
    targets: [],
    lotStep: 1,
    risk: 0.25,
    slipBps: null,
    maintenance: null,
    book,
  };
  const { figures, bound } = at(inverse);
  expect([bound, figures.contracts.value]).toEqual(['book', '2000']);
  expect(Number(figures.slip.value)).toBeCloseTo(2000 / (1000 / 50_000 + 1000 / 60_000) / 49_995 - 1, 12);
});
