import type { VenueId } from '#domain/instrument.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextFundingAt, runningRate, settlements } from '#node/demo/funding.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { contractOf, createModel, DAY, HOUR, NOW, VENUES, sure } from './support.ts';

const { contracts, process } = createModel(1);
const all = VENUES.flatMap((venue) => contracts.of(venue, NOW));
const settledOf = (contract: Contract, days: number, now = NOW) => [...settlements(process, contract, now - days * DAY, now, now)];
const anyContract = fc.constantFrom(...all.filter((contract) => contract.delistedAt > NOW));

describe('settlements', () => {
  it('lie exactly one interval apart, by the interval that the contract had', () => {
    for (const contract of all) {
      const rows = settledOf(contract, 10);
      for (let i = 1; i < rows.length; i++) {
        const [before, row] = [sure(rows[i - 1]), sure(rows[i])];
        expect(row.at - before.at, `${contract.venue}:${contract.symbol}`).toBe(contract.intervalAt(before.at) * HOUR);
      }
    }
  });

  it('have the stamps of their venue: late by milliseconds, never early', () => {
    const late = (venue: VenueId) =>
      contracts
        .of(venue, NOW)
        .slice(0, 12)
        .flatMap((contract) => settledOf(contract, 20))
        .map((row) => row.stamp - row.at);
    expect(Math.max(...late('bybit'))).toBe(0);
    expect(Math.max(...late('binance'))).toBeLessThanOrEqual(48);
    expect(Math.max(...late('hyperliquid'))).toBeLessThanOrEqual(261);
    expect(Math.max(...late('hyperliquid'))).toBeGreaterThan(50);
    expect(Math.min(...late('hyperliquid'), ...late('binance'))).toBeGreaterThanOrEqual(0);
  });

  it('are posted seconds after their time, and never before it', () => {
    fc.assert(
      fc.property(anyContract, fc.integer({ min: 0, max: 30 * DAY }), (contract, ago) => {
        const at = nextFundingAt(contract, NOW - ago);
        const seenAt = (now: number) => [...settlements(process, contract, at - HOUR, at + HOUR, now)].some((row) => row.at === at);
        expect(seenAt(at)).toBe(false);
        expect(seenAt(at + 40_000)).toBe(at > contract.listedAt);
      }),
      { numRuns: 60 },
    );
  });

  it('are facts: the same however late one asks', () => {
    const contract = contractOf(contracts, 'binance', 'VIRTUALUSDT');
    const from = NOW - 10 * DAY;
    const then = [...settlements(process, contract, from, NOW, NOW)];
    const later = [...settlements(process, contract, from, NOW, NOW + 20 * DAY)];
    expect(later).toEqual(then);
  });
});

describe('the running rate', () => {
  it('ends as the settled one', () => {
    fc.assert(
      fc.property(anyContract, fc.integer({ min: 0, max: 60 * DAY }), (contract, ago) => {
        const end = nextFundingAt(contract, NOW - 60 * DAY - ago);
        const settled = [...settlements(process, contract, end - HOUR, end + HOUR, NOW)].find((row) => row.at === end);
        if (settled === undefined) return;
        expect(runningRate(process, contract, end - 1000)).toBeCloseTo(settled.rate, 12);
      }),
      { numRuns: 100 },
    );
  });

  it('comes closer to it as the interval goes on', () => {
    const contract = contractOf(contracts, 'hyperliquid', 'AIXBT');
    const rows = settledOf(contract, 60);
    const error = (beforeMs: number) =>
      rows.reduce((sum, row) => sum + Math.abs(runningRate(process, contract, row.at - beforeMs) - row.rate), 0) / rows.length;
    const [early, middle, late] = [error(55 * 60_000), error(30 * 60_000), error(5 * 60_000)];
    expect(middle).toBeLessThan(early);
    expect(late).toBeLessThan(middle / 2);
  });
});

describe('intervals that change', () => {
  const lengths = (contract: Contract) => new Set(settledOf(contract, 90).map((row) => contract.intervalAt(row.at - 1)));

  it('Bybit INJUSDT goes from 8 h to 1 h and back, on settlements', () => {
    const contract = contractOf(contracts, 'bybit', 'INJUSDT');
    const rows = settledOf(contract, 90);
    expect(lengths(contract)).toEqual(new Set([1, 8]));
    const changes = rows.filter((row) => contract.intervalAt(row.at - 1) !== contract.intervalAt(row.at));
    expect(changes.length).toBeGreaterThan(10);
    for (const { at } of changes) expect(at % (8 * HOUR)).toBe(0);
  });

  it('Binance ARBUSDT goes from 8 h to 4 h', () => {
    expect(lengths(contractOf(contracts, 'binance', 'ARBUSDT'))).toEqual(new Set([4, 8]));
  });
});

describe('contracts that end', () => {
  it('one ended within the last 25 days, another will, and neither is settled after its end', () => {
    const ended = all.filter((contract) => contract.delistedAt <= NOW && contract.delistedAt > NOW - 25 * DAY);
    const ending = all.filter((contract) => contract.delistedAt > NOW && contract.delistedAt < NOW + 25 * DAY);
    expect(ended.length).toBeGreaterThan(0);
    expect(ending.length).toBeGreaterThan(0);
    for (const contract of ended) {
      const rows = settledOf(contract, 60);
      expect(rows.length).toBeGreaterThan(0);
      expect(sure(rows.at(-1)).at).toBe(contract.delistedAt);
    }
  });
});

// https://www.bitmex.com/app/perpetualContractsGuide: "Funding occurs every 8 hours at 04:00 UTC, 12:00 UTC and 20:00 UTC"
it('BitMEX settles at 4, 12 and 20 h UTC, and its running rate is of the interval between them', () => {
  const contract = contractOf(contracts, 'bitmex', 'XBTUSD');
  expect(settledOf(contract, 3).map(({ at }) => (at % DAY) / HOUR)).toEqual(expect.arrayContaining([4, 12, 20]));
  expect(new Set(settledOf(contract, 3).map(({ at }) => (at % DAY) / HOUR))).toEqual(new Set([4, 12, 20]));
  const [first] = settledOf(contract, 3);
  expect(nextFundingAt(contract, sure(first).at)).toBe(sure(first).at + 8 * HOUR);
  expect(runningRate(process, contract, sure(first).at - 1)).toBe(sure(first).rate);
});
