import type { ExchangeHost, RateLimit } from '#core/venue.ts';

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

const ofEndpoints = Object.entries(PER_SECOND).map(([bucket, max]): RateLimit => ({ bucket, max, perMs: 1_000 }));

/** Beside them all together 6,000 a minute, from which an address recovers in five: https://www.bitget.com/api-doc/common/faq */
export const BITGET: ExchangeHost = {
  id: 'bitget',
  name: 'Bitget',
  limits: [{ bucket: 'ip', max: 6_000, perMs: 60_000 }, ...ofEndpoints],
};

/** What one question costs. */
export const costOf = (endpoint: Endpoint): Readonly<Record<string, number>> => ({ ip: 1, [endpoint]: 1 });
