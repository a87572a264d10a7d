import type { SettlementFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { reasonOf } from '../reason.ts';
import { Chain } from '../rows.ts';
import { RF_PARAM, riskFree } from '../score-parts.ts';
import { chainOf, markMoves } from '../shared.ts';

export const impliedDivergence = defineMetric({
  name: 'implied-divergence',
  title: 'Implied divergence',
  says: 'The rate less what the move of the mark and the risk-free rate implied over the interval.',
  unit: 'rate-per-interval',
  on: 'settlement',
  inputs: ['rate', 'intervalH', 'mark'],
  params: { rf: RF_PARAM },
  window: () => ({ length: 2, of: 'rows', need: 2, t: 'included' }),
  formula: 'Div = r - (mark_t/mark_(t-1) - 1 + rf h/8)',
  source: 'domain 3.2',
  replay(frame, { rf }) {
    const chain = chainOf(frame);
    const moves = markMoves(frame);
    const values = new Float64Array(moves.length);
    for (let row = 0; row < values.length; row++) {
      values[row] = frame.rate[row]! - (moves[row]! + riskFree(rf, frame.intervalH[row]!));
    }
    return { values, why: (row) => reasonOf(chain[row]!) ?? (moves[row] === moves[row] ? 'out-of-range' : 'no-price') };
  },
  state: () => ({ chain: new Chain(), mark: NaN, dMark: NaN }),
  start({ rf }, no, kept) {
    return {
      next(frame: SettlementFrame, row) {
        const why = kept.chain.next(frame, row);
        const before = kept.mark;
        kept.mark = frame.mark[row]!;
        kept.dMark = why === null ? kept.mark / before - 1 : NaN;
        if (why !== null) return no(why);
        if (kept.dMark !== kept.dMark) return no('no-price');
        return frame.rate[row]! - (kept.dMark + riskFree(rf, frame.intervalH[row]!));
      },
      audit: (frame, row) => ({
        earlier: { inputs: ['mark'], rows: 1 },
        parts: { r: frame.rate[row]!, dMark: kept.dMark, rf: riskFree(rf, frame.intervalH[row]!) },
      }),
    };
  },
});
