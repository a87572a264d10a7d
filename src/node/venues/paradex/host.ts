import type { ExchangeHost } from '#core/venue.ts';

/** 1,500 requests a minute by address, public and private together: https://docs.paradex.trade/api/general-information/rate-limits/api */
export const PARADEX: ExchangeHost = {
  id: 'paradex',
  name: 'Paradex',
  limits: [{ bucket: 'ip', max: 1_500, perMs: 60_000 }],
};

export const COST = { ip: 1 } as const;
