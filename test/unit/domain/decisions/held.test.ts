import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldLegs, heldTerms, type Question } from '#domain/decisions/held.ts';
import { meanOfKnown, spreadHalfLife } from '#domain/decisions/measured.ts';
import { type HeldPosition, positionNow } from '#domain/decisions/position-now.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import type { SizeInput } from '#domain/decisions/size-input.ts';
import { HOUR_MS } from '#domain/time.ts';

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
  lotStep: '0.001',
};
const NOTHING = { key: new Float64Array(0), rate: new Float64Array(0), mark: new Float64Array(0) };
const held = (change: Partial<HeldPosition> = {}): HeldPosition => ({
  contract: 'linear',
  side: 'long',
  contracts: '10',
  units: '10',
  entry: '100',
  openAt: 0,
  complete: true,
  accrues: false,
  terms: { margin: 'isolated', leverage: 10, maintenance: null },
  maintenance: { kind: 'flat', rate: 0.005 },
  money: 'USDT',
  quote: 'USDT',
  ...change,
});
const live = (mark: number) => ({ mark, rate: 0.0001, intervalH: 8, nextFundingAt: 8 * HOUR_MS });

describe('what a calculation comes to when it is carried out', () => {
  test('a size is its own contracts and quantity', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 99 }), fc.constantFrom('0.001', '0.1', '1', '7'), (stop, lotStep) => {
        const input = { ...size, stop, lotStep, contractSize: '0.5' };
        const { figures } = sizePosition(input);
        const read = heldLegs({ kind: 'size', input }, 'linear', {});
        const leg = { side: 'long', contracts: figures.contracts.value, units: figures.quantity.value, entry: '100' };
        if (leg.contracts === null) expect(read).toHaveProperty('problems');
        else expect(read).toEqual({ legs: [leg] });
      }),
    );
  });

  test('liquidation and funding by what they were given', () => {
    const liquidation: Question = {
      kind: 'liquidation',
      input: {
        contract: 'inverse',
        side: 'short',
        margin: 'isolated',
        entry: 50_000,
        contracts: 600,
        contractSize: 100,
        leverage: 10,
        maintenance: { kind: 'flat', rate: 0.005 },
      },
    };
    expect(heldLegs(liquidation, 'inverse', {})).toEqual({ legs: [{ side: 'short', contracts: '600', units: '60000', entry: '50000' }] });
    const funding: Question = { kind: 'funding', input: { side: 'long', notional: '1.2' } };
    expect(heldLegs(funding, 'inverse', { entries: ['50000'] })).toEqual({
      legs: [{ side: 'long', contracts: '60000', units: '60000', entry: '50000' }],
    });
    expect(heldLegs(funding, 'linear', { entries: [100] })).toEqual({
      legs: [{ side: 'long', contracts: '0.012', units: '0.012', entry: '100' }],
    });
    expect(heldLegs(funding, 'linear', {})).toMatchObject({ problems: [{ field: 'entries.0' }] });
    // What was filled holds as much a contract as what was planned: 100 USD each.
    expect(heldLegs(liquidation, 'inverse', { contracts: ['250'] })).toEqual({
      legs: [{ side: 'short', contracts: '250', units: '25000', entry: '50000' }],
    });
    expect(heldLegs(liquidation, 'inverse', { contracts: [''] })).toMatchObject({ legs: [{ contracts: '600' }] });
    expect(heldLegs(liquidation, 'inverse', { contracts: ['-1'] })).toMatchObject({ problems: [{ field: 'contracts.0' }] });
  });

  test('of a cash-and-carry the perpetual only, by its own unit', () => {
    const leg = { feeIn: 0, feeOut: 0, lotStep: 1 };
    const question: Question = {
      kind: 'carry',
      input: {
        long: { ...leg, kind: 'spot', price: 0.01 },
        short: {
          ...leg,
          kind: 'perp',
          price: 10,
          multiplier: 1000,
          leverage: 5,
          rate: 0.0001,
          intervalH: 8,
          nextFundingAt: 1,
          liquidationFee: 0.01,
        },
        quantity: 2500,
        openAt: 0,
        holdH: 8,
      },
    };
    expect(heldLegs(question, 'linear', {})).toEqual({ legs: [{ side: 'short', contracts: '2', units: '2', entry: '10' }] });
    expect(heldTerms(question, 0)).toEqual({ margin: 'isolated', leverage: 5, maintenance: null, liquidationFee: 0.01 });
  });

  test('an equity in quote money is margin in coin', () => {
    const input = {
      ...size,
      contract: 'inverse' as const,
      margin: 'cross' as const,
      equityIn: 'quote' as const,
      equity: 5000,
      entry: 50_000,
    };
    expect(heldTerms({ kind: 'size', input }, 0).equity).toBe('0.1');
    expect(heldTerms({ kind: 'size', input: { ...input, equity: 'much' } }, 0).equity).toBeNull();
  });
});

