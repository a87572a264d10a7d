import type { ExchangeHost } from '#core/venue.ts';
import { MINUTE_MS } from '#domain/time.ts';

/**
 * fapi.binance.com and dapi.binance.com count each for itself ("They don't share limits with each other":
 * https://dev.binance.vision/t/request-limit-on-the-api-endpoints/9275), so COIN-M has a weight of its own. Its documentation's example
 * allows 6,000 a minute; what USD-M allows is taken for it, for less is never too much.
 */
export const BINANCE: ExchangeHost = {
  id: 'binance',
  name: 'Binance',
  tradingView: ['BINANCE'],
  limits: [
    { bucket: 'weight', max: 2400, perMs: MINUTE_MS },
    // fundingRate and fundingInfo of USD-M share this one, by address.
    { bucket: 'funding', max: 500, perMs: 5 * MINUTE_MS },
    { bucket: 'coin-weight', max: 2400, perMs: MINUTE_MS },
  ],
  // Documented as X-MBX-USED-WEIGHT-(intervalNum)(intervalLetter), by address, with every answer.
  spent(headers, path) {
    const weight = headers['x-mbx-used-weight-1m'] ?? '';
    if (!/^\d{1,9}$/u.test(weight)) return {};
    return { [path.startsWith('/dapi/') ? 'coin-weight' : 'weight']: Number(weight) };
  },
};
