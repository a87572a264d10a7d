import type { SettlementFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { theoreticalAt, theoreticalOf, theoreticalParts, whyNoTheoretical } from '../theoretical.ts';

export const imbalance = defineMetric({
  name: 'imbalance',
  title: 'Funding imbalance',
  says: 'What was charged less what the formula gives: the part of the rate that the visible premium does not explain.',
  unit: 'rate-per-interval',
  on: 'settlement',
  inputs: ['rate', 'premium', 'intervalH'],
  params: {},
  formula: 'realised - F; realised is the settled rate, for the interval in progress the running one',
  source: 'domain 3.6',
  replay(frame) {
    const theoretical = theoreticalOf(frame);
    const values = new Float64Array(theoretical.length);
    for (let row = 0; row < values.length; row++) values[row] = frame.rate[row]! - theoretical[row]!;
    return { values, why: (row) => whyNoTheoretical(frame, row) };
  },
  start(_params, no) {
    const next = (frame: SettlementFrame, row: number): number => frame.rate[row]! - theoreticalAt(frame, row, no);
    return {
      next,
      live: next,
      audit(frame, row) {
        const { parts, ...rest } = theoreticalParts(frame, row);
        return { ...rest, parts: { ...parts, realised: frame.rate[row]! } };
      },
    };
  },
});
