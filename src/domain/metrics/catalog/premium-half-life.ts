import { HOUR_MS } from '../../time.ts';
import { defineMetric } from '../metric.ts';
import { halfLifeHours, LEAST_VALUES, REVERSION_DAYS, REVERSION_MS } from '../reversion.ts';
import { Autoregression } from '../rolling/autoregression.ts';

export const premiumHalfLife = defineMetric({
  name: 'premium-half-life',
  title: 'Half-life of the premium',
  says: "Hours in which half of the perp's distance from spot is usually gone.",
  unit: 'hours',
  on: 'hour',
  inputs: ['mark', 'index'],
  params: {},
  window: () => ({ length: REVERSION_DAYS * 24, of: 'hours', need: LEAST_VALUES, t: 'included' }),
  formula: 'ln 0.5/ln phi, phi of AR(1) of mark/index - 1 on hourly closes, least squares with intercept; 90 days, 60 values at least',
  source: 'domain 3.7',
  state: () => ({ premiums: new Autoregression(REVERSION_MS), at: NaN }),
  start(_params, no, kept) {
    return {
      next(frame, row) {
        const premium = frame.mark[row]! / frame.index[row]! - 1;
        if (premium !== premium) return no('no-price');
        const follows = frame.time[row]! - kept.at === HOUR_MS;
        kept.at = frame.time[row]!;
        kept.premiums.push(kept.at, premium, follows);
        return halfLifeHours(kept.premiums, 1, no);
      },
      audit: () => ({ n: kept.premiums.values, from: kept.premiums.since, parts: { phi: kept.premiums.phi, pairs: kept.premiums.pairs } }),
    };
  },
});
