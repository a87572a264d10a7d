import type { ExchangeHost } from '#core/venue.ts';

/** 30 requests a minute without a key, by address: https://blog.bitmex.com/api_announcement/updates-to-rate-limits/ */
export const BITMEX: ExchangeHost = {
  id: 'bitmex',
  name: 'BitMEX',
  limits: [{ bucket: 'ip', max: 30, perMs: 60_000 }],
  // With every answer (https://www.bitmex.com/app/restAPI#Limits): what a minute holds, and what is left of it.
  spent(headers) {
    const [most, left] = ['x-ratelimit-limit', 'x-ratelimit-remaining'].map((name) => units(headers[name]));
    return most === undefined || left === undefined || left > most ? {} : { ip: most - left };
  },
};

const units = (header = ''): number | undefined => (/^\d{1,9}$/u.test(header) ? Number(header) : undefined);

export const COST = { ip: 1 } as const;
