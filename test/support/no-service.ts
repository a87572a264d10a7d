import type { VenueService } from '#core/venue-service.ts';

/** What no test looks at. */
export const NO_SERVICE: VenueService = {
  documentation: 'https://example.com',
  nextFunding: '',
  interval: '',
  openInterest: '',
  caps: null,
  tiers: '',
  settledDays: 'all',
  settledRows: 1000,
  prices: '',
  accrual: 'discrete',
  unverified: [],
};
