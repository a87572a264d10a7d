import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/** Its list of funding states interest, cap and floor of each contract, and no premium. */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    {
      ...USUAL_TERMS,
      interestPer8h: 0.0001,
      divides: true,
      source:
        'Aster: https://docs.asterdex.com/trading/perpetuals/fees-and-specs/funding-rate (BNBUSDT: interest 0), read in 2026; since when is not told',
    },
  ],
};
