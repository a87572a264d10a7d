import { defineMetric } from '../metric.ts';
import { decimal } from '../params.ts';
import { whyNoD } from '../rows.ts';
import { divergencesOf } from '../shared.ts';
import { DIVERGENCE_PARAMS, divergenceState, startDivergence, warmAfterN } from './ema-divergence.ts';

export const divergencePerLeverage = defineMetric({
  name: 'divergence-per-leverage',
  title: 'Divergence per leverage',
  says: 'The divergence that stands behind each turn of leverage.',
  unit: 'rate-per-hour',
  on: 'hour',
  inputs: ['f'],
  params: { ...DIVERGENCE_PARAMS, leverage: decimal('Leverage.', { default: 10, min: 1, max: 200, unit: 'x', usual: [3, 5, 10, 20] }) },
  window: warmAfterN,
  formula: 'D / leverage',
  source: 'domain 3.9',
  replay(frame, { leverage, ...divergence }) {
    const d = divergencesOf(frame.f, divergence);
    const values = new Float64Array(d.length);
    for (let row = 0; row < values.length; row++) values[row] = d[row]! / leverage;
    return { values, why: (row) => whyNoD(frame, row) };
  },
  state: divergenceState,
  start({ leverage, ...divergence }, no, kept) {
    const d = startDivergence(divergence, no, kept);
    return {
      next: (frame, row) => d.next(frame, row) / leverage,
      live: (frame, row) => d.live(frame, row) / leverage,
      audit: (frame, row) => d.audit(frame, row),
    };
  },
});
