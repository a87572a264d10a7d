import { ClosedAverage } from '../../divergence.ts';
import { Signal, signalWords, DEFAULT_PARAMS } from '../../signal.ts';
import { defineMetric } from '../metric.ts';
import { choice, decimal, whole } from '../params.ts';
import { neutralPerHour, whyNoD, whyNoF } from '../rows.ts';
import { divergencesOf } from '../shared.ts';
import { interestNotes } from '../venue-terms.ts';
import { EMA_NOTE } from './ema-divergence.ts';

const PHASES = { quiet: 0, building: 1, active: 2, fading: 3 } as const;

export const signal = defineMetric({
  name: 'signal',
  title: 'Signal',
  says: 'The state of the divergence signal: above 0 short bias, below 0 long bias.',
  unit: 'label',
  on: 'hour',
  inputs: ['f'],
  params: {
    theta: decimal('Threshold on |D|.', {
      default: DEFAULT_PARAMS.theta,
      min: 1e-9,
      max: 0.1,
      unit: 'per hour',
      usual: [0.00001, 0.0001, 0.0005],
    }),
    k: whole('Closed periods in a row before it is active.', { default: DEFAULT_PARAMS.k, min: 1, max: 720, unit: 'periods' }),
    n: whole('Closed periods in the average.', { default: DEFAULT_PARAMS.n, min: 1, max: 2160, unit: 'periods', usual: [6, 12, 24, 48] }),
    average: choice('Exponential, or the plain mean of the n before.', ['ema', 'simple']),
  },
  labels: { 0: 'quiet', 1: 'building', 2: 'active', 3: 'fading', [-1]: 'building', [-2]: 'active', [-3]: 'fading' },
  window: ({ n }) => ({ length: n, of: 'rows', need: n, t: 'excluded' }),
  formula: '|D| >= theta on one side for k closed periods; fading down to 0.8 theta; over at a gap or a change of side',
  source: 'domain 3.1, signal',
  word: (value, _params, { f, neutral }) =>
    value === 0 ? '' : signalWords(value > 0 ? 1 : -1, f!, neutral !== undefined && Number.isFinite(neutral) ? neutral : null),
  replay(frame, { theta, k, n, average }) {
    const d = divergencesOf(frame.f, { n, average });
    const states = new Signal({ theta, k });
    const values = new Float64Array(d.length);
    for (let row = 0; row < values.length; row++) {
      states.close(frame.time[row]!, d[row]!, frame.f[row]!, frame.kind[row]!, frame.observation[row]!);
      values[row] = d[row] === d[row] ? states.side * PHASES[states.phase] : NaN;
    }
    return { values, why: (row) => whyNoD(frame, row) };
  },
  state: ({ theta, k, n, average }) => ({
    closed: new ClosedAverage(n, average),
    states: new Signal({ theta, k }),
    d: NaN,
    used: 0,
    mean: NaN,
    since: NaN,
  }),
  start({ n, average }, no, kept) {
    return {
      next(frame, row) {
        const f = frame.f[row]!;
        kept.used = kept.closed.count;
        kept.mean = kept.closed.value;
        if (kept.used === 0) kept.since = frame.time[row]!;
        kept.d = kept.closed.divergence(f);
        kept.closed.close(f);
        kept.states.close(frame.time[row]!, kept.d, f, frame.kind[row]!, frame.observation[row]!);
        if (f !== f) return no(whyNoF(frame, row));
        if (kept.d !== kept.d) return no('warming-up');
        return kept.states.side * PHASES[kept.states.phase];
      },
      audit(frame, row) {
        const { periods, observations, running } = kept.states.state;
        return {
          n: average === 'ema' ? kept.used : Math.min(kept.used, n),
          ...(kept.used > 0 && { from: kept.since }),
          parts: {
            d: kept.d,
            f: frame.f[row]!,
            average: kept.mean,
            neutral: neutralPerHour(frame.instrument, frame.time[row]!),
            periods,
            observations,
            running,
          },
          notes: [
            ...(observations === 1 && running === 0 ? ['one settlement stands behind it'] : []),
            ...(average === 'ema' ? EMA_NOTE : []),
            ...interestNotes(frame.instrument, frame.time[row]!),
          ],
        };
      },
    };
  },
});
