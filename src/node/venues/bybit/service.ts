import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://bybit-exchange.github.io/docs/v5/market/tickers',
  nextFunding: 'tickers nextFundingTime',
  interval: 'tickers fundingIntervalHour, hours; instruments-info fundingInterval, minutes',
  openInterest: 'tickers singleOpenInterest, of one side, in base coins; openInterest where it is not given',
  caps: 'tickers fundingCap, where it is given; instruments-info upperFundingRate and lowerFundingRate',
  tiers: 'risk-limit, by instrument',
  settledDays: 'all',
  settledRows: 200,
  prices: 'mark and index',
  accrual: 'discrete',
  unverified: ['instruments and rules', 'risk limits', 'candles', 'order book', 'open interest of one side'],
};

export const INVERSE_SERVICE: VenueService = {
  ...SERVICE,
  openInterest: 'tickers singleOpenInterest, of one side, in USD; openInterest where it is not given',
  tiers: 'risk-limit, by instrument, in the coin',
  unverified: ['tickers', 'instruments and rules', 'risk limits', 'settlements', 'candles', 'order book'],
};
