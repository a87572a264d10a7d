import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://docs.kraken.com/api/docs/futures-api/trading/get-tickers',
  nextFunding: 'not said: every hour on the hour, by the server time of tickers',
  interval: 'not said: 1 hour for all',
  openInterest: 'tickers openInterest, in base coins (inverse: contracts of 1 USD)',
  caps: 'instruments maxRelativeFundingRate and minRelativeFundingRate',
  tiers: 'instruments marginLevels, by value (inverse: by contracts): the level of the whole position',
  settledDays: 365,
  settledRows: 9_000,
  prices: 'mark and index',
  accrual: 'discrete',
  unverified: [
    'contract list and rules',
    'inverse tickers',
    'candles',
    'order book',
    'whether a stamp is of the beginning or the end of its hour',
    'how far settlements go back',
    'error names',
    'limits of requests',
  ],
};
