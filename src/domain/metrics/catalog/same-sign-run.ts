import { defineMetric } from '../metric.ts';
import { SignRun } from '../settlement-counts.ts';

export const sameSignRun = defineMetric({
  name: 'same-sign-run',
  title: 'Same-sign run',
  says: 'Settlements in a row with one sign; negative where shorts have been paying.',
  unit: 'count',
  on: 'settlement',
  inputs: ['rate'],
  params: {},
  formula: 'sign x length of the run that t belongs to; zero neither ends nor extends it',
  source: 'domain 3.7',
  state: () => ({ run: new SignRun(), since: NaN }),
  start(_params, no, kept) {
    return {
      next(frame, row) {
        const before = kept.run.length;
        const flips = kept.run.push(frame.rate[row]!);
        if (flips || (before === 0 && kept.run.length === 1)) kept.since = frame.time[row]!;
        return kept.run.length === 0 ? no('warming-up') : kept.run.sign * kept.run.length;
      },
      audit: () => ({ n: kept.run.length, from: kept.since, parts: { runBefore: kept.run.before } }),
    };
  },
});
