import { defineMetric } from '../metric.ts';
import { RollingMoments } from '../rolling/moments.ts';
import { Chain, trailing } from '../rows.ts';
import { FLOOR_PARAM, RF_PARAM, riskFree, WINDOW_PARAM } from '../score-parts.ts';
import { chainOf, sdOfChains } from '../shared.ts';

export const fundingScore = defineMetric({
  name: 'funding-score',
  title: 'Funding score',
  says: 'The rate over the risk-free rate, in deviations of the rate itself: funding alone, no price in it.',
  unit: 'score',
  on: 'settlement',
  inputs: ['rate', 'intervalH'],
  params: { w: WINDOW_PARAM, rf: RF_PARAM, floor: FLOOR_PARAM },
  window: ({ w }) => trailing(w),
  formula: '(r - rf)/sd(r) over W closed intervals; restarts at a change of interval or a missing settlement',
  source: 'domain 3.2, funding score',
  replay(frame, { w, rf, floor }) {
    const { rate, intervalH } = frame;
    const sd = sdOfChains(rate, chainOf(frame), w, true);
    const values = new Float64Array(rate.length);
    for (let row = 0; row < values.length; row++) {
      const usable = intervalH[row]! > 0 && sd[row]! >= floor;
      values[row] = usable ? (rate[row]! - riskFree(rf, intervalH[row]!)) / sd[row]! : NaN;
    }
    return {
      values,
      why: (row) => (!(intervalH[row]! > 0) ? 'interval-unknown' : sd[row]! < floor ? 'flat' : 'warming-up'),
    };
  },
  state: ({ w }) => ({ chain: new Chain(), rates: new RollingMoments(w), since: NaN }),
  start({ w, rf, floor }, no, kept) {
    const need = Math.ceil(w / 2);
    const scored = (rate: number, intervalH: number): number => {
      if (kept.rates.count < need) return no('warming-up');
      return kept.rates.sd < floor ? no('flat') : (rate - riskFree(rf, intervalH)) / kept.rates.sd;
    };
    return {
      next(frame, row) {
        const why = kept.chain.next(frame, row);
        if (why !== null) {
          kept.rates.clear();
          kept.since = frame.time[row]!;
        }
        if (why === 'interval-unknown' && !(frame.intervalH[row]! > 0)) return no(why);
        kept.rates.push(frame.rate[row]!);
        return scored(frame.rate[row]!, frame.intervalH[row]!);
      },
      live(frame, row) {
        return frame.intervalH[row] === kept.chain.intervalH ? scored(frame.rate[row]!, kept.chain.intervalH) : no('interval-change');
      },
      audit: (frame, row) => ({
        n: kept.rates.count,
        from: kept.since,
        floors: [{ name: 'sd', floor, value: kept.rates.sd }],
        parts: { r: frame.rate[row]!, rf: riskFree(rf, frame.intervalH[row]!), sd: kept.rates.count > 1 ? kept.rates.sd : NaN },
      }),
    };
  },
});
