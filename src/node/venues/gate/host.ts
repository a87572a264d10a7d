import type { ExchangeHost, RateLimit } from '#core/venue.ts';

/**
 * 200 requests in ten seconds for each public endpoint and address, since 2024-01-22
 * (https://www.gate.com/announcements/article/33995). What two settle currencies count together or apart is not said: together here.
 */
const within10s = (bucket: string): RateLimit => ({ bucket, max: 200, perMs: 10_000 });

export const GATE: ExchangeHost = {
  id: 'gate',
  name: 'Gate',
  limits: ['contracts', 'tickers', 'funding_rate', 'candlesticks', 'order_book', 'risk_limit_tiers'].map(within10s),
};
