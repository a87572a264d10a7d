import type { AssetClass } from '#domain/instrument.ts';
import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/** "0.03 %" a day: per 8 h. Where rates of coins rest; of other classes it is not known. */
const INTEREST = 0.0001;
export const interestOf = (assetClass: AssetClass | null): number | null => (assetClass === 'crypto' ? INTEREST : null);

/** Cap and floor stand in the list of markets. A rate is of 8 h over 8, of whatever interval: quiet hours rest at 0.0001/8. */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    {
      ...USUAL_TERMS,
      divides: true,
      source: 'https://support.backpack.exchange/technical-docs/trading/futures-specs, read in 2026; since when is not told',
    },
  ],
};
