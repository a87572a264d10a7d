import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://apidocs.lighter.xyz/reference/funding-rates',
  nextFunding: 'nowhere: the end of the hour',
  interval: 'every hour, by its documentation; funding-rates are quoted for 8 h',
  openInterest: 'orderBookDetails open_interest, in base coins',
  caps: null,
  tiers: 'orderBookDetails maintenance_margin_fraction, one for all sizes',
  settledDays: 'all',
  settledRows: 750,
  prices: 'last trades only',
  accrual: 'discrete',
  unverified: ['how far settlements go back', 'error codes'],
};
