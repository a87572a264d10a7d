import type { GroupFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { GroupValues, rateColumns } from '../group-values.ts';
import { whyTooFew } from '../pair.ts';

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
  replay: (frame) => ({ values: rateColumns(frame).sd.slice(), why: (row) => whyTooFew(frame, row) }),
  start(_params, no) {
    const values = new GroupValues();
    const next = (frame: GroupFrame, row: number): number => {
      values.clear();
      for (const leg of frame.legs) if (!Number.isNaN(leg.f[row]!)) values.add(leg.f[row]!);
      return values.count < 2 ? no(whyTooFew(frame, row)) : values.sd;
    };
    return { next, live: next, audit: () => ({ instruments: values.count, parts: { median: values.median } }) };
  },
});
