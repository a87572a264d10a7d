import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

export const FORMULA: VenueFormula = {
  ownPremium: true,
  terms: [{ ...USUAL_TERMS, interestPer8h: 0.0001, cap: 0.04, floor: -0.04, divides: true, source: 'Hyperliquid docs: Trading, Funding' }],
};
