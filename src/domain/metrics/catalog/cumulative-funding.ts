import { HOUR_MS } from '../../time.ts';
import { defineMetric } from '../metric.ts';
import { whole } from '../params.ts';
import { ExactSum } from '../rolling/exact-sum.ts';
import { TimeQueue } from '../rolling/time-queue.ts';
import { HOURS_OF_DAY } from '../rows.ts';
import { SettlementHoles } from '../settlement-holes.ts';

export const cumulativeFunding = defineMetric({
  name: 'cumulative-funding',
  title: 'Cumulative funding',
  says: 'What a long has paid over the days: settled rates added up, not an annual figure times days.',
  unit: 'rate-sum',
  on: 'settlement',
  inputs: ['rate', 'intervalH'],
  params: { days: whole('Days added up.', { default: 30, min: 1, max: 3650, unit: 'd', usual: [1, 7, 30, 90] }) },
  window: ({ days }) => ({ length: days * HOURS_OF_DAY, of: 'hours', need: days * HOURS_OF_DAY, needOf: 'hours', t: 'included' }),
  formula: 'sum of the rates settled in (t - days, t]; incomplete where a settlement is missing in it',
  source: 'domain 3.7',
  state: () => ({ holes: new SettlementHoles(), rows: new TimeQueue(), sum: new ExactSum() }),
  start({ days }, no, kept) {
    const windowMs = days * HOURS_OF_DAY * HOUR_MS;
    return {
      next(frame, row) {
        const t = frame.time[row]!;
        kept.holes.push(t, frame.intervalH[row]!);
        kept.rows.push(t, frame.rate[row]!);
        kept.sum.add(frame.rate[row]!);
        while (kept.rows.oldest <= t - windowMs) kept.sum.add(-kept.rows.shift());
        if (kept.holes.unknownBefore > t - windowMs) return no('warming-up');
        return kept.holes.lastMissing > t - windowMs ? no('incomplete') : kept.sum.value;
      },
      audit: () => ({
        n: kept.rows.size,
        from: kept.rows.oldest,
        parts: { sum: kept.sum.value },
      }),
    };
  },
});
