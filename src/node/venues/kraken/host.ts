import type { ExchangeHost } from '#core/venue.ts';

/** Of public questions it documents no limit, but that there is one (apiLimitExceeded): a restraint of our own, far below what is known of others. */
export const KRAKEN: ExchangeHost = {
  id: 'kraken',
  name: 'Kraken',
  tradingView: ['KRAKEN'],
  limits: [{ bucket: 'requests', max: 50, perMs: 10_000 }],
};

export const COST = { requests: 1 } as const;
