import { defineMetric } from '../metric.ts';
import { SignRun } from '../signs.ts';

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
  start(_params, no) {
    const run = new SignRun();
    let since = NaN;
    return {
      next(frame, row) {
        const before = run.length;
        const flips = run.push(frame.rate[row]!);
        if (flips || (before === 0 && run.length === 1)) since = frame.time[row]!;
        return run.length === 0 ? no('warming-up') : run.sign * run.length;
      },
      audit: () => ({ n: run.length, from: since, parts: { runBefore: run.before } }),
    };
  },
});
