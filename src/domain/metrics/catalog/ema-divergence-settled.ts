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
  state: ({ n, average }) => ({ closed: new ClosedAverage(n, average), before: NaN, used: 0, mean: NaN, since: NaN }),
  start({ n, average }, no, kept) {
    const live = (frame: SettlementFrame, row: number): number => {
      const f = perHour(frame.rate[row]!, frame.intervalH[row]!);
      if (f !== f) return no('interval-unknown');
      return kept.closed.count < n ? no('warming-up') : kept.closed.divergence(f);
    };
    return {
      live,
      next(frame, row) {
        const key = frame.time[row]!;
        if (key - kept.before > frame.intervalH[row]! * HOUR_MS + SETTLEMENT_SLACK_MS) kept.closed.close(NaN);
        kept.before = key;
        kept.used = kept.closed.count;
        kept.mean = kept.closed.value;
        const d = live(frame, row);
        if (kept.used === 0) kept.since = key;
        kept.closed.close(perHour(frame.rate[row]!, frame.intervalH[row]!));
        return d;
      },
      audit: (frame, row) => ({
        n: average === 'ema' ? kept.used : Math.min(kept.used, n),
        ...(kept.used > 0 && { from: kept.since }),
        parts: { f: perHour(frame.rate[row]!, frame.intervalH[row]!), average: kept.mean },
        notes: average === 'ema' ? EMA_NOTE : [],
      }),
    };
  },
});
