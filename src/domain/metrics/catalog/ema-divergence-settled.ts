import { ClosedAverage } from '../../divergence.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS } from '../../time.ts';
import { perHour } from '../../units.ts';
import type { SettlementFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { choice, whole } from '../params.ts';
import { EMA_NOTE } from './ema-divergence.ts';

export const settledDivergence = defineMetric({
  name: 'ema-divergence-settled',
  title: 'EMA divergence, by settlement',
  says: 'The divergence with one step per funding interval: only rates that were really charged.',
  unit: 'rate-per-hour',
  on: 'settlement',
  inputs: ['rate', 'intervalH'],
  params: {
    n: whole('Settlements in the average.', { default: 12, min: 1, max: 2160, unit: 'settlements', usual: [6, 12, 24] }),
    average: choice('Exponential with alpha 2/(n+1), or the plain mean of the n before.', ['ema', 'simple']),
  },
  window: ({ n }) => ({ length: n, of: 'rows', need: n, t: 'excluded' }),
  formula: 'D = r/h - EMA_n(r/h of the settlements before); a missing settlement is a gap and restarts it',
  source: 'domain 3.1, other periods',
  start({ n, average }, no) {
    const closed = new ClosedAverage(n, average);
    let before = NaN;
    let used = 0;
    let mean = NaN;
    let since = NaN;
    const live = (frame: SettlementFrame, row: number): number => {
      const f = perHour(frame.rate[row]!, frame.intervalH[row]!);
      if (f !== f) return no('interval-unknown');
      return closed.count < n ? no('warming-up') : closed.divergence(f);
    };
    return {
      live,
      next(frame, row) {
        const key = frame.time[row]!;
        if (key - before > frame.intervalH[row]! * HOUR_MS + SETTLEMENT_SLACK_MS) closed.close(NaN);
        before = key;
        used = closed.count;
        mean = closed.value;
        const d = live(frame, row);
        if (used === 0) since = key;
        closed.close(perHour(frame.rate[row]!, frame.intervalH[row]!));
        return d;
      },
      audit: (frame, row) => ({
        n: average === 'ema' ? used : Math.min(used, n),
        ...(used > 0 && { from: since }),
        parts: { f: perHour(frame.rate[row]!, frame.intervalH[row]!), average: mean },
        notes: average === 'ema' ? EMA_NOTE : [],
      }),
    };
  },
});
