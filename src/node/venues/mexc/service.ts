import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://www.mexc.com/api-docs/futures/market-endpoints',
  nextFunding: 'contract/funding_rate nextSettleTime',
  interval: 'contract/funding_rate collectCycle, hours',
  openInterest: 'contract/ticker holdVol, in contracts of contractSize coins (of inverse ones: of so many USD)',
  caps: 'contract/funding_rate maxFundingRate and minFundingRate',
  tiers: 'contract/detail riskBaseVol and riskIncrVol, in contracts: the level of the whole position',
  settledDays: 'all',
  settledRows: 1_000,
  prices: 'mark (fair price) and index',
  accrual: 'discrete',
  unverified: [
    'contract list and rules',
    'classes of contracts',
    'tickers',
    'list of all rates',
    'candles',
    'order book',
    'risk levels',
    'error codes',
    'limits of requests',
  ],
};
