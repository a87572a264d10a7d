import type { ExchangeHost, RateLimit } from '#core/venue.ts';
import { endpointOf, spentOf } from '../common/spent.ts';

/** Endpoints that are limited apart from each other, per address and second: each page of the documentation says its own. */
const PER_SECOND = {
  contracts: 20,
  instruments: 20,
  tickers: 20,
  'current-fund-rate': 20,
  'history-fund-rate': 20,
  'history-mark-candles': 20,
  'history-index-candles': 20,
  'merge-depth': 20,
  'query-position-lever': 10,
} as const;
type Endpoint = keyof typeof PER_SECOND;

const ENDPOINTS = Object.keys(PER_SECOND) as Endpoint[];
const ofEndpoints = Object.entries(PER_SECOND).map(([bucket, max]): RateLimit => ({ bucket, max, perMs: 1_000 }));

/** Beside them all together 6,000 a minute, from which an address recovers in five: https://www.bitget.com/api-doc/common/faq */
export const BITGET: ExchangeHost = {
  id: 'bitget',
  name: 'Bitget',
  tradingView: ['BITGET'],
  limits: [{ bucket: 'ip', max: 6_000, perMs: 60_000 }, ...ofEndpoints],
  // "The remaining rate limit per second", of the endpoint that answered (Q11 of the same page); of the minute it says nothing.
  spent(headers, path) {
    const endpoint = endpointOf(ENDPOINTS, path);
    const spent = endpoint && spentOf(String(PER_SECOND[endpoint]), headers['x-mbx-used-remain-limit']);
    return endpoint === null || spent === null ? {} : { [endpoint]: spent };
  },
};

/** What one question costs. */
export const costOf = (endpoint: Endpoint): Readonly<Record<string, number>> => ({ ip: 1, [endpoint]: 1 });
