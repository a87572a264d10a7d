import { USUAL_TERMS, type VenueFormula } from '#domain/metrics/venue-terms.ts';

/** Interest of coins per 8 h: where settlements of BTC_USDT rested in every quarter since 2023, and half a dozen other values before. */
export const INTEREST_OF_COINS = 0.0001;

/** Its lists state cap and floor by contract, no interest and no premium. What it tells of its formula agrees with no other page: no clamp. */
export const FORMULA: VenueFormula = {
  ownPremium: false,
  terms: [
    { ...USUAL_TERMS, clamp: null, source: 'MEXC: settlements before 2023 rest at several values' },
    {
      ...USUAL_TERMS,
      from: Date.UTC(2023, 0, 1),
      interestPer8h: INTEREST_OF_COINS,
      clamp: null,
      source: 'MEXC: where recorded settlements of BTC_USDT rest since 2023; its formula is not sourced',
    },
  ],
};
