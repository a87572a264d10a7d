import { defineMetric } from '../metric.ts';

export const settledRate = defineMetric({
  name: 'settled-rate',
  title: 'Settled rate',
  says: 'What a settlement charged, per its own interval: a row for each payment and none between them.',
  unit: 'rate-per-interval',
  on: 'settlement',
  inputs: ['rate', 'intervalH'],
  params: {},
  formula: 'r(t), as charged',
  source: 'domain 3, settled rates',
  start: () => ({
    next: (frame, row) => frame.rate[row]!,
    audit: (frame, row) => ({ parts: { rate: frame.rate[row]!, intervalH: frame.intervalH[row]! } }),
  }),
});
