import { defineMetric } from '../metric.ts';
import { whyNoF } from '../rows.ts';

export const funding = defineMetric({
  name: 'funding',
  title: 'Funding',
  says: 'The rate per hour: the newest running rate of the hour, else the latest settlement while its interval lasts.',
  unit: 'rate-per-hour',
  on: 'hour',
  inputs: ['f'],
  params: {},
  formula: 'f(t) = r / h',
  source: 'domain 3, hourly funding series',
  replay: (frame) => ({ values: frame.f.slice(), why: (row) => whyNoF(frame, row) }),
  start(_params, no) {
    const next = (frame: { f: Float64Array; kind: Uint8Array }, row: number): number => {
      const f = frame.f[row]!;
      return f === f ? f : no(whyNoF(frame, row));
    };
    return {
      next,
      live: next,
      audit: ({ f, intervalH }, row) => ({ parts: { rate: f[row]! * intervalH[row]!, intervalH: intervalH[row]! } }),
    };
  },
});
