import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/**
 * The quote of a funding period is smoothed and accrues all the time. Its premium is a median over several venues, which polls do not
 * state: F of mark and index would be another figure, so that there is none. The interest, 0.01 % of 8 h unless a market states its own, and the
 * largest rate stand in the list of markets.
 */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [{ ...USUAL_TERMS, clamp: null, continuous: true, source: 'https://docs.paradex.trade/risk/funding-mechanism' }],
};
