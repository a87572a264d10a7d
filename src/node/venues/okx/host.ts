import type { ExchangeHost, RateLimit } from '#core/venue.ts';

/**
 * Each endpoint has a limit of its own per address, as its documentation says. Where that counts per instrument too, the address
 * counts here: less is asked than the venue allows, never more.
 */
const within2s = (bucket: string, max: number): RateLimit => ({ bucket, max, perMs: 2_000 });

export const OKX: ExchangeHost = {
  id: 'okx',
  name: 'OKX',
  tradingView: ['OKX'],
  limits: [
    within2s('instruments', 20),
    within2s('funding-rate', 10),
    within2s('funding-rate-history', 10),
    within2s('mark-price', 10),
    within2s('index-tickers', 20),
    within2s('open-interest', 20),
    within2s('tickers', 20),
    within2s('history-mark-price-candles', 10),
    within2s('history-index-candles', 10),
    within2s('position-tiers', 10),
    within2s('books-full', 10),
  ],
};
