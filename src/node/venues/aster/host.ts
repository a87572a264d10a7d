import type { ExchangeHost } from '#core/venue.ts';

/** https://github.com/asterdex/api-docs: "Limits", by address. */
export const ASTER: ExchangeHost = {
  id: 'aster',
  name: 'Aster',
  limits: [{ bucket: 'weight', max: 2_400, perMs: 60_000 }],
  // Documented as X-MBX-USED-WEIGHT-(intervalNum)(intervalLetter), by address, with every answer.
  spent(headers) {
    const weight = headers['x-mbx-used-weight-1m'] ?? '';
    return /^\d{1,9}$/u.test(weight) ? { weight: Number(weight) } : {};
  },
};
