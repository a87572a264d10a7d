import type { ExchangeHost } from '#core/venue.ts';

/** 60 requests a minute by address, whatever they ask for: https://apidocs.lighter.xyz/docs/rate-limits */
export const LIGHTER: ExchangeHost = { id: 'lighter', name: 'Lighter', limits: [{ bucket: 'ip', max: 60, perMs: 60_000 }] };

export const COST = { ip: 1 } as const;
