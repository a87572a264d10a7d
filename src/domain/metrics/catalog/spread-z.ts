import { defineMetric } from '../metric.ts';
import { whole } from '../params.ts';
import { rollingMean, RollingMoments, rollingSd } from '../rolling/moments.ts';
import { HOURS_OF_DAY, trailing } from '../rows.ts';
import { findSpreadPair, spreadPairNotes, spreadsOf, whyTooFew } from '../spread-pair.ts';

export const spreadZ = defineMetric({
  name: 'spread-z',
  title: 'Spread z-score',
  says: 'How unusual the cross-venue spread is against its own last weeks.',
  unit: 'score',
  on: 'asset',
  inputs: ['f'],
  params: { days: whole("Days of the spread's own history.", { default: 30, min: 1, max: 365, unit: 'd', usual: [7, 30, 90] }) },
  window: ({ days }) => trailing(days * HOURS_OF_DAY),
  formula: '(spread - mean)/sd of the spread over the days',
  source: 'domain 3.4',
  replay(frame, { days }) {
    const spreads = spreadsOf(frame);
    const need = Math.ceil((days * HOURS_OF_DAY) / 2);
    const values = rollingMean(spreads, days * HOURS_OF_DAY, need);
    const sd = rollingSd(spreads, days * HOURS_OF_DAY, need);
    for (let row = 0; row < values.length; row++) values[row] = sd[row] === 0 ? NaN : (spreads[row]! - values[row]!) / sd[row]!;
    return {
      values,
      why: (row) => (spreads[row] !== spreads[row] ? whyTooFew(frame, row) : sd[row] === 0 ? 'flat' : 'warming-up'),
    };
  },
  state: ({ days }) => ({ spreads: new RollingMoments(days * HOURS_OF_DAY) }),
  start(_params, no, kept) {
    const need = Math.ceil(kept.spreads.n / 2);
    let spread = NaN;
    const pair = { high: -1, low: -1, count: 0 };
    return {
      next(frame, row) {
        findSpreadPair(frame, row, pair);
        spread = pair.count < 2 ? NaN : frame.legs[pair.high]!.f[row]! - frame.legs[pair.low]!.f[row]!;
        kept.spreads.push(spread);
        if (spread !== spread) return no(whyTooFew(frame, row));
        if (kept.spreads.count < need) return no('warming-up');
        return kept.spreads.sd === 0 ? no('flat') : (spread - kept.spreads.mean) / kept.spreads.sd;
      },
      audit: (frame) => ({
        n: kept.spreads.count,
        instruments: pair.count,
        parts: { spread, mean: kept.spreads.count > 0 ? kept.spreads.mean : NaN, sd: kept.spreads.count > 1 ? kept.spreads.sd : NaN },
        notes: spreadPairNotes(frame, pair),
      }),
    };
  },
});
