import { defineMetric } from '../metric.ts';
import { SignRun } from '../settlement-counts.ts';

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
  state: () => ({ run: new SignRun() }),
  start(_params, no, kept) {
    return {
      next(frame, row) {
        kept.run.push(frame.rate[row]!);
        return kept.run.before === 0 ? no('warming-up') : -kept.run.sign * kept.run.before;
      },
      audit: () => ({ parts: { runNow: kept.run.sign * kept.run.length } }),
    };
  },
});
