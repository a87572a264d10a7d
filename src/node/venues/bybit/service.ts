import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://bybit-exchange.github.io/docs/v5/market/tickers',
  nextFunding: 'tickers nextFundingTime',
  interval: 'tickers fundingIntervalHour, hours; instruments-info fundingInterval, minutes',
  openInterest: 'tickers openInterest, in base coins',
  caps: 'tickers fundingCap, where it is given; instruments-info upperFundingRate and lowerFundingRate',
  tiers: 'risk-limit, by instrument',
  settledDays: 'all',
  settledRows: 200,
  prices: 'mark and index',
  accrual: 'discrete',
  unverified: ['instruments and rules', 'risk limits', 'candles', 'order book'],
};
