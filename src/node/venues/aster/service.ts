import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://github.com/asterdex/api-docs',
  nextFunding: 'premiumIndex nextFundingTime',
  interval: 'fundingInfo fundingIntervalHours, hours; 8 where it does not list the symbol',
  openInterest: 'not read: no call for it is documented (others tell of openInterest, one request an instrument, in coins of one side)',
  caps: 'fundingInfo fundingFeeCap and fundingFeeFloor',
  tiers: 'need a key: none stands for them',
  settledDays: 'all',
  settledRows: 1_000,
  prices: 'mark and index',
  accrual: 'discrete',
  unverified: ['contract list and rules', 'candles', 'order book', 'volumes', 'error codes', 'classes of contracts'],
};
