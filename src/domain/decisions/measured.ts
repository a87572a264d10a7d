import { Autoregression } from '../metrics/rolling/autoregression.ts';
import { halfLifeHours, REVERSION_MS } from '../metrics/reversion.ts';
import { HOUR_MS } from '../time.ts';

export interface Spread {
  /** Hour closes, contiguous. */
  readonly time: Float64Array;
  /** Short minus long per hour; NaN where one of the two is not known. */
  readonly value: Float64Array;
  /** Hours between settlements of the leg that settles less often; NaN in a gap. */
  readonly stepH: Float64Array;
}

/**
 * Half-life of a spread in hours after domain 3.7, null where none can be measured: one value per settlement of the slower leg
 * (hourly copies of its steps would fake persistence), 90 days, 60 values at least, since the last change of interval.
 */
export function spreadHalfLife({ time, value, stepH }: Spread): number | null {
  const values = new Autoregression(REVERSION_MS);
  let [before, step] = [NaN, NaN];
  for (let i = 0; i < time.length; i++) {
    const t = time[i]!;
    if (Number.isNaN(value[i]!) || t % (stepH[i]! * HOUR_MS) !== 0) continue;
    if (stepH[i] !== step) values.clear();
    step = stepH[i]!;
    values.push(t, value[i]!, t - before === step * HOUR_MS);
    before = t;
  }
  const hours = halfLifeHours(values, step, () => NaN);
  return hours > 0 ? hours : null;
}

/** Mean of the hours that are known; null of none. */
export function meanOfKnown(values: Float64Array): number | null {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
