import { defineMetric } from '../metric.ts';
import { rollingRanks } from '../rolling/ranks.ts';
import { SortedWindow } from '../rolling/sorted.ts';
import { RANK_HOURS, trailing } from '../rows.ts';
import { weighByOpenInterest } from '../weighted-mean.ts';

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
  replay(frame, _params, no) {
    const mean = { mean: NaN, counted: 0, leftOut: 0, usd: 0 };
    const means = Float64Array.from(frame.time, (_, row) => weighByOpenInterest(frame, row, mean).mean);
    const { count, rank } = rollingRanks(means, RANK_HOURS);
    const { need } = trailing(RANK_HOURS);
    return (row) => {
      if (means[row] !== means[row]) return no(weighByOpenInterest(frame, row, mean).leftOut > 0 ? 'no-open-interest' : 'gap');
      return count[row]! < need ? no('warming-up') : rank[row]!;
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
      audit: () => ({ n: means.count, parts: { mean: mean.mean, counted: mean.counted, leftOut: mean.leftOut } }),
    };
  },
});
