import { HOUR_MS } from '../../time.ts';
import type { SettlementFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { RollingMoments } from '../rolling/moments.ts';
import { reasonOf } from '../reason.ts';
import { Chain, trailing } from '../rows.ts';
import { FLOOR_PARAM, RF_PARAM, riskFree, WINDOW_PARAM } from '../score-parts.ts';
import { chainOf, markMoves, sdOfChains } from '../shared.ts';

const BAND = 0.5;

export const score = defineMetric({
  name: 'score',
  title: 'Volatility-adjusted score',
  says: 'Funding less the move of the mark, in sigmas: in practice the price move with its sign turned.',
  unit: 'score',
  on: 'settlement',
  inputs: ['rate', 'intervalH', 'mark'],
  params: { w: WINDOW_PARAM, rf: RF_PARAM, floor: FLOOR_PARAM },
  window: ({ w }) => trailing(w),
  formula: 'score = (r - dMark - rf)/sigma, sigma = sd of dMark over W closed intervals; restarts at a change or a missing settlement',
  source: 'domain 3.2',
  word(value, _params, { rate = 0, move = 0, riskFree: rf = 0 }) {
    if (Math.abs(value) < BAND) return '';
    const sign = Math.sign(value);
    const largest = Math.max(sign * rate, sign * move, sign * rf);
    const because =
      sign * move === largest ? `price ${value > 0 ? 'fell' : 'rose'}` : sign * rate === largest ? 'funding' : 'risk-free rate';
    return `${value > 0 ? 'overbought' : 'oversold'}: ${because}`;
  },
  replay(frame, { w, rf, floor }) {
    const chain = chainOf(frame);
    const moves = markMoves(frame);
    const sd = sdOfChains(moves, chain, w, false);
    const values = new Float64Array(moves.length);
    for (let row = 0; row < values.length; row++) {
      values[row] = sd[row]! < floor ? NaN : (frame.rate[row]! - (moves[row]! + riskFree(rf, frame.intervalH[row]!))) / sd[row]!;
    }
    return {
      values,
      why(row) {
        if (chain[row] !== 0) return reasonOf(chain[row]!)!;
        if (moves[row] !== moves[row]) return 'no-price';
        return sd[row] !== sd[row] ? 'warming-up' : sd[row]! < floor ? 'flat' : 'out-of-range';
      },
    };
  },
  start({ w, rf, floor }, no) {
    const chain = new Chain();
    const moves = new RollingMoments(w);
    const need = Math.ceil(w / 2);
    let mark = NaN;
    let dMark = NaN;
    let free = NaN;
    let rate = NaN;
    let since = NaN;
    const scored = (): number => {
      if (moves.count < need) return no('warming-up');
      return moves.sd < floor ? no('flat') : (rate - (dMark + free)) / moves.sd;
    };
    return {
      next(frame, row) {
        const why = chain.next(frame, row);
        const before = mark;
        mark = frame.mark[row]!;
        if (why !== null) {
          moves.clear();
          dMark = NaN;
          since = NaN;
          return no(why);
        }
        rate = frame.rate[row]!;
        free = riskFree(rf, frame.intervalH[row]!);
        dMark = mark / before - 1;
        moves.push(dMark);
        if (since !== since) since = frame.time[row]!;
        return dMark === dMark ? scored() : no('no-price');
      },
      /** Provisional: the row holds the running rate and the mark of now; rf pro rata of the time since the settlement. */
      live(frame: SettlementFrame, row) {
        if (!(chain.intervalH > 0)) return no('warming-up');
        if (frame.intervalH[row] !== chain.intervalH) return no('interval-change');
        rate = frame.rate[row]!;
        free = (riskFree(rf, chain.intervalH) * (frame.time[row]! - chain.key)) / (chain.intervalH * HOUR_MS);
        dMark = frame.mark[row]! / mark - 1;
        return dMark === dMark ? scored() : no('no-price');
      },
      audit: () => ({
        n: moves.count,
        from: since,
        earlier: { inputs: ['mark'], rows: 1 },
        floors: [{ name: 'sigma', floor, value: moves.sd }],
        parts: {
          rate: rate / moves.sd,
          move: -dMark / moves.sd,
          riskFree: -free / moves.sd,
          sigma: moves.count > 1 ? moves.sd : NaN,
          dMark,
        },
      }),
    };
  },
});
