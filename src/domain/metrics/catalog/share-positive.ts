import { defineMetric } from '../metric.ts';
import { countedColumn, coveredDays, DAYS_PARAM, SettlementCounter } from '../settlement-counts.ts';

export const sharePositive = defineMetric({
  name: 'share-positive',
  title: 'Share positive',
  says: 'Share of settlements at which longs paid shorts.',
  unit: 'fraction',
  on: 'settlement',
  inputs: ['rate'],
  params: { days: DAYS_PARAM },
  window: coveredDays,
  formula: 'settlements above 0 / settlements in (t - days, t]; zero is not positive',
  source: 'domain 3.7',
  replay(frame, { days }) {
    const positive = new Uint8Array(frame.rate.length);
    for (let row = 0; row < positive.length; row++) positive[row] = Number(frame.rate[row]! > 0);
    return { values: countedColumn(frame, positive, days, true), why: () => 'warming-up' };
  },
  state: ({ days }) => ({ positive: new SettlementCounter(days) }),
  start(_params, no, kept) {
    return {
      next(frame, row) {
        kept.positive.push(frame.time[row]!, frame.intervalH[row]!, frame.rate[row]! > 0);
        return kept.positive.warm ? kept.positive.counted / kept.positive.settlements : no('warming-up');
      },
      audit: () => ({ n: kept.positive.settlements, from: kept.positive.since, parts: { positive: kept.positive.counted } }),
    };
  },
});
