import { defineMetric } from '../metric.ts';
import { RollingMoments } from '../rolling/moments.ts';
import { reasonOf } from '../reason.ts';
import { Chain, trailing } from '../rows.ts';
import { FLOOR_PARAM, WINDOW_PARAM } from '../score-parts.ts';
import { chainOf, indexMoves, markMoves, sdOfChains } from '../shared.ts';

export const simpleRatio = defineMetric({
  name: 'simple-ratio',
  title: 'Simple ratio',
  says: 'Funding less the move of the mark, in sigmas of the spot index.',
  unit: 'score',
  on: 'settlement',
  inputs: ['rate', 'intervalH', 'mark', 'index'],
  params: { w: WINDOW_PARAM, floor: FLOOR_PARAM },
  window: ({ w }) => trailing(w),
  formula: '(r - dMark)/sigma_spot, sigma_spot = sd of index returns over W closed intervals',
  source: 'domain 3.3',
  replay(frame, { w, floor }) {
    const chain = chainOf(frame);
    const moves = markMoves(frame);
    const returns = indexMoves(frame);
    const sd = sdOfChains(returns, chain, w, false);
    const values = new Float64Array(moves.length);
    for (let row = 0; row < values.length; row++) {
      values[row] = sd[row]! < floor ? NaN : (frame.rate[row]! - moves[row]!) / sd[row]!;
    }
    return {
      values,
      why(row) {
        if (chain[row] !== 0) return reasonOf(chain[row]!)!;
        if (moves[row] !== moves[row]) return 'no-price';
        if (sd[row] !== sd[row]) return returns[row] === returns[row] ? 'warming-up' : 'no-price';
        return sd[row]! < floor ? 'flat' : 'out-of-range';
      },
    };
  },
  start({ w, floor }, no) {
    const chain = new Chain();
    const returns = new RollingMoments(w);
    const need = Math.ceil(w / 2);
    let mark = NaN;
    let index = NaN;
    let dMark = NaN;
    let since = NaN;
    return {
      next(frame, row) {
        const why = chain.next(frame, row);
        const markBefore = mark;
        const indexBefore = index;
        mark = frame.mark[row]!;
        index = frame.index[row]!;
        if (why !== null) {
          returns.clear();
          dMark = NaN;
          since = NaN;
          return no(why);
        }
        dMark = mark / markBefore - 1;
        const dIndex = index / indexBefore - 1;
        returns.push(dIndex);
        if (since !== since) since = frame.time[row]!;
        if (dMark !== dMark) return no('no-price');
        if (returns.count < need) return no(dIndex === dIndex ? 'warming-up' : 'no-price');
        return returns.sd < floor ? no('flat') : (frame.rate[row]! - dMark) / returns.sd;
      },
      audit: () => ({
        n: returns.count,
        from: since,
        earlier: { inputs: ['mark', 'index'], rows: 1 },
        floors: [{ name: 'sigma of spot', floor, value: returns.sd }],
        parts: { dMark, sigma: returns.count > 1 ? returns.sd : NaN },
      }),
    };
  },
});
