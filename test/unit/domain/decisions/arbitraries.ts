import fc from 'fast-check';
import { Exact } from '#domain/decisions/exact.ts';
import type { SizeInput } from '#domain/decisions/size-input.ts';

/** Decimal text of `places` digits after the point. */
export const decimal = (least: number, most: number, places: number): fc.Arbitrary<string> =>
  fc
    .integer({ min: Math.round(least * 10 ** places), max: Math.round(most * 10 ** places) })
    .map((n) => new Exact(n).div(10 ** places).toFixed());

export const side = fc.constantFrom('long' as const, 'short' as const);
export const contract = fc.constantFrom('linear' as const, 'inverse' as const);

/** A price away from `entry` by `share`, against the position (away -1) or with it (+1). */
export const priceAway = (entry: string, which: 'long' | 'short', share: string, away: 1 | -1): string =>
  new Exact(1)
    .plus(new Exact(share).times(which === 'long' ? away : -away))
    .times(entry)
    .toFixed();

/** A size of more digits than are kept exact is refused (its own test); here it has room for other units too. */
const MOST_STEPS = 1e15;
const isShort = (x: {
  contract: string;
  equity: string;
  leverage: string;
  entry: string;
  contractSize: string;
  lotStep: string;
}): boolean => {
  const value = Number(x.contractSize) * Number(x.entry) ** (x.contract === 'inverse' ? -1 : 1);
  return (Number(x.equity) * Number(x.leverage)) / (value * Number(x.lotStep)) < MOST_STEPS;
};

/** Sizes that have figures: enough equity for a lot, a stop on its side, no maintenance. */
export const sizeInput = fc
  .record({
    contract,
    side,
    equity: decimal(100, 1_000_000, 2),
    risk: decimal(0.0005, 0.1, 4),
    entry: fc.oneof(decimal(0.0001, 1, 6), decimal(1, 100_000, 2)),
    stopAway: decimal(0.001, 0.6, 4),
    targetAway: decimal(0.001, 0.9, 4),
    leverage: decimal(1, 50, 1),
    feeIn: decimal(-0.0001, 0.001, 6),
    feeOut: decimal(0, 0.001, 6),
    slipBps: decimal(0, 30, 1),
    rate: decimal(-0.001, 0.001, 7),
    intervalH: fc.constantFrom(1, 2, 4, 8),
    /** Of the interval. */
    nextShare: fc.integer({ min: 1, max: 60 }),
    holdH: decimal(0, 200, 1),
    lotStep: fc.constantFrom('0.00000001', '0.000001', '0.00003'),
    contractSize: fc.constantFrom('1', '0.01', '10', '100'),
  })
  .map(({ stopAway, targetAway, rate, intervalH, nextShare, holdH, ...rest }) => ({
    ...rest,
    margin: 'isolated' as const,
    stop: priceAway(rest.entry, rest.side, stopAway, -1),
    targets: [priceAway(rest.entry, rest.side, targetAway, 1)],
    funding: { rate, intervalH, nextFundingAt: nextShare * intervalH * 60_000 },
    hold: { openAt: 0, holdH },
    ...(rest.contract === 'inverse' ? { equity: new Exact(rest.equity).div(1000).toFixed() } : {}),
  }))
  .filter(isShort) satisfies fc.Arbitrary<SizeInput>;
