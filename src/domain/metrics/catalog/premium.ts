import type { HourFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { premiumsOf } from '../shared.ts';

export const premium = defineMetric({
  name: 'premium',
  title: 'Premium',
  says: 'How far the perp stands from spot: above 0 it is dearer.',
  unit: 'fraction',
  on: 'hour',
  inputs: ['mark', 'index'],
  params: {},
  formula: 'mark/index - 1',
  source: 'domain 3.5',
  replay: (frame) => ({ values: premiumsOf(frame).slice(), why: () => 'no-price' }),
  start(_params, no) {
    const next = (frame: HourFrame, row: number): number => {
      const value = frame.mark[row]! / frame.index[row]! - 1;
      return value === value ? value : no('no-price');
    };
    return { next, live: next };
  },
});
