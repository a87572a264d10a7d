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
  state: ({ w }) => ({ chain: new Chain(), returns: new RollingMoments(w), mark: NaN, index: NaN, dMark: NaN, since: NaN }),
  start({ w, floor }, no, kept) {
    const need = Math.ceil(w / 2);
    return {
      next(frame, row) {
        const why = kept.chain.next(frame, row);
        const markBefore = kept.mark;
        const indexBefore = kept.index;
        kept.mark = frame.mark[row]!;
        kept.index = frame.index[row]!;
        if (why !== null) {
          kept.returns.clear();
          kept.dMark = NaN;
          kept.since = NaN;
          return no(why);
        }
        kept.dMark = kept.mark / markBefore - 1;
        const dIndex = kept.index / indexBefore - 1;
        kept.returns.push(dIndex);
        if (kept.since !== kept.since) kept.since = frame.time[row]!;
        if (kept.dMark !== kept.dMark) return no('no-price');
        if (kept.returns.count < need) return no(dIndex === dIndex ? 'warming-up' : 'no-price');
        return kept.returns.sd < floor ? no('flat') : (frame.rate[row]! - kept.dMark) / kept.returns.sd;
      },
      audit: () => ({
        n: kept.returns.count,
        from: kept.since,
        earlier: { inputs: ['mark', 'index'], rows: 1 },
        floors: [{ name: 'sigma of spot', floor, value: kept.returns.sd }],
        parts: { dMark: kept.dMark, sigma: kept.returns.count > 1 ? kept.returns.sd : NaN },
      }),
    };
  },
});
