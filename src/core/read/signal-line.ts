import { whyNoDivergence, type WhyNoDivergence } from '#domain/divergence.ts';
import type { HourFrame } from '#domain/metrics/frames/frames.ts';
import { neutralPerHour } from '#domain/metrics/rows.ts';
import { KIND_RUNNING } from '#domain/series.ts';
import { SignalRun } from '#domain/signal-run.ts';
import type { SignalEntry, SignalParams, SignalState } from '#domain/signal.ts';
import type { Slice } from '../shared-thread.ts';
import { resolveChoice } from './metrics/metric-choice.ts';
import type { FrameBlock } from './metrics/metric-frames.ts';
import type { MetricFeed } from './metrics/metric-source.ts';
import { RowWalk } from './row-walk.ts';

const SPARK_HOURS = 168;
/** Hours between two looks at the clock. */
const STRIDE = 512;

/** Whose rows the signal walks. */
export const SIGNAL_ROWS = resolveChoice({ metric: 'signal', params: {} });

/** What the last close of an instrument left behind; between closes only the running rate moves. */
export interface LiveView {
  readonly closedTo: number;
  readonly emaNow: number;
  readonly warmHours: number;
  readonly state: SignalState;
  /** D at the last closed hours, oldest first; NaN = none. */
  readonly spark: Float64Array<ArrayBuffer>;
  /** Why there is no average to hold the running rate against; null where there is. */
  readonly why: WhyNoDivergence | null;
  /** The interval of the newest closed hour, NaN unknown. */
  readonly intervalH: number;
  readonly params: SignalParams;
}

/** Where the walk stands: the run, its last entry, and the newest hours of D, oldest first. */
interface Signalling {
  readonly run: SignalRun;
  entry: SignalEntry | null;
  d: number[];
  /** Of the newest hour; no history at all is the beginning of a warm-up. */
  newest: { readonly kind: number; readonly f: number; readonly intervalH: number };
}

/** The signal of one instrument: the built-in rule on D, over the same hours that columns and rules walk. */
export class SignalLine {
  readonly #params: SignalParams;
  readonly #rows: RowWalk<Signalling>;

  /** `feed`: the instrument's hours. */
  constructor(params: SignalParams, feed: Pick<MetricFeed, 'kind' | 'legs' | 'read'>) {
    this.#params = params;
    this.#rows = new RowWalk([feed], {
      keeps: 'days',
      fresh: () => this.#fresh(),
      copy: ({ run, d, ...rest }) => ({ ...rest, run: run.copy(params), d: [...d] }),
      take,
      rest: ({ frame }, row) => ('f' in frame && !('legs' in frame) ? neutralPerHour(frame.instrument, frame.time[row] ?? NaN) : NaN),
    });
  }

  get params(): SignalParams {
    return this.#params;
  }

  /** The entry at the last close; null: it made none. */
  get entry(): SignalEntry | null {
    const { entry } = this.#now;
    return entry?.at === this.#rows.walkedTo ? entry : null;
  }

  /** The last closed hour was observed by this app. */
  get isObserved(): boolean {
    return this.#rows.state?.newest.kind === KIND_RUNNING;
  }

  /** The stored history is another one from here on. */
  changed(from: number): void {
    this.#rows.changed(from);
  }

  /** Walks the hours that closed up to `to`. */
  async advance(to: number, slice: Slice): Promise<void> {
    await this.#rows.advance(to, slice);
  }

  view(): LiveView {
    const { run, d, newest } = this.#now;
    const { emaNow, warmHours, state } = run;
    return {
      closedTo: this.#rows.walkedTo,
      emaNow,
      warmHours,
      state,
      spark: Float64Array.from(d.slice(-SPARK_HOURS)),
      why: whyNoDivergence(newest.kind, newest.f, emaNow),
      intervalH: newest.intervalH,
      params: this.#params,
    };
  }

  get #now(): Signalling {
    return this.#rows.state ?? this.#fresh();
  }
  #fresh(): Signalling {
    return { run: new SignalRun(this.#params), entry: null, d: [], newest: { kind: KIND_RUNNING, f: 0, intervalH: NaN } };
  }
}

async function take(state: Signalling, _line: number, { frame, first, end }: FrameBlock, slice: Slice): Promise<void> {
  const { time, f, kind, observation, intervalH, instrument } = frame as HourFrame;
  for (let i = first; i < end; i++) {
    const t = time[i] ?? NaN;
    const neutral = neutralPerHour(instrument, t);
    const hour = state.run.close(t, f[i] ?? NaN, kind[i] ?? 0, observation[i] ?? NaN, Number.isNaN(neutral) ? null : neutral);
    state.d.push(hour.d);
    state.entry = hour.entry ?? state.entry;
    if (i % STRIDE === STRIDE - 1 && slice.over()) await slice.pause();
  }
  if (state.d.length > 4 * SPARK_HOURS) state.d = state.d.slice(-SPARK_HOURS);
  if (end > first) state.newest = { kind: kind[end - 1] ?? 0, f: f[end - 1] ?? NaN, intervalH: intervalH[end - 1] ?? NaN };
}
