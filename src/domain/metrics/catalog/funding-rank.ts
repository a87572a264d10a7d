import { defineMetric } from '../metric.ts';
import { whole } from '../params.ts';
import { SortedWindow } from '../rolling/sorted.ts';
import { HOURS_OF_DAY, trailing, whyNoF } from '../rows.ts';
import { ranksOf } from '../shared.ts';

export const fundingRank = defineMetric({
  name: 'funding-rank',
  title: 'Funding percentile',
  says: 'Where funding stands among its own last 90 days, as a percentile.',
  unit: 'percent-rank',
  on: 'hour',
  inputs: ['f'],
  params: { days: whole('Days looked back.', { default: 90, min: 1, max: 365, unit: 'd', usual: [30, 90, 365] }) },
  window: ({ days }) => trailing(days * HOURS_OF_DAY),
  formula: '(values below f + values equal to f / 2)/n over the days',
  source: 'domain 3.7',
  replay: (frame, { days }) => ({
    values: ranksOf(frame.f, days * HOURS_OF_DAY).slice(),
    why: (row) => (frame.f[row] === frame.f[row] ? 'warming-up' : whyNoF(frame, row)),
  }),
  state: ({ days }) => ({ rates: new SortedWindow(days * HOURS_OF_DAY) }),
  start(_params, no, kept) {
    const need = Math.ceil(kept.rates.n / 2);
    return {
      next(frame, row) {
        const f = frame.f[row]!;
        kept.rates.push(f);
        if (f !== f) return no(whyNoF(frame, row));
        return kept.rates.count < need ? no('warming-up') : kept.rates.lastRank();
      },
      /** Against the closed hours alone. */
      live(frame, row) {
        const f = frame.f[row]!;
        if (f !== f) return no(whyNoF(frame, row));
        return kept.rates.count < need ? no('warming-up') : kept.rates.rank(f);
      },
      audit: (frame, row) => ({
        n: kept.rates.count,
        parts: {
          ...kept.rates.standing(frame.f[row]!),
          p5: kept.rates.quantile(0.05),
          median: kept.rates.median(),
          p95: kept.rates.quantile(0.95),
        },
      }),
    };
  },
});
