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
  start(_params, no) {
    const holes = new SettlementHoles();
    const sum = new ExactSum();
    let n = 0;
    let since = NaN;
    return {
      next(frame, row) {
        holes.push(frame.time[row]!, frame.intervalH[row]!);
        sum.add(frame.rate[row]!);
        if (n++ === 0) since = frame.time[row]!;
        return holes.lastMissing > -Infinity ? no('incomplete') : sum.value;
      },
      audit: () => ({ n, from: since, parts: { sum: sum.value }, notes: holes.notes(-Infinity) }),
    };
  },
});
