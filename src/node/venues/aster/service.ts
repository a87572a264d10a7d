import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://github.com/asterdex/api-docs',
  nextFunding: 'premiumIndex nextFundingTime',
  interval: 'fundingInfo fundingIntervalHours, hours; 8 where it does not list the symbol',
  openInterest:
    '/fapi/v1/openInterest, in base coins, one request an instrument; its documentation does not name the call, programs of others use it',
  caps: 'fundingInfo fundingFeeCap and fundingFeeFloor',
  tiers: 'need a key: none stands for them',
  settledDays: 'all',
  settledRows: 1_000,
  prices: 'mark and index',
  accrual: 'discrete',
  unverified: ['contract list and rules', 'candles', 'order book', 'volumes', 'error codes', 'classes of contracts', 'open interest'],
  noFees: 'its documentation tells 0.02 and 0.07 %, 0.01 and 0.035 %, and 0.005 and 0.04 % on pages without dates',
};
