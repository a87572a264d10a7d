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
  state: ({ w }) => ({ chain: new Chain(), moves: new RollingMoments(w), mark: NaN, dMark: NaN, free: NaN, rate: NaN, since: NaN }),
  start({ w, rf, floor }, no, kept) {
    const need = Math.ceil(w / 2);
    const scored = (): number => {
      if (kept.moves.count < need) return no('warming-up');
      return kept.moves.sd < floor ? no('flat') : (kept.rate - (kept.dMark + kept.free)) / kept.moves.sd;
    };
    return {
      next(frame, row) {
        const why = kept.chain.next(frame, row);
        const before = kept.mark;
        kept.mark = frame.mark[row]!;
        if (why !== null) {
          kept.moves.clear();
          kept.dMark = NaN;
          kept.since = NaN;
          return no(why);
        }
        kept.rate = frame.rate[row]!;
        kept.free = riskFree(rf, frame.intervalH[row]!);
        kept.dMark = kept.mark / before - 1;
        kept.moves.push(kept.dMark);
        if (kept.since !== kept.since) kept.since = frame.time[row]!;
        return kept.dMark === kept.dMark ? scored() : no('no-price');
      },
      /** Provisional: the row holds the running rate and the mark of now; rf pro rata of the time since the settlement. */
      live(frame: SettlementFrame, row) {
        if (!(kept.chain.intervalH > 0)) return no('warming-up');
        if (frame.intervalH[row] !== kept.chain.intervalH) return no('interval-change');
        kept.rate = frame.rate[row]!;
        kept.free = (riskFree(rf, kept.chain.intervalH) * (frame.time[row]! - kept.chain.key)) / (kept.chain.intervalH * HOUR_MS);
        kept.dMark = frame.mark[row]! / kept.mark - 1;
        return kept.dMark === kept.dMark ? scored() : no('no-price');
      },
      audit: () => ({
        n: kept.moves.count,
        from: kept.since,
        earlier: { inputs: ['mark'], rows: 1 },
        floors: [{ name: 'sigma', floor, value: kept.moves.sd }],
        parts: {
          rate: kept.rate / kept.moves.sd,
          move: -kept.dMark / kept.moves.sd,
          riskFree: -kept.free / kept.moves.sd,
          sigma: kept.moves.count > 1 ? kept.moves.sd : NaN,
          dMark: kept.dMark,
        },
      }),
    };
  },
});
