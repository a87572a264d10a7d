import type { VenueService } from '#core/venue-service.ts';

export const SERVICE: VenueService = {
  documentation: 'https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api',
  nextFunding: 'premiumIndex nextFundingTime',
  interval: 'fundingInfo fundingIntervalHours, hours; 8 where it does not list the symbol',
  openInterest: 'openInterest, in base coins, one request an instrument',
  caps: 'fundingInfo adjustedFundingRateCap and adjustedFundingRateFloor, of symbols that were adjusted',
  tiers: 'need a key: the maintenance of its smallest tier stands for all, and that is said',
  settledDays: 'all',
  settledRows: 1000,
  prices: 'mark and index',
  accrual: 'discrete',
  unverified: ['contract list and rules', 'candles', 'order book', 'volumes'],
};

export const COIN_M_SERVICE: VenueService = {
  ...SERVICE,
  documentation: 'https://developers.binance.com/docs/derivatives/coin-margined-futures/market-data/rest-api',
  openInterest: 'openInterest, in contracts of contractSize US dollars, one request an instrument',
  unverified: ['rates', 'contract list and rules', 'settlements', 'candles', 'order book', 'volumes', 'fees'],
};
