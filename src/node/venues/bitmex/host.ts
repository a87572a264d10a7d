import type { ExchangeHost } from '#core/venue.ts';
import { spentOf } from '../common/spent.ts';

/** 30 requests a minute without a key, by address: https://blog.bitmex.com/api_announcement/updates-to-rate-limits/ */
export const BITMEX: ExchangeHost = {
  id: 'bitmex',
  name: 'BitMEX',
  tradingView: ['BITMEX'],
  limits: [{ bucket: 'ip', max: 30, perMs: 60_000 }],
  // With every answer (https://www.bitmex.com/app/restAPI#Limits): what a minute holds, and what is left of it.
  spent(headers) {
    const spent = spentOf(headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']);
    return spent === null ? {} : { ip: spent };
  },
};

export const COST = { ip: 1 } as const;
