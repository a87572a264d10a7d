import type { ExchangeHost, RateLimit } from '#core/venue.ts';

/** Each page of https://www.mexc.com/api-docs/futures/market-endpoints says its own limit, per address: 20 in two seconds. */
const ENDPOINTS = ['ticker', 'funding_rate', 'history', 'index_price', 'fair_price', 'depth'] as const;
type Endpoint = (typeof ENDPOINTS)[number] | 'detail';

export const MEXC: ExchangeHost = {
  id: 'mexc',
  name: 'MEXC',
  limits: [
    ...ENDPOINTS.map((bucket): RateLimit => ({ bucket, max: 20, perMs: 2_000 })),
    // Once in five seconds.
    { bucket: 'detail', max: 12, perMs: 60_000 },
  ],
};

/** What one question costs. */
export const costOf = (endpoint: Endpoint): Readonly<Record<string, number>> => ({ [endpoint]: 1 });
