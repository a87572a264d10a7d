import type { ExchangeHost } from '#core/venue.ts';
import { spentOf } from '../common/spent.ts';

/** Requests of a minute. */
const MOST = 1_500;

/** 1,500 requests a minute by address, public and private together: https://docs.paradex.trade/api/general-information/rate-limits/api */
export const PARADEX: ExchangeHost = {
  id: 'paradex',
  name: 'Paradex',
  limits: [{ bucket: 'ip', max: MOST, perMs: 60_000 }],
  // With every answer (https://docs.paradex.trade/releases/changelog/2025/10/30): a limit and what is left of it. Of another limit it says nothing here.
  spent(headers) {
    const limit = headers['x-ratelimit-limit'];
    const spent = limit === String(MOST) ? spentOf(limit, headers['x-ratelimit-remaining']) : null;
    return spent === null ? {} : { ip: spent };
  },
};

export const COST = { ip: 1 } as const;
