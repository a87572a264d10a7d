import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://www.gate.com/docs/developers/apiv4/en/#futures',
  nextFunding: 'contracts funding_next_apply, seconds',
  interval: 'contracts funding_interval, seconds',
  openInterest: 'contracts position_size, of one side, in contracts of quanto_multiplier coins (in BTC: of 1 USD)',
  caps: 'contracts funding_rate_limit, one number for both',
  tiers: 'risk_limit_tiers, by contract: each part of a position at the rate of its tier',
  settledDays: 'all',
  settledRows: 1_000,
  prices: 'mark and index, the newest 10,000 hours',
  accrual: 'discrete',
  unverified: [
    ...['contracts in BTC', 'classes of contracts', 'tickers', 'candles', 'order book', 'risk limits'],
    ...['order and depth of settlements', 'hour of the new formula', 'maker fee'],
  ],
};
