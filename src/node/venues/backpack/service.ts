import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://docs.backpack.exchange',
  nextFunding: 'markPrices nextFundingTimestamp',
  interval: 'markets fundingInterval, milliseconds',
  openInterest: 'openInterest of all, in base coins',
  caps: 'markets fundingRateUpperBound and fundingRateLowerBound, in basis points',
  tiers: 'markets mmfFunction: its base; what grows with the root of the position value is a note',
  settledDays: 'all',
  settledRows: 1_000,
  prices: 'mark and index',
  accrual: 'discrete',
  unverified: [
    'list of markets and rules',
    'classes of contracts',
    'volumes',
    'candles and how many an answer holds',
    'order book',
    'how far settlements go back',
    'limits of requests',
    'interest of shares and indices',
  ],
};
