import { defineMetric } from '../metric.ts';
import { countedColumn, coveredDays, DAYS_PARAM, SettlementCounter, SignRun } from '../settlement-counts.ts';

export const signFlips = defineMetric({
  name: 'sign-flips',
  title: 'Sign flips',
  says: 'How often funding changed its sign: who pays whom is unsettled where it is high.',
  unit: 'count',
  on: 'settlement',
  inputs: ['rate'],
  params: { days: DAYS_PARAM },
  window: coveredDays,
  formula: 'settlements in (t - days, t] whose sign differs from the sign before; zero has no sign',
  source: 'domain 3.7',
  replay(frame, { days }) {
    const run = new SignRun();
    const flips = new Uint8Array(frame.rate.length);
    for (let row = 0; row < flips.length; row++) flips[row] = Number(run.push(frame.rate[row]!));
    return { values: countedColumn(frame, flips, days, false), why: () => 'warming-up' };
  },
  state: ({ days }) => ({ run: new SignRun(), flips: new SettlementCounter(days) }),
  start(_params, no, kept) {
    return {
      next(frame, row) {
        kept.flips.push(frame.time[row]!, frame.intervalH[row]!, kept.run.push(frame.rate[row]!));
        return kept.flips.warm ? kept.flips.counted : no('warming-up');
      },
      audit: () => ({
        n: kept.flips.settlements,
        from: kept.flips.since,
        parts: { run: kept.run.sign * kept.run.length, runBefore: kept.run.before },
      }),
    };
  },
});
