import { basisOnly } from '#domain/metrics/venue-terms.ts';

/** The interest of each market is fixed, and no answer states it, so that F is not told. */
export const FORMULA = basisOnly(
  { divides: true },
  'Lighter: the premium of an hour, an eighth of which is paid (https://docs.lighter.xyz/trading/funding)',
);
