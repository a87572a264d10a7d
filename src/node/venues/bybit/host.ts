import type { ExchangeHost } from '#core/venue.ts';

/**
 * 600 requests in five seconds by address: https://bybit-exchange.github.io/docs/v5/rate-limit. Its headers (X-Bapi-Limit-Status) count by
 * account and second, of what needs a key: of the address they say nothing.
 */
export const BYBIT: ExchangeHost = {
  id: 'bybit',
  name: 'Bybit',
  tradingView: ['BYBIT'],
  limits: [{ bucket: 'ip', max: 600, perMs: 5000 }],
};
