import { defineMetric } from '../metric.ts';
import { choice } from '../params.ts';
import { DIVERGENCE_FORMULA, DIVERGENCE_PARAMS, divergenceState, replayDivergence, startDivergence, warmAfterN } from './ema-divergence.ts';

export const fastDivergence = defineMetric({
  name: 'ema-divergence-fast',
  title: 'EMA divergence, minutes',
  says: 'The same over bars of 5 or 15 minutes where polls are kept; fast divergence rarely pays its round trip.',
  unit: 'rate-per-hour',
  on: 'bar',
  inputs: ['f'],
  params: { ...DIVERGENCE_PARAMS, bar: choice('Length of a bar.', ['5m', '15m']) },
  window: warmAfterN,
  formula: `${DIVERGENCE_FORMULA}; f(t) is the newest running rate of the bar`,
  source: 'domain 3.1, other periods',
  state: divergenceState,
  start: startDivergence,
  replay: replayDivergence,
});
