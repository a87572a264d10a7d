import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint/perpetuals',
  nextFunding: 'nowhere: the end of the hour',
  interval: 'every hour, by its documentation',
  openInterest: 'metaAndAssetCtxs openInterest, in base coins',
  caps: 'its documentation: 4 % an hour',
  tiers: 'meta maxLeverage and margin tables',
  settledDays: 'all',
  settledRows: 500,
  prices: 'last trades only, the newest 5000 hours',
  accrual: 'discrete',
  unverified: ['margin tables', 'candles', 'order book'],
};

export const BUILDERS_SERVICE: VenueService = {
  ...SERVICE,
  interval: 'every hour, by its documentation',
  openInterest: 'metaAndAssetCtxs openInterest of each dex, in base coins',
  caps: null,
  tiers: 'meta maxLeverage and margin tables of each dex',
  unverified: ['dexes, tokens and classes', 'margin tables', 'candles', 'order book'],
};
