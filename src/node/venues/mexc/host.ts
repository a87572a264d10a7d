import type { ExchangeHost, RateLimit } from '#core/venue.ts';

/** 20 in two seconds and address for each endpoint, as clients of it hold to; its own pages were not read for it. */
const ENDPOINTS = ['ticker', 'funding_rate', 'history', 'index_price', 'fair_price', 'depth'] as const;
type Endpoint = (typeof ENDPOINTS)[number] | 'detail';

export const MEXC: ExchangeHost = {
  id: 'mexc',
  name: 'MEXC',
  tradingView: ['MEXC'],
  limits: [
    ...ENDPOINTS.map((bucket): RateLimit => ({ bucket, max: 20, perMs: 2_000 })),
    // Once in five seconds.
    { bucket: 'detail', max: 12, perMs: 60_000 },
  ],
};

/** What one question costs. */
export const costOf = (endpoint: Endpoint): Readonly<Record<string, number>> => ({ [endpoint]: 1 });
