import type { ExchangeHost } from '#core/venue.ts';
import { MINUTE_MS } from '#domain/time.ts';

export const HYPERLIQUID: ExchangeHost = {
  id: 'hyperliquid',
  name: 'Hyperliquid',
  tradingView: ['HYPERLIQUID'],
  limits: [{ bucket: 'weight', max: 1200, perMs: MINUTE_MS }],
};
