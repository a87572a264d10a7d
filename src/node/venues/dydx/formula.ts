import { basisOnly } from '#domain/metrics/venue-terms.ts';

/**
 * The premium of 8 h, divided, and an interest on top of it that polls state by market (`defaultFundingRate1H`): no clamp pulls one to
 * the other, so that F, as the other venues have it, is not told.
 */
export const FORMULA = basisOnly({ divides: true }, 'dYdX v4: 8 h premium paid hourly (https://docs.dydx.xyz/concepts/trading/funding)');
