import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/** Of coins: shares rest at 0, which its list of instruments tells. Its tickers state the cap. */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [{ ...USUAL_TERMS, interestPer8h: 0.0001, weighting: 'rising', source: 'Bybit help centre: Introduction to funding rate' }],
};
