import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://www.gate.com/docs/developers/apiv4/en/#futures',
  nextFunding: 'contracts funding_next_apply, seconds',
  interval: 'contracts funding_interval, seconds',
  openInterest: 'contracts position_size, in contracts of quanto_multiplier',
  caps: 'contracts funding_rate_limit: one number for both',
  tiers: 'risk_limit_tiers, by instrument',
  settledDays: 'all',
  settledRows: 1000,
  prices: 'mark and index',
  accrual: 'discrete',
  unverified: ['contracts in BTC', 'candles', 'order book', 'position tiers', 'how far settlements go back'],
};
