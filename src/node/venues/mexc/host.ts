import type { ExchangeHost, RateLimit } from '#core/venue.ts';

/** In two seconds, each endpoint by itself: https://www.mexc.com/api-docs/futures/market-endpoints, as read on 2026-09-15. */
const IN_TWO_SECONDS = { ticker: 10, funding_rate: 20, history: 20, index_price: 20, fair_price: 20, depth: 10 } as const;
type Endpoint = keyof typeof IN_TWO_SECONDS | 'detail';

export const MEXC: ExchangeHost = {
  id: 'mexc',
  name: 'MEXC',
  tradingView: ['MEXC'],
  limits: [
    ...Object.entries(IN_TWO_SECONDS).map(([bucket, max]): RateLimit => ({ bucket, max, perMs: 2_000 })),
    // Once in five seconds, by its older pages; ten in two by the newer ones.
    { bucket: 'detail', max: 12, perMs: 60_000 },
  ],
};

/** What one question costs. */
export const costOf = (endpoint: Endpoint): Readonly<Record<string, number>> => ({ [endpoint]: 1 });
