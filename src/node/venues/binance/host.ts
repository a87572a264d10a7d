import type { ExchangeHost } from '#core/venue.ts';
import { MINUTE_MS } from '#domain/time.ts';

export const BINANCE: ExchangeHost = {
  id: 'binance',
  name: 'Binance',
  limits: [
    { bucket: 'weight', max: 2400, perMs: MINUTE_MS },
    // fundingRate and fundingInfo share this one, by address.
    { bucket: 'funding', max: 500, perMs: 5 * MINUTE_MS },
  ],
  // Documented as X-MBX-USED-WEIGHT-(intervalNum)(intervalLetter), by address, with every answer.
  spent(headers) {
    const weight = headers['x-mbx-used-weight-1m'] ?? '';
    return /^\d{1,9}$/u.test(weight) ? { weight: Number(weight) } : {};
  },
};
