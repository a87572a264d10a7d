import type { HourFrame } from '../frames/frames.ts';
import { defineMetric, type No } from '../metric.ts';
import { neutralPerHour, whyNoF } from '../rows.ts';
import { termsNotes } from '../venue-terms.ts';

export const neutral = defineMetric({
  name: 'neutral',
  title: 'Neutral rate',
  says: "Where the rate rests while the premium does not pull: the venue's interest as it was stated in that hour.",
  unit: 'rate-per-hour',
  on: 'hour',
  inputs: ['f'],
  params: {},
  formula: 'I / 8, I the interest per 8 h in force in the hour',
  source: 'domain 1, neutral; 3.6',
  start(_params, no) {
    const next = (frame: HourFrame, row: number): number => neutralAt(frame, row, no);
    return {
      next,
      live: next,
      audit: (frame, row) => ({
        parts: { interestPer8h: 8 * neutralPerHour(frame.instrument, frame.time[row]!), f: frame.f[row]! },
        notes: termsNotes(frame.instrument, frame.time[row]!),
      }),
    };
  },
});

function neutralAt(frame: HourFrame, row: number, no: No): number {
  if (Number.isNaN(frame.f[row]!)) return no(whyNoF(frame, row));
  const rest = neutralPerHour(frame.instrument, frame.time[row]!);
  return rest === rest ? rest : no('not-for-venue');
}
