import { defineMetric } from '../metric.ts';
import { whole } from '../params.ts';
import { RollingMoments, rollingSd } from '../rolling/moments.ts';
import { trailing, whyNoF } from '../rows.ts';

export const fundingVolatility = defineMetric({
  name: 'funding-volatility',
  title: 'Funding volatility',
  says: 'How much funding has been moving; 0 on a plateau.',
  unit: 'rate-per-hour',
  on: 'hour',
  inputs: ['f'],
  params: { hours: whole('Closed hours in the deviation.', { default: 24, min: 2, max: 8760, unit: 'h', usual: [24, 168] }) },
  window: ({ hours }) => ({ ...trailing(hours), need: Math.max(2, Math.ceil(hours / 2)) }),
  formula: 'sample sd of f over the hours',
  source: 'domain 3.7',
  replay({ f, kind }, { hours }) {
    const sd = rollingSd(f, hours, Math.max(2, Math.ceil(hours / 2)));
    return { values: sd, why: (row) => (f[row] === f[row] ? 'warming-up' : whyNoF({ kind }, row)) };
  },
  state: ({ hours }) => ({ rates: new RollingMoments(hours) }),
  start({ hours }, no, kept) {
    const need = Math.max(2, Math.ceil(hours / 2));
    return {
      next(frame, row) {
        const f = frame.f[row]!;
        kept.rates.push(f);
        if (kept.rates.count >= need) return kept.rates.sd;
        return no(f === f ? 'warming-up' : whyNoF(frame, row));
      },
      audit: () => ({ n: kept.rates.count, parts: { mean: kept.rates.count > 0 ? kept.rates.mean : NaN } }),
    };
  },
});
