import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/** premiumIndex states the interest of each symbol, fundingInfo the cap and floor of those that were adjusted. */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    { ...USUAL_TERMS, interestPer8h: 0.0001, source: 'Binance: Introduction to funding rates, as before 2025-09-18' },
    {
      ...USUAL_TERMS,
      from: Date.UTC(2025, 8, 18, 8, 1),
      interestPer8h: 0.0001,
      divides: true,
      source: 'Binance announcement of 2025-09-16: funding rate formula from 2025-09-18 08:01 UTC',
    },
  ],
};
