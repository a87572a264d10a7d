import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://docs.deribit.com/api-reference/market-data/public-get_book_summary_by_currency',
  nextFunding: 'none: funding accrues all the time',
  interval: 'by its documentation: current_funding is quoted for 8 h, interest_1h of the history is what an hour accrued',
  openInterest: 'get_book_summary_by_currency open_interest, in dollars of inverse contracts, in coins of those settled in USDC',
  caps: null,
  tiers: 'it states none without a key',
  settledDays: 'all',
  settledRows: 744,
  prices: 'index only, of the rows of its funding history',
  accrual: 'continuous',
  unverified: [
    'contracts settled in USDC',
    'order and most rows of the history',
    'whether a stamp is of the end of its hour',
    'limits of requests',
    'error codes',
  ],
};
