import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://www.bitmex.com/api/explorer/#!/Instrument/Instrument_getActive',
  nextFunding: 'instrument/active fundingTimestamp',
  interval: 'instrument/active fundingInterval, as the time since 2000-01-01; every settlement states its own',
  openInterest: 'instrument/active openInterest, in contracts (inverse: of so much quote money, linear: of so much coin)',
  caps: 'instrument/active: 75 % of the initial less the maintenance margin, as it documents the cap',
  tiers: 'instrument/active maintMargin, one for all sizes; what it adds beyond the risk limit is a note',
  settledDays: 'all',
  settledRows: 500,
  prices: 'last trades only; an hour is stamped with its end',
  accrual: 'discrete',
  unverified: ['settlements', 'candles', 'order book', 'inverse contracts settled in another coin than BTC', 'error names'],
};
