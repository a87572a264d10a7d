import { defineMetric } from '../metric.ts';
import { ExactSum } from '../rolling/exact-sum.ts';
import { SettlementHoles } from '../settlement-holes.ts';

export const totalFunding = defineMetric({
  name: 'total-funding',
  title: 'Funding since the first settlement',
  says: 'What a long has paid since the first settlement that is stored.',
  unit: 'rate-sum',
  on: 'settlement',
  inputs: ['rate', 'intervalH'],
  params: {},
  formula: 'sum of all rates settled up to t; incomplete from the first missing settlement on',
  source: 'domain 3.7',
  state: () => ({ holes: new SettlementHoles(), sum: new ExactSum(), n: 0, since: NaN }),
  start(_params, no, kept) {
    return {
      next(frame, row) {
        kept.holes.push(frame.time[row]!, frame.intervalH[row]!);
        kept.sum.add(frame.rate[row]!);
        if (kept.n++ === 0) kept.since = frame.time[row]!;
        return kept.holes.lastMissing > -Infinity ? no('incomplete') : kept.sum.value;
      },
      audit: () => ({ n: kept.n, from: kept.since, parts: { sum: kept.sum.value }, notes: kept.holes.notes(-Infinity) }),
    };
  },
});
