import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

const ANNOUNCEMENT = 'KuCoin announcement of 2025-11-24: Funding Rate Calculation Update';

/**
 * Its list of contracts states interest, cap and floor of each, and no premium. Before, the interest was added to the mean premium whole,
 * which no clamp of 3.6 says: so there is no theoretical rate of then. The running rate is of the last interval's minutes up to now, so it
 * is F's only at the settlement.
 */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    { ...USUAL_TERMS, clamp: null, source: `${ANNOUNCEMENT}, the algorithm before it` },
    {
      ...USUAL_TERMS,
      from: Date.UTC(2025, 10, 27, 8),
      weighting: 'rising',
      source: `${ANNOUNCEMENT}; dated for the contracts that it names, for the day of the others is not sourced`,
    },
  ],
};
