import { defineMetric } from '../metric.ts';
import { rollingRanks } from '../rolling/ranks.ts';
import { SortedWindow } from '../rolling/sorted.ts';
import { RANK_HOURS, trailing } from '../rows.ts';
import { leavesOut, weighByOpenInterest, weighedColumn } from '../weighted-mean.ts';

export const basketFundingRank = defineMetric({
  name: 'basket-funding-rank',
  title: 'Funding percentile of the list',
  says: "Where the list's weighted funding stands among its own last 90 days.",
  unit: 'percent-rank',
  on: 'basket',
  inputs: ['f', 'usd'],
  params: {},
  window: () => trailing(RANK_HOURS),
  formula: 'percentile rank of the open-interest-weighted mean f over 90 days',
  source: 'domain 3.10',
  replay(frame) {
    const means = weighedColumn(frame);
    return {
      values: rollingRanks(means, RANK_HOURS, trailing(RANK_HOURS).need),
      why: (row) => (means[row] === means[row] ? 'warming-up' : leavesOut(frame, row) ? 'no-open-interest' : 'gap'),
    };
  },
  start(_params, no) {
    const mean = { mean: NaN, counted: 0, leftOut: 0, usd: 0 };
    const means = new SortedWindow(RANK_HOURS);
    const { need } = trailing(RANK_HOURS);
    return {
      next(frame, row) {
        weighByOpenInterest(frame, row, mean);
        means.push(mean.mean);
        if (mean.counted === 0) return no(mean.leftOut > 0 ? 'no-open-interest' : 'gap');
        return means.count < need ? no('warming-up') : means.lastRank();
      },
      audit: () => ({
        n: means.count,
        instruments: mean.counted,
        parts: { mean: mean.mean, ...means.standing(mean.mean), leftOut: mean.leftOut },
      }),
    };
  },
});
