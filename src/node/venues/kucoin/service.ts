import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://www.kucoin.com/docs-new/rest/futures-trading/market-data/get-all-symbols',
  nextFunding: 'contracts/active nextFundingRateDateTime',
  interval: 'contracts/active currentFundingRateGranularity, milliseconds',
  openInterest: 'contracts/active openInterest, in lots of multiplier',
  caps: 'contracts/active fundingRateCap and fundingRateFloor',
  tiers: 'risk-limit: the level of the whole position',
  settledDays: 'all',
  settledRows: 100,
  prices: 'index only',
  accrual: 'discrete',
  unverified: ['risk limits', 'order book of inverse contracts', 'candles', 'how far settlements go back'],
};
