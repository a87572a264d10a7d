import type { HourFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { whole } from '../params.ts';
import { OF_MEAN, OF_MEDIAN } from '../rolling/robust.ts';
import { SortedWindow } from '../rolling/sorted.ts';
import { HOURS_OF_DAY, whyNoF } from '../rows.ts';

const SPIKE = 4;

export const spike = defineMetric({
  name: 'spike',
  title: 'Funding spike',
  says: 'How far funding jumped out of its own last month, in robust deviations; beyond 4 it is a spike.',
  unit: 'score',
  on: 'hour',
  inputs: ['f'],
  params: { days: whole('Days before t.', { default: 30, min: 1, max: 365, unit: 'd', usual: [7, 30, 90] }) },
  window: ({ days }) => ({ length: days * HOURS_OF_DAY, of: 'rows', need: (days * HOURS_OF_DAY) / 2, t: 'excluded' }),
  formula: '(f - median)/(1.4826 MAD) of the days before t; where MAD = 0, / (1.2533 x mean absolute deviation)',
  source: 'domain 3.7',
  word: (value) => (Math.abs(value) > SPIKE ? 'spike' : ''),
  state: ({ days }) => ({ before: new SortedWindow(days * HOURS_OF_DAY), used: 0 }),
  start(_params, no, kept) {
    const need = kept.before.n / 2;
    // In one object: numbers that closures keep are allocated anew at each write.
    const parts = { median: NaN, mad: NaN, scale: NaN };
    const live = (frame: HourFrame, row: number): number => {
      const f = frame.f[row]!;
      parts.median = parts.mad = parts.scale = NaN;
      if (f !== f) return no(whyNoF(frame, row));
      if (kept.before.count < need) return no('warming-up');
      const median = kept.before.median();
      const mad = kept.before.medianDeviation();
      const scale = mad > 0 ? OF_MEDIAN * mad : OF_MEAN * kept.before.meanDeviation();
      parts.median = median;
      parts.mad = mad;
      parts.scale = scale;
      return scale > 0 ? (f - median) / scale : no('flat');
    };
    return {
      live,
      next(frame, row) {
        kept.used = kept.before.count;
        const z = live(frame, row);
        kept.before.push(frame.f[row]!);
        return z;
      },
      audit: () => ({
        n: kept.used,
        parts: { ...parts },
        notes: parts.mad === 0 ? ['MAD is 0: 1.2533 x the mean absolute deviation stands in its place'] : [],
      }),
    };
  },
});
