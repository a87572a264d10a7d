import type { GroupFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { whyNoLeg } from '../rows.ts';
import { GroupValues } from '../group-values.ts';
import { whyTooFew } from '../spread-pair.ts';

export const skew = defineMetric({
  name: 'skew',
  title: 'Venue skew',
  says: "This venue's funding less the median of all venues of the asset.",
  unit: 'rate-per-hour',
  on: 'asset',
  ofLeg: true,
  inputs: ['f'],
  params: {},
  formula: 'f_v - median f over the instruments of the asset',
  source: 'domain 3.4',
  start(_params, no) {
    const values = new GroupValues();
    const next = (frame: GroupFrame, row: number): number => {
      values.clear();
      for (let i = 0; i < frame.legs.length; i++) values.add(frame.legs[i]!.f, row);
      const own = frame.legs[frame.subject];
      if (own === undefined) return no('too-few');
      if (Number.isNaN(own.f[row]!)) return no(whyNoLeg(own, row));
      return values.count < 2 ? no(whyTooFew(frame, row)) : own.f[row]! - values.median;
    };
    return { next, live: next, audit: () => ({ instruments: values.count, parts: { median: values.median } }) };
  },
});
