import { defineMetric } from '../metric.ts';
import { SignRun } from '../signs.ts';

export const runBeforeFlip = defineMetric({
  name: 'run-before-flip',
  title: 'Run before the flip',
  says: 'How long the run was that the latest sign flip ended; negative where shorts had been paying.',
  unit: 'count',
  on: 'settlement',
  inputs: ['rate'],
  params: {},
  formula: 'sign x length of the run before the one that t belongs to',
  source: 'domain 3.7',
  start(_params, no) {
    const run = new SignRun();
    return {
      next(frame, row) {
        run.push(frame.rate[row]!);
        return run.before === 0 ? no('warming-up') : -run.sign * run.before;
      },
      audit: () => ({ parts: { runNow: run.sign * run.length } }),
    };
  },
});