describe('an open position now', () => {
  test('profit, payment and distance, long and short a mirror', () => {
    const long = positionNow(held(), NOTHING, 1, live(110));
    expect(long).toMatchObject({ profit: { value: '100' }, nextPayment: { amount: { value: '0.11' }, direction: 'you pay' } });
    // Domain 4.1: 90.452261 at 10x and 0.5 %.
    expect(Number(long.liquidation.value)).toBeCloseTo(90.45226131, 8);
    expect(Number(long.distance.value)).toBeCloseTo((110 - 90.45226131) / 110, 8);
    const short = positionNow(held({ side: 'short' }), NOTHING, 1, live(110));
    expect(short).toMatchObject({ profit: { value: '-100' }, nextPayment: { amount: { value: '-0.11' }, direction: 'you receive' } });
    expect(Number(short.liquidation.value)).toBeCloseTo(109.4527363, 7);
    // The mark is beyond it.
    expect(Number(short.distance.value)).toBeLessThan(0);
  });

  test('cross: equity counts as it was worth when it was worked out, and the fee of the entry is off it', () => {
    const cross = { margin: 'cross', leverage: 5, maintenance: { kind: 'flat', rate: 0.005 } } as const;
    // 100 at 110 are nothing at the entry: the open profit holds it, down to 1000/(10 x 0.995).
    const profit = positionNow(held({ terms: { ...cross, equity: 100, equityMark: 110 } }), NOTHING, 1, live(110));
    expect(Number(profit.liquidation.value)).toBeCloseTo(1000 / 9.95, 9);
    // 300 at a mark of 110 were 200 at the entry: (200 - 1000)/(10 x -0.995). The mark of now changes nothing of that.
    for (const mark of [105, 120]) {
      const { liquidation } = positionNow(held({ terms: { ...cross, equity: 300, equityMark: 110 } }), NOTHING, 1, live(mark));
      expect(Number(liquidation.value)).toBeCloseTo(800 / 9.95, 9);
    }
    // 0.05 % of 1,000.
    const { liquidation } = positionNow(held({ terms: { ...cross, equity: 200, entryFee: 0.0005 } }), NOTHING, 1, live(105));
    expect(Number(liquidation.value)).toBeCloseTo(800.5 / 9.95, 9);
    const question = { kind: 'size', input: { ...size, margin: 'cross' } } as const;
    expect(heldTerms(question, 0)).toMatchObject({ equity: 10_000, entryFee: 0.0005 });
  });

  test('inverse in coin, at the domain’s reference', () => {
    const inverse = held({ contract: 'inverse', contracts: '600', units: '60000', entry: '50000', money: 'BTC', quote: 'USD' });
    const now = positionNow(inverse, NOTHING, 1, live(60_000));
    expect(now.profit).toMatchObject({ value: '0.2', unit: 'BTC', worked: '1 × 60000 × (1/50000 − 1/60000) = 0.2' });
    expect(Number(now.liquidation.value)).toBeCloseTo(45_681.82, 2);
    expect(now.nextPayment?.amount.value).toBe('0.0001');
  });

  test('funding received or paid moves liquidation as the same margin would', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 1, maxLength: 20 }), (rates) => {
        const settled = {
          key: Float64Array.from(rates, (_, i) => (i + 1) * HOUR_MS),
          rate: Float64Array.from(rates, (rate) => rate / 1e6),
          mark: new Float64Array(rates.length).fill(NaN),
        };
        const now = positionNow(held(), settled, 100 * HOUR_MS, live(100));
        const paid = rates.reduce((sum, rate) => sum + rate, 0) / 1e3;
        expect(Number(now.fundingSince.paid.value)).toBeCloseTo(paid, 9);
        // Paying 1 of 10 units lifts a long's liquidation by 0.1/(1 − m).
        expect(Number(now.liquidation.value)).toBeCloseTo(90.45226131 + paid / 10 / 0.995, 7);
      }),
    );
  });

  test('without a quote, a leverage or a rate there is a reason and no figure', () => {
    const blind = positionNow(held(), NOTHING, 1, null);
    expect(blind).toMatchObject({
      profit: { value: null },
      nextPayment: null,
      distance: { value: null, reason: 'No current price.' },
    });
    expect(blind.liquidation.value).not.toBeNull();
    expect(positionNow(held({ maintenance: null }), NOTHING, 1, live(100)).liquidation.reason).toBe('No maintenance rate is known.');
    const noLeverage = held({ terms: { margin: 'isolated', leverage: null, maintenance: null } });
    expect(positionNow(noLeverage, NOTHING, 1, live(100)).liquidation.reason).toBe('No leverage was given.');
    const cross = held({ terms: { margin: 'cross', leverage: 10, equity: null, maintenance: null } });
    expect(positionNow(cross, NOTHING, 1, live(100)).liquidation).toMatchObject({
      value: null,
      reason: expect.stringMatching(/.+/u) as string,
    });
    expect(positionNow(held(), NOTHING, 9 * HOUR_MS, live(100)).nextPayment).toBeNull();
    const partly = positionNow(held({ complete: false }), NOTHING, 1, live(100)).fundingSince.paid;
    expect(partly).toMatchObject({ value: null, reason: 'Not every settlement since the opening is stored yet.' });
  });
});

