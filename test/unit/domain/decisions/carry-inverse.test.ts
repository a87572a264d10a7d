import { describe, expect, test } from 'vitest';
import { carry, carryLegs } from '#domain/decisions/carry.ts';
import type { CarryInput, CarryLeg } from '#domain/decisions/carry-input.ts';

const HOUR = 3_600_000;
const OPEN = Date.UTC(2026, 0, 1, 1);
const spot: CarryLeg = { kind: 'spot', name: 'spot', price: 50_000, slipBps: 0, feeIn: 0.001, feeOut: 0.001, lotStep: 1e-8 };
/** Contracts of 100 USD, settled in the coin. */
const inverse: CarryLeg = {
  kind: 'perp',
  contract: 'inverse',
  name: 'coin perpetual',
  price: 50_000,
  slipBps: 0,
  feeIn: 0.0005,
  feeOut: 0.0005,
  lotStep: 1,
  contractSize: 100,
  rate: 0.0001,
  intervalH: 8,
  nextFundingAt: OPEN + 7 * HOUR,
  leverage: 10,
  maintenance: { kind: 'flat', rate: 0.005 },
};
const linear: CarryLeg = { ...inverse, contract: 'linear', name: 'tether perpetual', contractSize: 1, lotStep: 0.001, rate: 0.0003 };
const base: CarryInput = { long: spot, short: inverse, notional: 10_000, openAt: OPEN, holdH: 24, base: 'BTC', quote: 'USD' };
const value = (input: CarryInput, name: keyof ReturnType<typeof carry>['figures']): number => Number(carry(input).figures[name].value);

describe('cash and carry against a coin-settled perpetual', () => {
  test('100 contracts of 100 USD are 0.2 coins: three settlements of 0.01 % bring 3 USD, four fills cost 30', () => {
    expect(carry(base).problems).toEqual([]);
    expect(value(base, 'quantity')).toBe(0.2);
    expect(value(base, 'notional')).toBe(10_000);
    expect(value(base, 'funding')).toBe(3);
    expect(value(base, 'fees')).toBe(30);
    expect(value(base, 'net')).toBe(-27);
    expect(value(base, 'capital')).toBe(11_000);
    expect(carryLegs(base)).toEqual({ legs: [{ side: 'short', contracts: '100', units: '10000', entry: '50000' }] });
  });
  test('its liquidation is that of an inverse contract (domain: 55,277.78 short, 45,681.82 long)', () => {
    expect(value(base, 'shortLiquidation')).toBeCloseTo(55_277.78, 2);
    const reversed: CarryInput = { ...base, long: inverse, short: spot };
    expect(value(reversed, 'longLiquidation')).toBeCloseTo(45_681.82, 2);
  });
  test('its book is filled at the harmonic mean', () => {
    const book = {
      bids: [
        [50_000, 5_000],
        [49_900, 20_000],
      ],
      asks: [[50_000.1, 50_000]],
    } as const;
    const walked: CarryInput = { ...base, short: { ...inverse, price: null, slipBps: null, book } };
    const mid = (50_000 + (50_000 + 50_000.1) / 2) / 2;
    const sold = 10_000 / (5_000 / 50_000 + 5_000 / 49_900);
    expect(value(walked, 'entrySpread')).toBeCloseTo((50_000 - sold) / mid, 12);
    const thin: CarryInput = { ...walked, notional: 60_000 };
    expect(carry(thin).figures.net.reason).toContain('Book too thin: the bids of coin perpetual hold 25000 USD, the size is 60000 USD.');
  });
  test('its book is walked by the money in its contracts, and its fees are a share of that, wherever its price stands', () => {
    // 100 contracts of 100 USD are sold for 10,000 USD at 49,000 and 48,900, 2 % below the spot: not for what the mid makes of them.
    const book = {
      bids: [
        [49_000, 5_000],
        [48_900, 5_000],
      ],
      asks: [[49_000.1, 10_000]],
    } as const;
    const apart: CarryInput = { ...base, short: { ...inverse, price: null, slipBps: null, book } };
    expect(carryLegs(apart)).toMatchObject({ legs: [{ contracts: '100' }] });
    const mid = (50_000 + 49_000.05) / 2;
    const sold = 10_000 / (5_000 / 49_000 + 5_000 / 48_900);
    expect(value(apart, 'entrySpread')).toBeCloseTo((50_000 - sold) / mid, 12);
    // 0.1 % of 10,000 USD for the contracts; of the spot's coins at the spot's price.
    const coins = Math.floor((10_000 / mid) * 1e8) / 1e8;
    expect(value(apart, 'fees')).toBeCloseTo(0.001 * coins * mid + 0.002 * coins * 50_000, 9);
    // The book holds just these contracts: one more is too many, and none is missing.
    expect(carry(apart).figures.net.reason).toBeNull();
    const dearer: CarryInput = {
      ...apart,
      short: { ...apart.short, book: { ...book, bids: [[51_000, 10_000]], asks: [[51_000.1, 10_000]] } },
    };
    expect(carry(dearer).figures.net.reason).toBeNull();
  });
  test('what is typed in money is whole contracts whatever the price: no lot is lost to a quotient', () => {
    for (const price of [50_000.1, 50_000.2, 50_000.3, 50_000.7, 61_234.9]) {
      const priced: CarryInput = { ...base, long: { ...spot, price }, short: { ...inverse, price } };
      expect(carryLegs(priced)).toMatchObject({ legs: [{ contracts: '100' }] });
      expect(carryLegs({ ...priced, notional: 9_999 })).toMatchObject({ legs: [{ contracts: '99' }] });
    }
  });
  test('whole contracts only, and what the contract is must be said', () => {
    expect(value({ ...base, notional: 10_099 }, 'notional')).toBe(10_000);
    expect(carry({ ...base, notional: 99 }).problems[0]?.wrong).toMatch(/come to 0 in steps of 0.002 that both legs trade/u);
    expect(carry({ ...base, short: { ...inverse, contractSize: null } }).problems.map(({ field }) => field)).toContain(
      'short.contractSize',
    );
  });
});

