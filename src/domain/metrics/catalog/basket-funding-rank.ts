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
  state: () => ({ means: new SortedWindow(RANK_HOURS) }),
  start(_params, no, kept) {
    const mean = { mean: NaN, counted: 0, leftOut: 0, usd: 0 };
    const { need } = trailing(RANK_HOURS);
    return {
      next(frame, row) {
        weighByOpenInterest(frame, row, mean);
        kept.means.push(mean.mean);
        if (mean.counted === 0) return no(mean.leftOut > 0 ? 'no-open-interest' : 'gap');
        return kept.means.count < need ? no('warming-up') : kept.means.lastRank();
      },
      audit: () => ({
        n: kept.means.count,
        instruments: mean.counted,
        parts: { mean: mean.mean, ...kept.means.standing(mean.mean), leftOut: mean.leftOut },
      }),
    };
  },
});
