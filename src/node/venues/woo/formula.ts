import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/** Interest per 8 h: where most of its rates rest, as 0.0001 x hours / 8. Its page names none. */
export const INTEREST = 0.0001;

/** Cap and floor stand in the list of instruments. */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    {
      ...USUAL_TERMS,
      interestPer8h: INTEREST,
      clamp: null,
      divides: true,
      source:
        'https://support.woox.io/hc/en-us/articles/4719603299737 (2025-10-28): the mean premium over 8/hours; the interest is where rates rest',
    },
  ],
};
