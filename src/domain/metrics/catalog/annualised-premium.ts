import type { HourFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { decimal } from '../params.ts';
import { whyNoF } from '../rows.ts';
import { premiumsOf } from '../shared.ts';
import { premiumBasisH, termsAt, termsNotes } from '../venue-terms.ts';

const HOURS_OF_YEAR = 8760;

export const annualisedPremium = defineMetric({
  name: 'annualised-premium',
  title: 'Annualised premium',
  says: 'The premium as a yearly rate, as if funding took it all back over the hours that it counts for.',
  unit: 'rate-per-year',
  on: 'hour',
  inputs: ['mark', 'index'],
  params: {
    basis: decimal('Hours that the premium counts for; 0: as the venue has it.', {
      default: 0,
      min: 0,
      max: 24,
      unit: 'h',
      usual: [0, 1, 8],
    }),
  },
  formula: '(mark/index - 1) x 8760/b; b = 8 where the formula divides by 8/h or accrues continuously, else h',
  source: 'domain 3.5',
  replay(frame, { basis }) {
    const premiums = premiumsOf(frame);
    const values = new Float64Array(premiums.length);
    const basisAt = (row: number): number => premiumBasisH(termsAt(frame.instrument, frame.time[row]!), frame.intervalH[row]!);
    for (let row = 0; row < values.length; row++) values[row] = (premiums[row]! * HOURS_OF_YEAR) / (basis > 0 ? basis : basisAt(row));
    return {
      values,
      why: (row) => (premiums[row] === premiums[row] ? whyNoF(frame, row) : 'no-price'),
    };
  },
  start({ basis }, no) {
    let basisH = NaN;
    const next = (frame: HourFrame, row: number): number => {
      basisH = basis > 0 ? basis : premiumBasisH(termsAt(frame.instrument, frame.time[row]!), frame.intervalH[row]!);
      const premium = frame.mark[row]! / frame.index[row]! - 1;
      if (premium !== premium) return no('no-price');
      if (basisH !== basisH) return no(whyNoF(frame, row));
      return (premium * HOURS_OF_YEAR) / basisH;
    };
    return {
      next,
      live: next,
      audit: (frame, row) => ({
        parts: { premium: frame.mark[row]! / frame.index[row]! - 1, basisH },
        notes: basis > 0 ? [] : termsNotes(frame.instrument, frame.time[row]!),
      }),
    };
  },
});
