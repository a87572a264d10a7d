import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

export const FORMULA: VenueFormula = {
  ownPremium: true,
  terms: [{ ...USUAL_TERMS, interestPer8h: 0.0001, cap: 0.04, floor: -0.04, divides: true, source: 'Hyperliquid docs: Trading, Funding' }],
};

/**
 * Builders scale the whole rate of each coin by a multiplier and may set its interest, so where it rests is told by the polls; how far the
 * premium pulls it, and its bounds, are scaled too and stated nowhere.
 */
export const BUILDERS_FORMULA: VenueFormula = {
  ownPremium: true,
  terms: [{ ...USUAL_TERMS, clamp: null, divides: true, source: 'Hyperliquid docs: HIP-3 deployer actions, setFundingMultipliers' }],
};
