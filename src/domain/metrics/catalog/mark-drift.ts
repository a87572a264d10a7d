import { ClosedAverage } from '../../divergence.ts';
import { defineMetric } from '../metric.ts';
import { whole } from '../params.ts';
import { premiumsOf } from '../shared.ts';
import { EMA_NOTE } from './ema-divergence.ts';

export const markDrift = defineMetric({
  name: 'mark-drift',
  title: 'Mark drift',
  says: 'Where the premium has been resting lately.',
  unit: 'fraction',
  on: 'hour',
  inputs: ['mark', 'index'],
  params: { n: whole('Closed hours in the average.', { default: 24, min: 1, max: 2160, unit: 'h', usual: [8, 24, 72] }) },
  window: ({ n }) => ({ length: n, of: 'rows', need: n, t: 'included' }),
  formula: 'EMA_n(mark/index - 1), t included; a gap restarts it',
  source: 'domain 3.5',
  replay(frame, { n }) {
    const premiums = premiumsOf(frame);
    const average = new ClosedAverage(n);
    const values = new Float64Array(premiums.length);
    for (let row = 0; row < values.length; row++) {
      average.close(premiums[row]!);
      values[row] = average.value;
    }
    return { values, why: (row) => (premiums[row] === premiums[row] ? 'warming-up' : 'no-price') };
  },
  state: ({ n }) => ({ average: new ClosedAverage(n), before: NaN, since: NaN }),
  start({ n }, no, kept) {
    return {
      next(frame, row) {
        const premium = frame.mark[row]! / frame.index[row]! - 1;
        kept.before = kept.average.value;
        if (kept.average.count === 0) kept.since = frame.time[row]!;
        kept.average.close(premium);
        if (premium !== premium) return no('no-price');
        return kept.average.count < n ? no('warming-up') : kept.average.value;
      },
      audit: (frame, row) => ({
        n: kept.average.count,
        ...(kept.average.count > 0 && { from: kept.since }),
        parts: { premium: frame.mark[row]! / frame.index[row]! - 1, averageBefore: kept.before, alpha: 2 / (n + 1) },
        notes: EMA_NOTE,
      }),
    };
  },
});
