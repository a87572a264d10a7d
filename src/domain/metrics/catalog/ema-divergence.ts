import { ClosedAverage, type Average } from '../../divergence.ts';
import { divergencesOf } from '../shared.ts';
import { defineMetric, type No, type Replayed, type Step } from '../metric.ts';
import { choice, whole } from '../params.ts';
import type { HourFrame } from '../frames/frames.ts';
import { whyNoD, whyNoF } from '../rows.ts';

/** Of every metric that measures D. */
export const DIVERGENCE_PARAMS = {
  n: whole('Closed periods in the average.', { default: 12, min: 1, max: 2160, unit: 'periods', usual: [6, 12, 24, 48] }),
  average: choice('Exponential with alpha 2/(n+1), or the plain mean of the n before.', ['ema', 'simple']),
};

/** Of an average that has no first value. */
export const EMA_NOTE = ['EMA: all values since the last gap contribute'];

export const divergenceState = ({ n, average }: { n: number; average: Average }) => ({
  closed: new ClosedAverage(n, average),
  used: 0,
  mean: NaN,
  since: NaN,
});

/** D of closed periods, one at a time. */
export function startDivergence(
  { n, average }: { n: number; average: Average },
  no: No,
  kept: ReturnType<typeof divergenceState>,
): Required<Step<HourFrame>> {
  const { closed } = kept;
  const live = (frame: HourFrame, row: number): number => {
    const f = frame.f[row]!;
    if (f !== f) return no(whyNoF(frame, row));
    return closed.count < n ? no('warming-up') : closed.divergence(f);
  };
  return {
    live,
    next(frame, row) {
      kept.used = closed.count;
      kept.mean = closed.value;
      const d = live(frame, row);
      if (kept.used === 0) kept.since = frame.time[row]!;
      closed.close(frame.f[row]!);
      return d;
    },
    audit: (frame, row) => ({
      n: average === 'ema' ? kept.used : Math.min(kept.used, n),
      ...(kept.used > 0 && { from: kept.since }),
      parts: { f: frame.f[row]!, average: kept.mean },
      notes: average === 'ema' ? EMA_NOTE : [],
    }),
  };
}

/** D of every row. */
export const replayDivergence = (frame: HourFrame, params: { n: number; average: Average }): Replayed => ({
  values: divergencesOf(frame.f, params).slice(),
  why: (row) => whyNoD(frame, row),
});

export const warmAfterN = ({ n }: { n: number }) => ({ length: n, of: 'rows', need: n, t: 'excluded' }) as const;
export const DIVERGENCE_FORMULA =
  'D = f(t) - EMA_n(f before t), alpha = 2/(n+1), seeded with the mean of the first n; or the simple mean of n';

export const emaDivergence = defineMetric({
  name: 'ema-divergence',
  title: 'EMA divergence',
  says: 'How far funding stands from its own recent average: above 0 longs pay more than they did, below 0 shorts do.',
  unit: 'rate-per-hour',
  on: 'hour',
  inputs: ['f'],
  params: DIVERGENCE_PARAMS,
  window: warmAfterN,
  formula: DIVERGENCE_FORMULA,
  source: 'domain 3.1',
  state: divergenceState,
  start: startDivergence,
  replay: replayDivergence,
});
