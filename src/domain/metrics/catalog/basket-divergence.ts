import { ClosedAverage } from '../../divergence.ts';
import type { GroupFrame } from '../frames/frames.ts';
import { GroupValues } from '../group-values.ts';
import { defineMetric } from '../metric.ts';
import { choice, whole } from '../params.ts';
import { whyNoLeg } from '../rows.ts';

export const basketDivergence = defineMetric({
  name: 'basket-divergence',
  title: 'Divergence against the list',
  says: "This instrument's divergence less the median of the list: what is its own and not the market's.",
  unit: 'rate-per-hour',
  on: 'basket',
  ofLeg: true,
  inputs: ['f'],
  params: {
    n: whole('Closed periods in the average.', { default: 12, min: 1, max: 2160, unit: 'periods', usual: [6, 12, 24, 48] }),
    average: choice('Exponential, or the plain mean of the n before.', ['ema', 'simple']),
  },
  window: ({ n }) => ({ length: n, of: 'rows', need: n, t: 'excluded' }),
  formula: 'D - median D over the list',
  source: 'domain 3.10',
  start({ n, average }, no) {
    let averages: ClosedAverage[] = [];
    let divergences = new Float64Array();
    const known = new GroupValues();
    const ownAt = ({ subject }: GroupFrame): number => divergences[subject] ?? NaN;
    return {
      next(frame, row) {
        if (averages.length !== frame.legs.length) {
          averages = frame.legs.map(() => new ClosedAverage(n, average));
          divergences = new Float64Array(averages.length);
        }
        known.clear();
        for (let i = 0; i < averages.length; i++) {
          const f = frame.legs[i]!.f[row]!;
          divergences[i] = averages[i]!.divergence(f);
          averages[i]!.close(f);
          known.add(divergences, i);
        }
        const leg = frame.legs[frame.subject];
        if (leg === undefined) return no('too-few');
        if (Number.isNaN(leg.f[row]!)) return no(whyNoLeg(leg, row));
        const own = ownAt(frame);
        if (own !== own) return no('warming-up');
        return known.count < 2 ? no('too-few') : own - known.median;
      },
      audit: (frame) => ({ instruments: known.count, parts: { d: ownAt(frame), median: known.median } }),
    };
  },
});
