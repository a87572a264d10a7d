import { ClosedAverage, emaDivergence as averagesOf } from '../../divergence.ts';
import { defineMetric } from '../metric.ts';
import { whole } from '../params.ts';
import { premiumsOf } from '../shared.ts';

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
    // The average with a row's own premium is the one before the next row.
    const through = new Float64Array(premiums.length + 1);
    through.set(premiums);
    const values = averagesOf(through, n).ema.subarray(1);
    return { values, why: (row) => (premiums[row] === premiums[row] ? 'warming-up' : 'no-price') };
  },
  start({ n }, no) {
    const average = new ClosedAverage(n);
    return {
      next(frame, row) {
        const premium = frame.mark[row]! / frame.index[row]! - 1;
        average.close(premium);
        if (premium !== premium) return no('no-price');
        return average.count < n ? no('warming-up') : average.value;
      },
      audit: () => ({ n: average.count }),
    };
  },
});
