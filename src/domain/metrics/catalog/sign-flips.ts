import { defineMetric } from '../metric.ts';
import { countedColumn, coveredDays, DAYS_PARAM, SettlementCounter, SignRun } from '../signs.ts';

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
  start({ days }, no) {
    const run = new SignRun();
    const flips = new SettlementCounter(days);
    return {
      next(frame, row) {
        flips.push(frame.time[row]!, frame.intervalH[row]!, run.push(frame.rate[row]!));
        return flips.warm ? flips.counted : no('warming-up');
      },
      audit: () => ({ n: flips.settlements, from: flips.since, parts: { run: run.sign * run.length, runBefore: run.before } }),
    };
  },
});
