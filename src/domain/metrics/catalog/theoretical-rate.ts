import { defineMetric } from '../metric.ts';
import { theoreticalAt, theoreticalOf, theoreticalParts, whyNoTheoretical } from '../theoretical.ts';

export const theoreticalFunding = defineMetric({
  name: 'theoretical-rate',
  title: 'Theoretical rate',
  says: "What the venue's formula gives for the premium that was observed.",
  unit: 'rate-per-interval',
  on: 'settlement',
  inputs: ['premium', 'intervalH'],
  params: {},
  formula: "F = clamp((P + clamp(I' - P, -d, +d))/k, floor, cap); k = 8/h and I' per 8 h where the venue divides, else k = 1 and I' x h/8",
  source: 'domain 3.6',
  replay: (frame) => ({ values: theoreticalOf(frame).slice(), why: (row) => whyNoTheoretical(frame, row) }),
  start: (_params, no) => ({
    next: (frame, row) => theoreticalAt(frame, row, no),
    live: (frame, row) => theoreticalAt(frame, row, no),
    audit: theoreticalParts,
  }),
});
