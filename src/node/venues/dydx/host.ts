import type { ExchangeHost } from '#core/venue.ts';

/** https://docs.dydx.xyz/concepts/trading/limits/rate-limits: 100 requests in 10 s by address, all paths of the indexer together. */
export const DYDX: ExchangeHost = { id: 'dydx', name: 'dYdX', limits: [{ bucket: 'ip', max: 100, perMs: 10_000 }] };
