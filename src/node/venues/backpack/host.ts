import type { ExchangeHost } from '#core/venue.ts';

/** It publishes no limit and tells none in headers: 20 a second, as clients of it hold to. */
export const BACKPACK: ExchangeHost = { id: 'backpack', name: 'Backpack', limits: [{ bucket: 'ip', max: 20, perMs: 1_000 }] };

export const COST = { ip: 1 } as const;
