import type { GroupFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { whyTooFew } from '../spread-pair.ts';
import { leavesOut, weighByOpenInterest, weighedColumn } from '../weighted-mean.ts';

export const assetFunding = defineMetric({
  name: 'asset-funding',
  title: 'Asset funding',
  says: 'Mean funding of the asset over its venues, weighted by open interest in USD.',
  unit: 'rate-per-hour',
  on: 'asset',
  inputs: ['f', 'usd'],
  params: {},
  formula: 'sum(f x OI x mark)/sum(OI x mark); stablecoins 1:1; without open interest left out and counted',
  source: 'domain 3.4',
  replay: (frame) => ({
    values: weighedColumn(frame).slice(),
    why: (row) => (leavesOut(frame, row) ? 'no-open-interest' : whyTooFew(frame, row)),
  }),
  start(_params, no) {
    const mean = { mean: NaN, counted: 0, leftOut: 0, usd: 0 };
    const next = (frame: GroupFrame, row: number): number => {
      weighByOpenInterest(frame, row, mean);
      if (mean.counted > 0) return mean.mean;
      return no(mean.leftOut > 0 ? 'no-open-interest' : whyTooFew(frame, row));
    };
    return { next, live: next, audit: () => ({ instruments: mean.counted, parts: { leftOut: mean.leftOut, openInterestUsd: mean.usd } }) };
  },
});
