import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/** "Fixed interest rate (I) = 0", of all its contracts. */
export const INTEREST = 0;

/** Cap and floor stand in the list of rates, 0.75 of the least initial margin. */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    {
      ...USUAL_TERMS,
      interestPer8h: INTEREST,
      clamp: null,
      source: 'https://support.coinex.com/hc/en-us/articles/900000269486 (2020): the mean premium itself, of which no clamp takes off',
    },
    {
      ...USUAL_TERMS,
      from: Date.UTC(2023, 9, 16),
      interestPer8h: INTEREST,
      clamp: 0.0003,
      source: 'https://announcement.coinex.com/hc/en-us/articles/20126778803348 (2023-10-18)',
    },
  ],
};
