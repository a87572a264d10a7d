import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://docs.paradex.trade/api/prod/markets/get-markets-summary',
  nextFunding: 'none: funding accrues all the time',
  interval: 'markets funding_period_hours: what its rate is quoted for',
  openInterest: 'markets/summary open_interest, in base coins',
  caps: 'markets max_funding_rate, of the funding period; here for the hour',
  tiers: 'markets delta1_cross_margin_params: one maintenance for all sizes; what it adds to large positions is a note',
  settledDays: 'all',
  settledRows: 1,
  prices: 'mark and index',
  accrual: 'continuous',
  unverified: ['order of funding/data, and how far it goes back', 'candles', 'order book', 'margins and rules', 'error names'],
};
