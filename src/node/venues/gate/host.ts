import type { ExchangeHost, RateLimit } from '#core/venue.ts';
import { endpointOf, spentOf } from '../common/spent.ts';

/**
 * 200 requests in ten seconds for each public endpoint and address, since 2024-01-22
 * (https://www.gate.com/announcements/article/33995). What two settle currencies count together or apart is not said: together here.
 */
const within10s = (bucket: string): RateLimit => ({ bucket, max: 200, perMs: 10_000 });

const ENDPOINTS = ['contracts', 'tickers', 'funding_rate', 'candlesticks', 'order_book', 'risk_limit_tiers'] as const;

export const GATE: ExchangeHost = {
  id: 'gate',
  name: 'Gate',
  tradingView: ['GATE', 'GATEIO'],
  limits: ENDPOINTS.map(within10s),
  // "Each request to the API response header will contain": what the endpoint that answered allows, and what is left of it
  // (https://www.gate.com/docs/developers/apiv4/en/#frequency-limit-rule).
  spent(headers, path) {
    const endpoint = endpointOf(ENDPOINTS, path);
    const spent = spentOf(headers['x-gate-ratelimit-limit'], headers['x-gate-ratelimit-requests-remain']);
    return endpoint === null || spent === null ? {} : { [endpoint]: spent };
  },
};
