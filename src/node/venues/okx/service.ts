import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://www.okx.com/docs-v5/en/#public-data',
  nextFunding: 'funding-rate fundingTime',
  interval: 'funding-rate: from prevFundingTime to fundingTime, milliseconds; else from there to nextFundingTime',
  openInterest: 'open-interest oi, in contracts of ctVal',
  caps: 'funding-rate maxFundingRate and minFundingRate',
  tiers: 'position-tiers, by family: the tier of the whole position',
  settledDays: 92,
  settledRows: 400,
  prices: 'mark and index',
  accrual: 'discrete',
  unverified: ['instruments', 'mark prices', 'index tickers', 'tickers', 'candles', 'order book', 'position tiers'],
};
