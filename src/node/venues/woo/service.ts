import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://developer.woox.io/api-reference/endpoint/public_data',
  nextFunding: 'fundingRate nextFundingTime; estFundingRate is the one that runs until then, lastFundingRate was paid',
  interval: 'fundingRate estFundingIntervalHours, hours; lastFundingIntervalHours is of the settlement before',
  openInterest: 'futures openInterest, in base coins',
  caps: 'instruments fundingCap and fundingFloor',
  tiers: 'not published: none stands for them',
  settledDays: 'all',
  settledRows: 100,
  prices: 'last trades only',
  accrual: 'discrete',
  unverified: [
    'list of instruments and rules',
    'prices, open interest and volumes',
    'caps',
    'candles',
    'order book',
    'most rows in a page of settlements',
    'error codes',
    'formula of the interest',
  ],
};
