import type { ExchangeHost, RateLimit } from '#core/venue.ts';
import { endpointOf, spentOf } from '../common/spent.ts';

/** 500 in ten seconds and address, "each API having its own independent rate limit": https://bingx-api.github.io/docs-v3/ */
const MOST = 500;
const ENDPOINTS = ['premiumIndex', 'contracts', 'ticker', 'fundingRate', 'markPriceKlines', 'depth', 'openInterest'] as const;
type Endpoint = (typeof ENDPOINTS)[number];

export const BINGX: ExchangeHost = {
  id: 'bingx',
  name: 'BingX',
  tradingView: ['BINGX'],
  limits: ENDPOINTS.map((bucket): RateLimit => ({ bucket, max: MOST, perMs: 10_000 })),
  // Documented as X-RateLimit-Requests-Remain, of the endpoint that answered.
  spent(headers, path) {
    const endpoint = endpointOf(ENDPOINTS, path);
    const spent = spentOf(String(MOST), headers['x-ratelimit-requests-remain']);
    return endpoint === null || spent === null ? {} : { [endpoint]: spent };
  },
};

/** What one question costs. */
export const costOf = (endpoint: Endpoint): Readonly<Record<string, number>> => ({ [endpoint]: 1 });
