import type { ExchangeHost } from '#core/venue.ts';

/** Questions without a key are limited by address, by how much is not documented (https://docs.deribit.com/articles/rate-limits): a restraint of our own. */
export const DERIBIT: ExchangeHost = {
  id: 'deribit',
  name: 'Deribit',
  tradingView: ['DERIBIT'],
  limits: [{ bucket: 'ip', max: 50, perMs: 10_000 }],
};

export const COST = { ip: 1 } as const;
