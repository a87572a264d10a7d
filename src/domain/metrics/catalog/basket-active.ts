import { ClosedAverage } from '../../divergence.ts';
import { DEFAULT_PARAMS, Signal } from '../../signal.ts';
import { defineMetric } from '../metric.ts';
import { choice, decimal, whole } from '../params.ts';

export const basketActive = defineMetric({
  name: 'basket-active',
  title: 'Share with an active signal',
  says: 'How much of the list has an active divergence signal: crowding across the market, not in one coin.',
  unit: 'fraction',
  on: 'basket',
  inputs: ['f'],
  params: {
    side: choice('Which side.', ['either', 'short-bias', 'long-bias']),
    theta: decimal('Threshold on |D|.', { default: DEFAULT_PARAMS.theta, min: 1e-9, max: 0.1, unit: 'per hour' }),
    k: whole('Closed periods in a row before it is active.', { default: DEFAULT_PARAMS.k, min: 1, max: 720, unit: 'periods' }),
    n: whole('Closed periods in the average.', { default: DEFAULT_PARAMS.n, min: 1, max: 2160, unit: 'periods' }),
  },
  window: ({ n }) => ({ length: n, of: 'rows', need: n, t: 'excluded' }),
  formula: 'instruments whose signal is active / instruments that have a D',
  source: 'domain 3.10',
  state: () => ({ averages: [] as ClosedAverage[], signals: [] as Signal[] }),
  start({ side, theta, k, n }, no, kept) {
    let known = 0;
    let shortBias = 0;
    let longBias = 0;
    return {
      next(frame, row) {
        if (kept.signals.length !== frame.legs.length) {
          kept.averages = frame.legs.map(() => new ClosedAverage(n));
          kept.signals = frame.legs.map(() => new Signal({ theta, k }));
        }
        known = 0;
        shortBias = 0;
        longBias = 0;
        for (let i = 0; i < kept.signals.length; i++) {
          const leg = frame.legs[i]!;
          const f = leg.f[row]!;
          const d = kept.averages[i]!.divergence(f);
          kept.averages[i]!.close(f);
          kept.signals[i]!.close(frame.time[row]!, d, f, leg.kind[row]!, leg.observation[row]!);
          if (d !== d) continue;
          known++;
          if (kept.signals[i]!.phase !== 'active') continue;
          if (d > 0) shortBias++;
          else longBias++;
        }
        if (known === 0) return no('warming-up');
        return ((side === 'long-bias' ? 0 : shortBias) + (side === 'short-bias' ? 0 : longBias)) / known;
      },
      audit: () => ({ instruments: known, parts: { shortBias, longBias } }),
    };
  },
});
