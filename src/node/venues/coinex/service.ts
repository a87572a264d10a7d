import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://docs.coinex.com/api/v2/futures/market',
  nextFunding: 'funding-rate next_funding_time; next_funding_rate is the one that runs until then, latest_funding_rate was paid',
  interval: 'funding-rate: how far latest_funding_time and next_funding_time are apart',
  openInterest: 'ticker open_interest_volume, else that of market, in base coins (inverse: in USD)',
  caps: 'funding-rate max_funding_rate and min_funding_rate',
  tiers: 'position-level amount, in contracts: the level of the whole position',
  settledDays: 'all',
  settledRows: 100,
  prices: 'mark and index, of the newest 999 hours only',
  accrual: 'discrete',
  unverified: [
    'contract list and rules',
    'tickers',
    'open interest',
    'candles and how far they go back',
    'order book',
    'position levels, and that the whole position pays the rate of its level',
    'most rows in a page of settlements and their order',
    'error codes',
    'its futures are said to have ended on 2026-09-22',
  ],
};
