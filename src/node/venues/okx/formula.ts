import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

const ANNOUNCEMENT = 'OKX announcement of 2026-05-29: Revision of the funding rate formula for OKX perpetual futures';

/** From here on the formula divides by 8/N, and the interest that is stated is per 8 h; before it was the interval's share: 0.03 % / (24 / N). */
export const DIVIDES_FROM = Date.UTC(2026, 5, 1);

/**
 * Its polls state the premium, and by contract the interest, cap and floor. The announcement names both formulas; contracts of
 * 8 h have the same rate by either. The running rate is of the last interval's minutes up to now (since 2024-03-05), so it is
 * F's only at the settlement: https://www.okx.com/help/okx-to-optimize-funding-rate-calculation
 */
export const FORMULA: VenueFormula = {
  ownPremium: true,
  terms: [
    { ...USUAL_TERMS, interestPer8h: 0.0001, source: `${ANNOUNCEMENT}, the formula before it` },
    {
      ...USUAL_TERMS,
      from: DIVIDES_FROM,
      interestPer8h: 0.0001,
      divides: true,
      source: `${ANNOUNCEMENT}; in force from 2026-06-01 by records of others, OKX's own word of the day was not to be had`,
    },
  ],
};
