import type { GroupFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { leavesOut, weighByOpenInterest, weighedColumn } from '../weighted-mean.ts';

export const basketFunding = defineMetric({
  name: 'basket-funding',
  title: 'Funding of the list',
  says: 'Mean funding of the list, weighted by open interest in USD.',
  unit: 'rate-per-hour',
  on: 'basket',
  inputs: ['f', 'usd'],
  params: {},
  formula: 'sum(f x OI x mark)/sum(OI x mark); without open interest left out and counted',
  source: 'domain 3.10',
  replay: (frame) => ({
    values: weighedColumn(frame).slice(),
    why: (row) => (leavesOut(frame, row) ? 'no-open-interest' : 'gap'),
  }),
  start(_params, no) {
    const mean = { mean: NaN, counted: 0, leftOut: 0, usd: 0 };
    const next = (frame: GroupFrame, row: number): number => {
      weighByOpenInterest(frame, row, mean);
      return mean.counted > 0 ? mean.mean : no(mean.leftOut > 0 ? 'no-open-interest' : 'gap');
    };
    return { next, live: next, audit: () => ({ instruments: mean.counted, parts: { leftOut: mean.leftOut, openInterestUsd: mean.usd } }) };
  },
});
