import { expect, test } from 'vitest';
import { emptyHourFrame } from '#domain/metrics/frames/hour.ts';
import { emptySettlementFrame } from '#domain/metrics/frames/settlement.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import { PREMIUM_OBSERVED, PREMIUM_PROXY } from '#domain/metrics/frames/frames.ts';
import { settlementFrame } from '#domain/metrics/frames/settlement.ts';
import { premiumOf, withOwnPremium } from '#core/venue.ts';
import { layHour, laySettlement, type Observation } from '#core/read/metrics/metric-live.ts';

const SETTLED = Date.UTC(2026, 10, 28, 8);
const instrument = {
  id: 'binance:X',
  venue: 'binance',
  asset: 'X',
  money: 'USDT',
  contract: 'linear',
  multiplier: 1,
  formula: null,
  interestPer8h: 1e-4,
} as const;

/** Half past ten, after two whole hours at 0.03 %. */
function observed(mark: number): Observation {
  const at = SETTLED + 2.5 * HOUR_MS;
  const said = { symbol: 'X', rate: 1e-4, intervalH: 8, nextFundingAt: SETTLED + 8 * HOUR_MS, mark, index: 100 };
  const snapshot = { ...said, openInterest: null, volume24h: null, interestPer8h: 1e-4 };
  return { instrument, snapshot, observedAt: at, intervalH: 8, freshness: 'fresh', now: at };
}
const lastDay = {
  close: Float64Array.of(SETTLED + HOUR_MS, SETTLED + 2 * HOUR_MS),
  premium: Float64Array.of(0.0003, 0.0003),
  coverage: Float64Array.of(1, 1),
};

test('a premium that covers nothing of a stored hour covers nothing of the hour in progress', () => {
  const settlement = emptySettlementFrame(instrument, 2);
  const hour = emptyHourFrame(instrument, 2);
  for (const [row, mark] of [200, 300].entries()) {
    laySettlement(settlement, row, observed(mark), lastDay);
    layHour(hour, row, observed(mark));
  }
  // 100 % is a premium: (2 x 0.0003 + 0.5 x 1)/2.5 over all of the 2.5 hours. 200 % is none: 0.0003 over 2 of 2.5 hours.
  expect(settlement.premium[0]).toBeCloseTo(0.20024, 12);
  expect(settlement.premium[1]).toBeCloseTo(0.0003, 15);
  expect([...settlement.coverage]).toEqual([1, 0.8]);
  expect([...hour.premium]).toEqual([1, NaN]);
});

test.each([true, false])(
  'whether a venue states its own premium (%s) is said in its formula: live and replay read it there',
  (ownPremium) => {
    const formula: VenueFormula = { ownPremium, terms: [] };
    const of = { ...instrument, formula };
    const { snapshot, ...rest } = observed(101);
    // Told by the poll, whatever the formula says: 1 % by the prices, 2 % by the venue.
    const told = snapshot && withOwnPremium({ ...snapshot, premium: 0.02 }, formula);
    expect(told && premiumOf(told)).toBeCloseTo(ownPremium ? 0.02 : 0.01, 15);
    const silent = snapshot && withOwnPremium(snapshot, formula);
    expect(silent && premiumOf(silent)).toEqual(ownPremium ? null : expect.closeTo(0.01, 15));

    const live = emptySettlementFrame(of, 1);
    laySettlement(live, 0, { ...rest, instrument: of, snapshot: told }, lastDay);
    const none = new Float64Array();
    const hour = { observedAt: none, rate: none, intervalH: none, mark: none, index: none, openInterest: none };
    const replayed = settlementFrame(of, {
      settled: { key: Float64Array.of(SETTLED + 2 * HOUR_MS), rate: Float64Array.of(1e-4), intervalH: Float64Array.of(2) },
      hours: { ...hour, ...lastDay },
      prices: { close: none, mark: none, index: none },
    });
    const origin = ownPremium ? PREMIUM_OBSERVED : PREMIUM_PROXY;
    expect([live.premiumOrigin[0], replayed.premiumOrigin[0]]).toEqual([origin, origin]);
  },
);
