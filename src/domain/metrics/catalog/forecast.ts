import { HOUR_MS } from '../../time.ts';
import { premiumWeight, premiumWeights } from '../frames/settlement.ts';
import { defineMetric } from '../metric.ts';
import { whyNoF } from '../rows.ts';
import { formulaFigures, hasFormula, termsAt, termsNotes, theoreticalRate } from '../venue-terms.ts';
import { isCovered, LEAST_COVERAGE } from '../theoretical.ts';

export const forecast = defineMetric({
  name: 'forecast',
  title: 'Forecast of the next settlement',
  says: 'The next settled rate if the premium of now stays for the rest of the interval.',
  unit: 'rate-per-interval',
  on: 'hour',
  inputs: ['premium', 'mark', 'index', 'settledAt'],
  params: {},
  formula: 'F of (premium so far, the premium of now for the rest), weighted as the venue weights it',
  source: 'domain 3.6, forecast',
  start(_params, no) {
    let settledAt = NaN;
    let weights = 0;
    let sum = 0;
    let covered = 0;
    let p = NaN;
    let elapsedH = NaN;
    return {
      next(frame, row) {
        const t = frame.time[row]!;
        if (frame.settledAt[row] !== settledAt) {
          settledAt = frame.settledAt[row]!;
          weights = 0;
          sum = 0;
          covered = 0;
        }
        p = NaN;
        elapsedH = Math.round((t - settledAt) / HOUR_MS);
        if (settledAt !== settledAt) return no('warming-up');
        const weighting = termsAt(frame.instrument, t)?.weighting ?? 'equal';
        const coverage = frame.coverage[row]!;
        if (elapsedH > 0 && coverage > 0 && frame.premium[row] === frame.premium[row]) {
          const weight = coverage * premiumWeight(weighting, elapsedH);
          covered += coverage;
          weights += weight;
          sum += weight * frame.premium[row]!;
        }
        const intervalH = frame.intervalH[row]!;
        if (!(intervalH > 0)) return no(whyNoF(frame, row));
        if (elapsedH >= intervalH) return no('gap');
        if (!hasFormula(frame.instrument, t)) return no('not-for-venue');
        if (!isCovered(covered, elapsedH)) return no('coverage');
        const now = frame.mark[row]! / frame.index[row]! - 1;
        if (now !== now) return no('no-price');
        const passed = premiumWeights(weighting, elapsedH);
        const whole = premiumWeights(weighting, intervalH);
        p = ((elapsedH === 0 ? 0 : (passed * sum) / weights) + (whole - passed) * now) / whole;
        return theoreticalRate(frame.instrument, p, intervalH, t);
      },
      audit: (frame, row) => ({
        parts: {
          elapsedH,
          intervalH: frame.intervalH[row]!,
          premiumSoFar: sum / weights,
          premiumNow: frame.mark[row]! / frame.index[row]! - 1,
          premium: p,
          ...formulaFigures(frame.instrument, frame.intervalH[row]!, frame.time[row]!),
        },
        floors: elapsedH > 0 ? [{ name: 'coverage', floor: LEAST_COVERAGE, value: covered / elapsedH }] : [],
        notes: termsNotes(frame.instrument, frame.time[row]!),
      }),
    };
  },
});
