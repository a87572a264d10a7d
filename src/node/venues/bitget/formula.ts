import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/** It names both formulas: https://www.bitget.com/support/articles/12560603838070 */
const ANNOUNCEMENT = 'Bitget announcement: Important update on Bitget futures funding rate formula, from 2025-09-22 08:01 UTC';

/** The interest of coins; shares rest at 0. Its polls state cap and floor by contract, and no premium. */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    { ...USUAL_TERMS, interestPer8h: 0.0001, source: `${ANNOUNCEMENT}: the formula before it, interest 0.03 % a day` },
    { ...USUAL_TERMS, from: Date.UTC(2025, 8, 22, 8, 1), interestPer8h: 0.0001, divides: true, source: ANNOUNCEMENT },
  ],
};
