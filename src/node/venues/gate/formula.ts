import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/**
 * Its polls state, by contract, the interest (per day) and one limit for both sides; the premium has candles of its own only. A 4 h
 * contract rested at 0.00005 before the change too (TAO_USDT, 2025-04-04), so the interest was the interval's share then as now. The
 * time-weighted average of the premium that it takes since then is not told in figures: minutes count alike here.
 */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    {
      ...USUAL_TERMS,
      interestPer8h: 0.0001,
      source: 'Gate: https://gate.io/futures/introduction/funding-rate-history, the formula before 2026-05-27',
    },
    {
      ...USUAL_TERMS,
      // Reports of one announcement say 00:00 and 16:00 (UTC+8).
      from: Date.UTC(2026, 4, 27),
      interestPer8h: 0.0001,
      divides: true,
      source:
        'Gate announcement of the funding rate algorithm of 2026-05-27, as the news has it; dated by the day, for the hour is told in two ways',
    },
  ],
};