describe('what is measured of a spread', () => {
  const hours = 24 * 60;
  const time = Float64Array.from({ length: hours }, (_, i) => (i + 1) * HOUR_MS);
  /** AR(1) per settlement with phi 0.5, held between settlements. */
  function steps(stepH: number): Float64Array {
    let [x, seed] = [0, 1];
    return time.map((t) => {
      if (t % (stepH * HOUR_MS) === 0) {
        seed = (seed * 16_807) % 2_147_483_647;
        x = 0.5 * x + (seed / 2_147_483_647 - 0.5);
      }
      return x;
    });
  }

  test('half-life is that of the settlements, not of their hourly copies', () => {
    const halfLifeH = spreadHalfLife({ time, value: steps(8), stepH: new Float64Array(hours).fill(8) });
    // phi 0.5: one step of 8 h, give or take what 180 values tell.
    expect(halfLifeH).toBeGreaterThan(5);
    expect(halfLifeH).toBeLessThan(12);
  });

  test('only since the last change of interval, and not of too few values', () => {
    const stepH = time.map((t) => (t > (hours - 24) * HOUR_MS ? 1 : 8));
    expect(spreadHalfLife({ time, value: steps(8), stepH })).toBeNull();
    expect(spreadHalfLife({ time, value: new Float64Array(hours).fill(NaN), stepH })).toBeNull();
    expect(spreadHalfLife({ time, value: new Float64Array(hours).fill(0.1), stepH: new Float64Array(hours).fill(1) })).toBeNull();
  });

  test('the mean is of what is known', () => {
    expect(meanOfKnown(Float64Array.of(1, NaN, 3))).toBe(2);
    expect(meanOfKnown(Float64Array.of(NaN))).toBeNull();
  });
});
