import type { ExchangeHost } from '#core/venue.ts';

export const BYBIT: ExchangeHost = {
  id: 'bybit',
  name: 'Bybit',
  limits: [{ bucket: 'ip', max: 600, perMs: 5000 }],
};
