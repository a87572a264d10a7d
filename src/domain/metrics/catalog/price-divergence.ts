import { defineMetric } from '../metric.ts';
import { whole } from '../params.ts';
import { rollingMean, RollingMoments } from '../rolling/moments.ts';
import { trailing } from '../rows.ts';

export const priceDivergence = defineMetric({
  name: 'price-divergence',
  title: 'Price divergence',
  says: 'How far the spot index stands from its own recent mean.',
  unit: 'fraction',
  on: 'hour',
  inputs: ['index'],
  params: { n: whole('Closed hours in the mean.', { default: 20, min: 1, max: 2160, unit: 'h', usual: [20, 50, 200] }) },
  window: ({ n }) => trailing(n),
  formula: 'index/SMA_n(index) - 1',
  source: 'domain 3.5',
  replay({ index }, { n }) {
    const mean = rollingMean(index, n, Math.ceil(n / 2));
    const values = new Float64Array(mean.length);
    for (let row = 0; row < values.length; row++) values[row] = index[row]! / mean[row]! - 1;
    return { values, why: (row) => (index[row] !== index[row] ? 'no-price' : mean[row] === mean[row] ? 'out-of-range' : 'warming-up') };
  },
  state: ({ n }) => ({ indexes: new RollingMoments(n) }),
  start({ n }, no, kept) {
    const need = Math.ceil(n / 2);
    return {
      next(frame, row) {
        const index = frame.index[row]!;
        kept.indexes.push(index);
        if (index !== index) return no('no-price');
        return kept.indexes.count < need ? no('warming-up') : index / kept.indexes.mean - 1;
      },
      audit: () => ({ n: kept.indexes.count, parts: { mean: kept.indexes.count > 0 ? kept.indexes.mean : NaN } }),
    };
  },
});
