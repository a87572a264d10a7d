import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/**
 * There is no interest: the rate of an hour is the mean premium of the hour before it, divided by the contract's coefficient (24, today 8)
 * and held to its limit, which the list of contracts states. F is of the premium of the interval itself, so there is none here.
 */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    {
      ...USUAL_TERMS,
      clamp: null,
      divides: true,
      source: 'https://support.cryptofacilities.com/hc/en-us/articles/360008643453, "Rate-setting Calculation Window"',
    },
  ],
};
