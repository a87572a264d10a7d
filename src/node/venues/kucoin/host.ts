import type { ExchangeHost } from '#core/venue.ts';
import { spentOf } from '../common/spent.ts';

/** Weights of public endpoints per address, spot and futures together: https://www.kucoin.com/docs-new/rate-limit */
export const KUCOIN: ExchangeHost = {
  id: 'kucoin',
  name: 'KuCoin',
  tradingView: ['KUCOIN'],
  limits: [{ bucket: 'public', max: 2_000, perMs: 30_000 }],
  // Documented beside the limit, by address, with every answer: what the window holds, and what is left of it.
  spent(headers) {
    const spent = spentOf(headers['gw-ratelimit-limit'], headers['gw-ratelimit-remaining']);
    return spent === null ? {} : { public: spent };
  },
};

/** `api-rate-limit-weight` of each page of https://www.kucoin.com/docs-new/rest/futures-trading/market-data */
export const WEIGHTS = {
  contracts: { public: 3 },
  fundingRates: { public: 5 },
  klines: { public: 3 },
  book: { public: 3 },
  riskLimits: { public: 5 },
} as const;
