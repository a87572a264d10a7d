import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://www.bitget.com/api-doc/contract/market/Get-All-Symbol-Ticker',
  nextFunding: 'current-fund-rate nextUpdate',
  interval: 'current-fund-rate fundingRateInterval, hours',
  openInterest: 'tickers holdingAmount, in base coins',
  caps: 'current-fund-rate maxFundingRate and minFundingRate',
  tiers: 'query-position-lever, by instrument; of coin-margined ones it does not say the unit, and none stands for them',
  settledDays: 'all',
  settledRows: 100,
  prices: 'mark and index',
  accrual: 'discrete',
  unverified: [
    'contracts',
    'coin-margined tickers',
    'classes of shares',
    'candles',
    'order book',
    'position tiers',
    'how far settlements go back',
  ],
};
