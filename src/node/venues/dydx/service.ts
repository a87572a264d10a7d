import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://docs.dydx.xyz/indexer-client/http',
  nextFunding: 'nowhere: the end of the hour',
  interval: 'every hour, by its documentation',
  openInterest: 'perpetualMarkets openInterest, in base coins',
  caps: 'perpetualMarkets: six times the initial less the maintenance margin fraction, for 8 h, as it documents the clamp',
  tiers: 'perpetualMarkets maintenanceMarginFraction, one for all sizes',
  settledDays: 'all',
  settledRows: 1_000,
  prices: 'last trades only; it has no mark price, positions are valued at the oracle price',
  accrual: 'discrete',
  unverified: ['margins, steps and interest of markets', 'candles', 'order book', 'most rows in a page of settlements'],
};
