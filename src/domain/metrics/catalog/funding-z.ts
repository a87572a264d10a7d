import type { SettlementFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { choice, whole } from '../params.ts';
import { RollingMoments } from '../rolling/moments.ts';

export const fundingZ = defineMetric({
  name: 'funding-z',
  title: 'Funding z-score',
  says: 'How far a settled rate lies from the mean of the settlements before it, in their standard deviations.',
  unit: 'score',
  on: 'settlement',
  inputs: ['rate'],
  params: {
    w: whole('Settlements before t.', { default: 90, min: 2, max: 8760, unit: 'settlements', usual: [30, 90, 270] }),
    sd: choice('Divisor of the variance: w - 1 (sample) or w (population).', ['sample', 'population']),
  },
  window: ({ w }) => ({ length: w, of: 'rows', need: w, t: 'excluded' }),
  formula:
    '(r(t) - mean)/sd of the w settled rates before t, per interval as charged; an interval change inside the window does not restart it',
  source: 'the plain z-score of published studies; t is excluded',
  state: ({ w }) => ({ before: new RollingMoments(w), used: 0, mean: NaN, sd: NaN }),
  start({ w, sd }, no, kept) {
    const scale = sd === 'sample' ? 1 : Math.sqrt((w - 1) / w);
    const live = (frame: SettlementFrame, row: number): number => {
      if (kept.before.count < w) return no('warming-up');
      const spread = scale * kept.before.sd;
      return spread > 0 ? (frame.rate[row]! - kept.before.mean) / spread : no('flat');
    };
    return {
      live,
      next(frame, row) {
        const z = live(frame, row);
        kept.used = kept.before.count;
        kept.mean = kept.used > 0 ? kept.before.mean : NaN;
        kept.sd = kept.used > 1 ? scale * kept.before.sd : NaN;
        kept.before.push(frame.rate[row]!);
        return z;
      },
      audit: (frame, row) => ({ n: kept.used, parts: { r: frame.rate[row]!, mean: kept.mean, sd: kept.sd } }),
    };
  },
});
