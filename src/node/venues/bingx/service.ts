import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://bingx-api.github.io/docs-v3/#/en/Swap/Market%20Data',
  nextFunding: 'premiumIndex nextFundingTime',
  interval: 'premiumIndex fundingIntervalHours, hours',
  openInterest: 'openInterest, one call a contract, in quote money',
  caps: 'premiumIndex maxFundingRate and minFundingRate',
  tiers: 'need a key: none stands for them',
  settledDays: 'all',
  settledRows: 1_000,
  prices: 'mark only; it serves no hours of the index',
  accrual: 'discrete',
  unverified: [
    'contract list and rules',
    'classes of contracts',
    'caps',
    'volumes',
    'order of settlements and of candles',
    'candles',
    'order book',
    'unit of the open interest',
    'error codes',
    'inverse contracts are left out: it serves no settlements of them',
  ],
};
