import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWalk, keyOf } from '#node/demo/noise.ts';
import { settlements } from '#node/demo/funding.ts';
import type { AssetGroup } from '#node/demo/assets.ts';
import { contractOf, createModel, DAY, HOUR, NOW, VENUES, sure } from './support.ts';

const sd = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
/** Of more numbers than a call takes. */
const mostOf = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), -Infinity);
const model = createModel(1);
const anyContract = fc.constantFrom(...VENUES.flatMap((venue) => model.contracts.of(venue, NOW)).filter((c) => c.delistedAt > NOW));

describe('the market', () => {
  it('is the same for the same seed, in whatever order one asks, and another for another seed', () => {
    const other = createModel(1);
    const third = createModel(2);
    fc.assert(
      fc.property(anyContract, fc.integer({ min: NOW - 100 * DAY, max: NOW + 100 * DAY }), (contract, t) => {
        const twin = contractOf(other.contracts, contract.venue, contract.symbol);
        other.process.mark(twin, t + 12_345);
        expect(other.process.mark(twin, t)).toBe(model.process.mark(contract, t));
        expect(other.process.premium(twin, t)).toBe(model.process.premium(contract, t));
        expect(third.process.mark(contract, t)).not.toBe(model.process.mark(contract, t));
      }),
      { numRuns: 200 },
    );
  });

  it('has no jumps: a second changes a price by little', () => {
    fc.assert(
      fc.property(anyContract, fc.integer({ min: NOW - 100 * DAY, max: NOW + 100 * DAY }), (contract, t) => {
        const { process } = model;
        expect(Math.abs(process.index(contract, t + 1000) / process.index(contract, t) - 1)).toBeLessThan(0.001);
        // A premium may step where an interval changes, on the hour, and nowhere else.
        const inside = t - (t % HOUR) + 1 + (t % (HOUR - 2000));
        expect(Math.abs(process.premium(contract, inside + 1000) - process.premium(contract, inside))).toBeLessThan(0.0001);
      }),
      { numRuns: 300 },
    );
  });

  it('moves as coins do: 2 to 9 % a day, together', () => {
    const returnsOf = (symbol: string) => {
      const contract = contractOf(model.contracts, 'binance', symbol);
      return Array.from({ length: 300 }, (_, i) =>
        Math.log(model.process.index(contract, NOW - i * DAY) / model.process.index(contract, NOW - (i + 1) * DAY)),
      );
    };
    const [btc, eth, virtual] = ['BTCUSDT', 'ETHUSDT', 'VIRTUALUSDT'].map(returnsOf) as [number[], number[], number[]];
    expect(sd(btc)).toBeGreaterThan(0.018);
    expect(sd(btc)).toBeLessThan(0.032);
    expect(sd(virtual)).toBeGreaterThan(0.055);
    expect(sd(virtual)).toBeLessThan(0.095);
    const together = btc.reduce((sum, value, i) => sum + value * sure(eth[i]), 0) / (btc.length * sd(btc) * sd(eth));
    expect(together).toBeGreaterThan(0.3);
    expect(together).toBeLessThan(0.95);
  });

  it('walks with a daily sd of one unit', () => {
    const walk = createWalk(keyOf('test'));
    const changes = Array.from({ length: 4000 }, (_, i) => walk(NOW + i * DAY) - walk(NOW + (i + 1) * DAY));
    expect(sd(changes)).toBeGreaterThan(0.85);
    expect(sd(changes)).toBeLessThan(1.15);
  });
});

describe('funding over 90 days', () => {
  const ratesOf = (group: AssetGroup) =>
    VENUES.flatMap((venue) => model.contracts.of(venue, NOW))
      .filter((contract) => contract.asset.group === group)
      .flatMap((contract) =>
        [...settlements(model.process, contract, NOW - 90 * DAY, NOW, NOW)].map((row) => row.rate / contract.intervalAt(row.at - 1)),
      );
  const shareResting = (rates: readonly number[]) => rates.filter((rate) => Math.abs(rate - 0.0000125) < 5e-9).length / rates.length;
  const shareNegative = (rates: readonly number[]) => rates.filter((rate) => rate < 0).length / rates.length;

  it('majors rest at the interest rate most of the time and never come near 0.05 % an hour', () => {
    const rates = ratesOf('major');
    expect(shareResting(rates)).toBeGreaterThan(0.6);
    expect(shareResting(rates)).toBeLessThan(0.97);
    expect(shareNegative(rates)).toBeGreaterThan(0.005);
    expect(mostOf(rates.map(Math.abs))).toBeLessThan(0.0003);
  });

  it('AI tokens rest, crowd on both sides and stay within what venues allow', () => {
    const rates = ratesOf('ai');
    expect(shareResting(rates)).toBeGreaterThan(0.25);
    expect(shareNegative(rates)).toBeGreaterThan(0.15);
    expect(shareNegative(rates)).toBeLessThan(0.5);
    expect(mostOf(rates)).toBeGreaterThan(0.001);
    expect(-mostOf(rates.map((rate) => -rate))).toBeLessThan(-0.001);
    expect(mostOf(rates.map(Math.abs))).toBeLessThan(0.005);
  });

  it('venues differ by little and for long', () => {
    const { contracts, process } = model;
    const dayOf = (venue: 'binance' | 'hyperliquid', day: number) => {
      const contract = contractOf(contracts, venue, venue === 'binance' ? 'NEARUSDT' : 'NEAR');
      return Array.from({ length: 24 }, (_, h) => process.premium(contract, NOW - day * DAY + h * HOUR)).reduce((a, b) => a + b) / 24;
    };
    const gaps = Array.from({ length: 60 }, (_, day) => dayOf('hyperliquid', day) - dayOf('binance', day));
    const mean = gaps.reduce((a, b) => a + b) / gaps.length;
    expect(mean).toBeGreaterThan(0.0001);
    expect(mean).toBeLessThan(0.001);
  });
});
