import { HOUR_MS } from '../time.ts';
import type { No } from './metric.ts';
import type { Autoregression } from './rolling/autoregression.ts';

/** Half-life of mean reversion (domain 3.7). */

export const REVERSION_DAYS = 90;
export const REVERSION_MS = REVERSION_DAYS * 24 * HOUR_MS;
export const LEAST_VALUES = 60;

/** Steps of `intervalH` hours until half is gone; none where phi is not between 0 and 1. */
export function halfLifeHours(values: Autoregression, intervalH: number, no: No): number {
  if (values.values < LEAST_VALUES) return no('warming-up');
  const { phi } = values;
  if (phi !== phi) return no(values.pairs > 1 ? 'flat' : 'gap');
  // A straight line has phi = 1 but for the last digits.
  return phi > 0 && phi < 1 - 1e-12 ? (intervalH * Math.LN2) / -Math.log(phi) : no('no-reversion');
}
