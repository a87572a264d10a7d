import type { GroupFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { GroupValues } from '../group-values.ts';
import { whyTooFew } from '../spread-pair.ts';

export const dispersion = defineMetric({
  name: 'dispersion',
  title: 'Venue dispersion',
  says: 'How much the venues of the asset disagree on funding.',
  unit: 'rate-per-hour',
  on: 'asset',
  inputs: ['f'],
  params: {},
  formula: 'sample sd of f over the instruments of the asset',
  source: 'domain 3.4',
  start(_params, no) {
    const values = new GroupValues();
    const next = (frame: GroupFrame, row: number): number => {
      values.clear();
      for (let i = 0; i < frame.legs.length; i++) values.add(frame.legs[i]!.f, row);
      return values.count < 2 ? no(whyTooFew(frame, row)) : values.sd;
    };
    return { next, live: next, audit: () => ({ instruments: values.count, parts: { median: values.median } }) };
  },
});
