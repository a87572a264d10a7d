import type { ExchangeHost } from '#core/venue.ts';

/** 400 a second and address, all paths together: https://docs.coinex.com/api/v2/rate-limit. Headers count what an account spends. */
export const COINEX: ExchangeHost = {
  id: 'coinex',
  name: 'CoinEx',
  tradingView: ['COINEX'],
  limits: [{ bucket: 'ip', max: 400, perMs: 1_000 }],
};

export const COST = { ip: 1 } as const;
