import { basisOnly } from '#domain/metrics/venue-terms.ts';

/**
 * Max(0.025 %, P) + min(-0.025 %, P) of the premium of every millisecond, which is not the figure of the mean premium of an hour: F is not
 * told. Its cap differs by instrument, and no answer states it.
 */
export const FORMULA = basisOnly(
  { continuous: true },
  'Deribit: continuous, quoted for 8 h (https://support.deribit.com/hc/en-us/articles/31424939178397-Funding-Specifications)',
);
