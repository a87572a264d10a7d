import type { ExchangeHost } from '#core/venue.ts';
import { spentOf } from '../common/spent.ts';

/** https://docs.dydx.xyz/concepts/trading/limits/rate-limits: 100 requests in 10 s by address, all paths of the indexer together. */
export const DYDX: ExchangeHost = {
  id: 'dydx',
  name: 'dYdX',
  limits: [{ bucket: 'ip', max: 100, perMs: 10_000 }],
  // With every answer, as its indexer sets them (https://github.com/dydxprotocol/v4-chain, comlink/src/lib/rate-limit.ts); its Retry-After is in milliseconds.
  spent(headers) {
    const spent = spentOf(headers['ratelimit-limit'], headers['ratelimit-remaining']);
    return spent === null ? {} : { ip: spent };
  },
  retryAfterUnitMs: 1,
};
