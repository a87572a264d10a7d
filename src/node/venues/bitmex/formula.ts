import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/**
 * The rate that an interval ends with was made of the premium of the interval before it (and is known from its beginning): F, which is of the
 * premium of the interval itself, is none here. The interest and the largest rate are the contract's own, in polls.
 */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    {
      ...USUAL_TERMS,
      clamp: null,
      source: 'https://www.bitmex.com/app/perpetualContractsGuide#Funding-Rate-Calculations',
    },
  ],
};
