import type { AssetClass } from '#domain/instrument.ts';
import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

const NOTICE = 'https://bingx.com/en/support/articles/14857605906575 (2026-01-12)';

/** Interest per 8 h as that notice says it, by class: none is told of shares, commodities and indices. */
const INTEREST: Readonly<Partial<Record<AssetClass, number>>> = { crypto: 0.0001, currency: 0.00004 };
export const interestOf = (assetClass: AssetClass): number | null => INTEREST[assetClass] ?? null;

/** Cap and floor stand in the list of rates. The formula before that notice had no interest, and no clamp pulled to it. */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    {
      ...USUAL_TERMS,
      clamp: null,
      source: 'https://bingx.com/en/support/articles/360046487573 (2020): the premium alone; recorded rates rest at 0.01 % since',
    },
    { ...USUAL_TERMS, from: Date.UTC(2026, 0, 12), weighting: 'rising', source: `${NOTICE}; the clamp of its worked example` },
  ],
};
