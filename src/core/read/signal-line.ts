import { whyNoDivergence, type WhyNoDivergence } from '#domain/divergence.ts';
import type { HourFrame } from '#domain/metrics/frames/frames.ts';
import { neutralPerHour } from '#domain/metrics/rows.ts';
import { isInterestAssumed, termsHoldUntil } from '#domain/metrics/venue-terms.ts';
import { KIND_RUNNING } from '#domain/series.ts';
import { SignalRun } from '#domain/signal-run.ts';
import type { SignalEntry, SignalParams, SignalState } from '#domain/signal.ts';
import type { Span } from '#domain/time.ts';
import type { Slice } from '../shared-thread.ts';
import { mergeSpans } from '../spans.ts';
import { DrawnHours } from './drawn-hours.ts';
import { resolveChoice } from './metrics/metric-choice.ts';
import type { FrameBlock, StoredRows } from './metrics/metric-frames.ts';
import { comparedMs, type Marks, RowWalk, type WalkedLine } from './row-walk.ts';

const SPARK_HOURS = 168;
/** Hours between two checks of the clock. */
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

/** The last closed hour, walked. */
export interface SignalClose {
  readonly view: LiveView;
  /** The entry that it made; null: none. */
  readonly entry: SignalEntry | null;
  /** The hour was observed by this app. */
  readonly isObserved: boolean;
}

/** The whole of D up to a close, with every entry. */
export interface Drawn {
  readonly hours: DrawnHours;
  readonly entries: readonly SignalEntry[];
  readonly params: SignalParams;
  /** Stretches of which retention deleted hours. */
  readonly thinned: readonly Span[];
}

/** Where the walk stands: the run, its entries, and the newest hours of D, oldest first. */
interface Signalling {
  readonly run: SignalRun;
  /** Of all hours where they are drawn, else the last one. */
  entries: readonly SignalEntry[];
  d: number[];
  /** Of the newest hour; no history at all is the beginning of a warm-up. */
  newest: { readonly kind: number; readonly f: number; readonly intervalH: number };
}

export type SignalMarks = Marks<Signalling>;

/**
 * The signal of one instrument: the built-in rule on D, over the same hours that columns and rules walk. The same walk draws the
 * chart, where it is asked to: the hours are kept as columns, and a later walk changes what it walks of them.
 */
export class SignalLine {
  readonly params: SignalParams;
  readonly #feed: WalkedLine;
  readonly #rows: RowWalk<Signalling>;
  #draws: boolean;
  /** Of the state that the walk is at, up to where it has walked. */
  #drawn: DrawnHours | null = null;
  #thinned: readonly Span[] = [];
  #to = NaN;
  /** One walk after the other. */
  #walking: Promise<unknown> = Promise.resolve();

