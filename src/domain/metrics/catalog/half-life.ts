import { HOUR_MS } from '../../time.ts';
import { defineMetric } from '../metric.ts';
import { Autoregression } from '../rolling/autoregression.ts';
import { halfLifeHours, LEAST_VALUES, REVERSION_DAYS, REVERSION_MS } from '../reversion.ts';

export const halfLife = defineMetric({
  name: 'half-life',
  title: 'Half-life of funding',
  says: 'Hours in which half of an excursion of funding is usually gone.',
  unit: 'hours',
  on: 'settlement',
  inputs: ['rate', 'intervalH'],
  params: {},
  window: () => ({ length: REVERSION_DAYS * 24, of: 'hours', need: LEAST_VALUES, t: 'included' }),
  formula: 'h ln 0.5/ln phi, phi of AR(1) by least squares with intercept; 90 days, 60 values at least, since the last change of interval',
  source: 'domain 3.7',
  state: () => ({ rates: new Autoregression(REVERSION_MS), key: NaN, intervalH: NaN }),
  start(_params, no, kept) {
    return {
      next(frame, row) {
        if (!(frame.intervalH[row]! > 0)) return no('interval-unknown');
        if (frame.intervalH[row] !== kept.intervalH) kept.rates.clear();
        kept.intervalH = frame.intervalH[row]!;
        // The next one, however far its stamp is off the hour: a pair across a missing settlement would be no lag of one.
        const follows = Math.round((frame.time[row]! - kept.key) / (kept.intervalH * HOUR_MS)) === 1;
        kept.key = frame.time[row]!;
        kept.rates.push(kept.key, frame.rate[row]!, follows);
        return halfLifeHours(kept.rates, kept.intervalH, no);
      },
      audit: () => ({
        n: kept.rates.values,
        from: kept.rates.since,
        parts: { phi: kept.rates.phi, pairs: kept.rates.pairs, intervalH: kept.intervalH },
      }),
    };
  },
});
