import { defineMetric } from '../metric.ts';
import { whole } from '../params.ts';
import { rollingMean, RollingMoments } from '../rolling/moments.ts';
import { trailing, whyNoF } from '../rows.ts';

export const meanFunding = defineMetric({
  name: 'mean-funding',
  title: 'Mean funding',
  says: 'Funding with the noise of the hour taken out.',
  unit: 'rate-per-hour',
  on: 'hour',
  inputs: ['f'],
  params: { hours: whole('Closed hours in the mean.', { default: 24, min: 1, max: 8760, unit: 'h', usual: [8, 24, 168] }) },
  window: ({ hours }) => trailing(hours),
  formula: 'mean of f over the hours',
  source: 'domain 3.7',
  replay({ f, kind }, { hours }) {
    return {
      values: rollingMean(f, hours, Math.ceil(hours / 2)),
      why: (row) => (f[row] === f[row] ? 'warming-up' : whyNoF({ kind }, row)),
    };
  },
  state: ({ hours }) => ({ rates: new RollingMoments(hours) }),
  start({ hours }, no, kept) {
    const need = Math.ceil(hours / 2);
    return {
      next(frame, row) {
        const f = frame.f[row]!;
        kept.rates.push(f);
        if (kept.rates.count >= need) return kept.rates.mean;
        return no(f === f ? 'warming-up' : whyNoF(frame, row));
      },
      audit: () => ({ n: kept.rates.count }),
    };
  },
});
