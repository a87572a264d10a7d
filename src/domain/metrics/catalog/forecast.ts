import { HOUR_MS } from '../../time.ts';
import type { HourFrame } from '../frames/frames.ts';
import { premiumWeight, premiumWeights } from '../frames/settlement.ts';
import { defineMetric } from '../metric.ts';
import { whyNoF } from '../rows.ts';
import { formulaFigures, hasFormula, hasOwnPremium, PROXY_NOTE, termsAt, termsNotes, theoreticalRate } from '../venue-terms.ts';
import { isCovered, LEAST_COVERAGE } from '../theoretical.ts';

export const forecast = defineMetric({
  name: 'forecast',
  title: 'Forecast of the next settlement',
  says: 'The next settled rate if the premium of now stays for the rest of the interval.',
  unit: 'rate-per-interval',
  on: 'hour',
  inputs: ['premium', 'mark', 'index', 'settledAt'],
  params: {},
  foretells: true,
  formula: 'F of (premium so far, the premium of now for the rest), weighted as the venue weights it',
  source: 'domain 3.6, forecast',
  state: () => ({ settledAt: NaN, weights: NaN, sum: NaN, covered: NaN, p: NaN, elapsedH: NaN, dueAt: NaN }),
  start(_params, no, interval) {
    return {
      next(frame, row) {
        const t = frame.time[row]!;
        if (frame.settledAt[row] !== interval.settledAt) {
          interval.settledAt = frame.settledAt[row]!;
          interval.weights = 0;
          interval.sum = 0;
          interval.covered = 0;
        }
        interval.p = NaN;
        interval.elapsedH = Math.round((t - interval.settledAt) / HOUR_MS);
        if (interval.settledAt !== interval.settledAt) return no('warming-up');
        const intervalH = frame.intervalH[row]!;
        // The terms of the settlement that is forecast: venues announce a change days before.
        interval.dueAt = interval.settledAt + (intervalH > 0 ? intervalH * HOUR_MS : 0);
        const weighting = termsAt(frame.instrument, interval.dueAt)?.weighting ?? 'equal';
        const coverage = frame.coverage[row]!;
        if (interval.elapsedH > 0 && coverage > 0 && frame.premium[row] === frame.premium[row]) {
          const weight = coverage * premiumWeight(weighting, interval.elapsedH);
          interval.covered += coverage;
          interval.weights += weight;
          interval.sum += weight * frame.premium[row]!;
        }
        if (!(intervalH > 0)) return no(whyNoF(frame, row));
        if (interval.elapsedH >= intervalH) return no('gap');
        if (!hasFormula(frame.instrument, interval.dueAt)) return no('not-for-venue');
        if (!isCovered(interval.covered, interval.elapsedH)) return no('coverage');
        const now = premiumNow(frame, row);
        if (now !== now) return no(hasOwnPremium(frame.instrument.formula) ? 'gap' : 'no-price');
        const passed = premiumWeights(weighting, interval.elapsedH);
        const whole = premiumWeights(weighting, intervalH);
        interval.p = ((interval.elapsedH === 0 ? 0 : (passed * interval.sum) / interval.weights) + (whole - passed) * now) / whole;
        return theoreticalRate(frame.instrument, interval.p, intervalH, interval.dueAt, t);
      },
      audit: (frame, row) => ({
        parts: {
          elapsedH: interval.elapsedH,
          intervalH: frame.intervalH[row]!,
          premiumSoFar: interval.sum / interval.weights,
          premiumNow: premiumNow(frame, row),
          premium: interval.p,
          ...formulaFigures(frame.instrument, frame.intervalH[row]!, interval.dueAt, frame.time[row]),
        },
        floors: interval.elapsedH > 0 ? [{ name: 'coverage', floor: LEAST_COVERAGE, value: interval.covered / interval.elapsedH }] : [],
        notes: [hasOwnPremium(frame.instrument.formula) ? OWN_NOTE : PROXY_NOTE, ...termsNotes(frame.instrument, interval.dueAt)],
      }),
    };
  },
});

const OWN_NOTE = "the premium of now is the venue's own: of a closed hour its mean over that hour, which is what is kept of it";

/** One kind all along: a venue's own premium is never carried on with mark/index - 1. */
const premiumNow = ({ instrument, premium, mark, index }: HourFrame, row: number): number =>
  hasOwnPremium(instrument.formula) ? premium[row]! : mark[row]! / index[row]! - 1;
