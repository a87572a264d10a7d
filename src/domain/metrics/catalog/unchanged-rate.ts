import { newSameRateRun, PINNED_MS, takeSettlement } from '../../same-rate.ts';
import { HOUR_MS } from '../../time.ts';
import { defineMetric } from '../metric.ts';

export const unchangedRate = defineMetric({
  name: 'unchanged-rate',
  title: 'Unchanged rate',
  says: 'Hours that all settlements up to now have charged exactly one rate; pinned from two weeks on: at rest, or of a contract that does not trade.',
  unit: 'hours',
  on: 'settlement',
  inputs: ['rate', 'intervalH'],
  params: {},
  formula: 't less the time of the first settlement of the run of equal rates that t belongs to; a missing settlement begins another run',
  source: 'two weeks: the longest rest of a major in a recorded year is 11 days',
  word: (value) => (value * HOUR_MS >= PINNED_MS ? 'pinned' : ''),
  state: () => ({ ...newSameRateRun() }),
  start(_params, _no, kept) {
    return {
      next(frame, row) {
        const time = frame.time[row]!;
        takeSettlement(kept, time, frame.rate[row]!, frame.intervalH[row]!);
        return (time - kept.since) / HOUR_MS;
      },
      audit: () => ({ n: kept.count, from: kept.since, parts: { rate: kept.rate } }),
    };
  },
});
