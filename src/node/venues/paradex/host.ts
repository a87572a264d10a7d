import type { ExchangeHost } from '#core/venue.ts';

/** Requests of a minute. */
const MOST = 1_500;

/** 1,500 requests a minute by address, public and private together: https://docs.paradex.trade/api/general-information/rate-limits/api */
export const PARADEX: ExchangeHost = {
  id: 'paradex',
  name: 'Paradex',
  limits: [{ bucket: 'ip', max: MOST, perMs: 60_000 }],
  // With every answer (https://docs.paradex.trade/releases/changelog/2025/10/30): a limit and what is left of it. Of another limit it says nothing here.
  spent(headers) {
    const [most, left] = [headers['x-ratelimit-limit'], headers['x-ratelimit-remaining'] ?? ''];
    return most !== String(MOST) || !/^\d{1,4}$/u.test(left) || Number(left) > MOST ? {} : { ip: MOST - Number(left) };
  },
};

export const COST = { ip: 1 } as const;
