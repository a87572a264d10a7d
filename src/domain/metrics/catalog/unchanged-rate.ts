import { HOUR_MS, SETTLEMENT_SLACK_MS } from '../../time.ts';
import { defineMetric } from '../metric.ts';
import { HOURS_OF_DAY } from '../rows.ts';

/** A rate that no market has moved for so long is pinned: the venue keeps the contract, and does not trade. */
const PINNED_DAYS = 14;

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
  word: (value) => (value >= PINNED_DAYS * HOURS_OF_DAY ? 'pinned' : ''),
  state: () => ({ rate: NaN, since: NaN, time: NaN, count: 0 }),
  start(_params, _no, kept) {
    return {
      next(frame, row) {
        const [time, rate, intervalH] = [frame.time[row]!, frame.rate[row]!, frame.intervalH[row]!];
        const isNext = time - kept.time <= (intervalH > 0 ? intervalH : HOURS_OF_DAY) * HOUR_MS + SETTLEMENT_SLACK_MS;
        if (rate !== kept.rate || !isNext) {
          kept.since = time;
          kept.count = 0;
        }
        kept.rate = rate;
        kept.time = time;
        kept.count += 1;
        return (time - kept.since) / HOUR_MS;
      },
      audit: () => ({ n: kept.count, from: kept.since, parts: { rate: kept.rate } }),
    };
  },
});