  /**
   * `feed`: the instrument's hours; `draws`: the chart is drawn from the first walk on; `seeds`: states of another line of the same
   * thresholds, from which a walk that draws nothing may go on.
   */
  constructor(params: SignalParams, feed: WalkedLine, draws = false, seeds: (to: number) => SignalMarks | null = () => null) {
    this.params = params;
    this.#feed = feed;
    this.#draws = draws;
    this.#rows = new RowWalk([feed], {
      keeps: 'days',
      fresh: () => this.#fresh(),
      // What is drawn is shared: each state says of the hours up to its own only.
      copy: ({ run, d, ...rest }) => ({ ...rest, run: run.copy(params), d: d.slice(-SPARK_HOURS) }),
      take: (state, _line, block, slice) => this.#take(state, block, slice),
      seeds: (to) => (this.#draws ? null : seeds(to)),
      rest: ({ frame }) => restOf(frame as HourFrame),
    });
  }

  /** As in RowWalk. */
  marksTo(to: number, changedFrom: number): SignalMarks {
    return this.#rows.marksTo(to, changedFrom);
  }

  /** Of what is drawn. */
  get bytes(): number {
    return this.#drawn?.bytes ?? 0;
  }

  /** The stored history is another one from here on. */
  changed(from: number): void {
    this.#rows.changed(from);
  }

  /** Walks the hours that closed up to `to`. */
  advance(to: number, slice: Slice): Promise<SignalClose> {
    return this.#alone(async () => {
      await this.#walk(to, slice);
      const { entries, newest } = this.#now;
      const entry = entries.at(-1);
      return { view: this.#view(), entry: entry?.at === to ? entry : null, isObserved: newest.kind === KIND_RUNNING };
    });
  }

  /** The same, with all that was walked: where it was not drawn before it is walked from the beginning. `see` is done with it before the next walk. */
  draw<T>(to: number, slice: Slice, see: (drawn: Drawn) => T): Promise<T> {
    return this.#alone(async () => {
      const rows = this.#rows;
      if (this.#drawn === null) {
        this.#draws = true;
        rows.forget();
      }
      const isThere = this.#drawn !== null && rows.walkedTo === to && rows.changedFrom === Infinity && !rows.isOfOthers;
      if (!isThere) await this.#walk(to, slice);
      const hours = this.#drawn ?? new DrawnHours();
      return see({ hours, entries: this.#now.entries, params: this.params, thinned: this.#thinned });
    });
  }

  /** What is drawn is kept no longer. */
  undraw(): void {
    this.#draws = false;
    this.#drawn = null;
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#walking.then(work);
    this.#walking = done.catch(() => undefined);
    return done;
  }

  async #walk(to: number, slice: Slice): Promise<void> {
    this.#to = to;
    const walked = await this.#rows.advance(to, slice);
    const [rows] = walked?.rows ?? [];
    if (rows === undefined) return;
    const from = walked?.from ?? null;
    this.#thinned = from === null ? rows.thinned : mergeSpans([...this.#thinned, ...rows.thinned]);
    this.#lay(rows, from === null ? -Infinity : from - comparedMs(this.#feed), to);
  }

  /** Prices and settlements are drawn as they were read. */
  #lay({ legs }: StoredRows, from: number, to: number): void {
    const [leg] = legs;
    if (leg?.settled === undefined) return;
    this.#drawn?.lay(from, to, { prices: leg.prices, hours: leg.hours }, leg.settled);
  }

  #view(): LiveView {
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
      params: this.params,
    };
  }

  get #now(): Signalling {
    return this.#rows.state ?? this.#blank();
  }
  #fresh(): Signalling {
    this.#drawn = this.#draws ? new DrawnHours() : null;
    return this.#blank();
  }
  #blank(): Signalling {
    return { run: new SignalRun(this.params), entries: [], d: [], newest: { kind: KIND_RUNNING, f: 0, intervalH: NaN } };
  }

  async #take(state: Signalling, { frame, first, end }: FrameBlock, slice: Slice): Promise<void> {
    const hours = frame as HourFrame;
    for (let row = first; row < end; row += STRIDE) {
      this.#close(state, hours, row, Math.min(row + STRIDE, end));
      if (slice.over()) await slice.pause();
    }
    if (state.d.length > 4 * SPARK_HOURS) state.d = state.d.slice(-SPARK_HOURS);
    const { kind, f, intervalH } = hours;
    if (end > first) state.newest = { kind: kind[end - 1] ?? 0, f: f[end - 1] ?? NaN, intervalH: intervalH[end - 1] ?? NaN };
  }

  /** Hours [first, end) at a stretch: numbers of an async function would be made anew on the heap in every hour. */
  #close(state: Signalling, frame: HourFrame, first: number, end: number): void {
    const { time, f, kind, observation, instrument } = frame;
    const drawn = this.#drawn?.place(frame, first, end, this.#to);
    let [neutral, isAssumed, until] = [NaN, false, -Infinity];
    for (let i = first; i < end; i++) {
      const t = time[i] ?? NaN;
      if (t >= until) {
        neutral = neutralPerHour(instrument, t);
        isAssumed = isInterestAssumed(instrument, t);
        until = termsHoldUntil(instrument, t);
      }
      const rate = f[i] ?? NaN;
      const { ema, d, entry } = state.run.close(t, rate, kind[i] ?? 0, observation[i] ?? NaN, Number.isNaN(neutral) ? null : neutral);
      state.d.push(d);
      if (entry !== null) state.entries = drawn === undefined ? [entry] : [...state.entries, entry];
      if (drawn === undefined) continue;
      drawn.ema[i - first] = ema;
      drawn.d[i - first] = d;
      drawn.neutral[i - first] = neutral;
      drawn.neutralAssumed[i - first] = Number(isAssumed);
    }
  }
}

/** Where the rate rested, negative where another interest stands in for that of the time: both are drawn. */
function restOf({ instrument, time }: HourFrame): (row: number) => number {
  let [rest, from, until] = [NaN, Infinity, -Infinity];
  return (row) => {
    const t = time[row] ?? NaN;
    if (!(t >= from && t < until)) {
      const neutral = neutralPerHour(instrument, t);
      [rest, from, until] = [isInterestAssumed(instrument, t) ? -neutral : neutral, t, termsHoldUntil(instrument, t)];
    }
    return rest;
  };
}