describe('coin-settled against tether-settled', () => {
  test('each holds what it trades: contracts of quote money, and coins in steps', () => {
    const pair: CarryInput = { ...base, long: inverse, short: linear };
    expect(value(pair, 'funding')).toBeCloseTo(3 * (0.0003 - 0.0001) * 10_000, 12);
    expect(carryLegs(pair)).toEqual({
      legs: [
        { side: 'long', contracts: '100', units: '10000', entry: '50000' },
        { side: 'short', contracts: '0.2', units: '0.2', entry: '50000' },
      ],
    });
    expect(carry(pair).warnings).toEqual([]);
  });
  test('legs whose steps leave a part open say so', () => {
    const pair: CarryInput = { ...base, long: { ...inverse, price: 60_000 }, short: { ...linear, price: 60_000 }, notional: 190 };
    // One contract is 0.0016667 coins, of which the other leg trades 0.001.
    expect(value(pair, 'quantity')).toBe(0.001);
    expect(carry(pair).warnings.map(({ wrong }) => wrong)).toEqual([expect.stringContaining('The legs differ by 40 %')]);
  });
  test('the least of an inverse leg is held against its contracts, not against what the other leg rounds to', () => {
    const least: CarryInput = {
      ...base,
      long: { ...inverse, price: 50_000.2, minQuantity: 3 },
      short: { ...linear, price: 50_010, lotStep: 0.0001, minQuantity: 0.0001 },
      notional: 300,
    };
    expect(carryLegs(least)).toMatchObject({ legs: [{ contracts: '3' }, { contracts: '0.0059' }] });
    expect(carryLegs({ ...least, notional: 299 })).toMatchObject({ problems: [{ field: 'notional' }] });
    const both: CarryInput = { ...least, short: { ...inverse, price: 50_010, minQuantity: 3 } };
    expect(carryLegs(both)).toMatchObject({ legs: [{ contracts: '3' }, { contracts: '3' }] });
    expect(carryLegs({ ...both, notional: 299 })).toMatchObject({ problems: [{ field: 'notional' }] });
  });
  test('two inverse legs share whole lots of both', () => {
    const pair: CarryInput = { ...base, long: inverse, short: { ...inverse, contractSize: 30, rate: 0.0002 }, notional: 1_000 };
    expect(value(pair, 'notional')).toBeCloseTo(900, 9);
    expect(value(pair, 'funding')).toBeCloseTo(3 * 0.0001 * 900, 9);
    expect(carryLegs(pair)).toMatchObject({ legs: [{ contracts: '9' }, { contracts: '30' }] });
  });
});
