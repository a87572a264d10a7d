import type { ExchangeHost, RateLimit } from '#core/venue.ts';

/** "10 requests per 1 second per IP address" beside each endpoint of https://developer.woox.io/api-reference/endpoint/public_data. */
const ENDPOINTS = ['fundingRate', 'futures', 'instruments', 'fundingRateHistory', 'klineHistory', 'orderbook'] as const;

export const WOO: ExchangeHost = {
  id: 'woo',
  name: 'WOO X',
  tradingView: ['WOONETWORK'],
  limits: ENDPOINTS.map((bucket): RateLimit => ({ bucket, max: 10, perMs: 1_000 })),
};

/** What one question costs. */
export const costOf = (endpoint: (typeof ENDPOINTS)[number]): Readonly<Record<string, number>> => ({ [endpoint]: 1 });
