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
  state: () => ({ averages: [] as ClosedAverage[], divergences: new Float64Array() }),
  start({ n, average }, no, kept) {
    const known = new GroupValues();
    const ownAt = ({ subject }: GroupFrame): number => kept.divergences[subject] ?? NaN;
    return {
      next(frame, row) {
        if (kept.averages.length !== frame.legs.length) {
          kept.averages = frame.legs.map(() => new ClosedAverage(n, average));
          kept.divergences = new Float64Array(kept.averages.length);
        }
        known.clear();
        for (let i = 0; i < kept.averages.length; i++) {
          const f = frame.legs[i]!.f[row]!;
          kept.divergences[i] = kept.averages[i]!.divergence(f);
          kept.averages[i]!.close(f);
          known.add(kept.divergences, i);
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
