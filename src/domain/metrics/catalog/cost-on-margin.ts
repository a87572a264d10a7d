import type { HourFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { decimal } from '../params.ts';
import { whyNoF } from '../rows.ts';

export const costOnMargin = defineMetric({
  name: 'cost-on-margin',
  title: 'Cost on margin',
  says: 'Funding as a share of the margin put up: what a leveraged long pays (below 0: receives).',
  unit: 'rate-per-hour',
  on: 'hour',
  inputs: ['f'],
  params: { leverage: decimal('Leverage.', { default: 10, min: 1, max: 200, unit: 'x', usual: [3, 5, 10, 20] }) },
  formula: 'f x leverage',
  source: 'domain 3.9',
  replay(frame, { leverage }) {
    const values = new Float64Array(frame.f.length);
    for (let row = 0; row < values.length; row++) values[row] = frame.f[row]! * leverage;
    return { values, why: (row) => whyNoF(frame, row) };
  },
  start({ leverage }, no) {
    const next = (frame: HourFrame, row: number): number => {
      const f = frame.f[row]!;
      return f === f ? f * leverage : no(whyNoF(frame, row));
    };
    return { next, live: next, audit: (frame, row) => ({ parts: { f: frame.f[row]! } }) };
  },
});
