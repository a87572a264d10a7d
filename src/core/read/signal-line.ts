import { whyNoDivergence, type WhyNoDivergence } from '#domain/divergence.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { neutralPerHour } from '#domain/metrics/rows.ts';
import { hourlySeries, KIND_RUNNING, type HourlySeries, type ObservedHours, type SettledRates } from '#domain/series.ts';
import { SignalRun } from '#domain/signal-run.ts';
import type { SignalEntry, SignalParams, SignalState } from '#domain/signal.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { AsOf, HistoryStore } from '../ports.ts';
import type { Slice } from '../turns.ts';
import { partOf } from './metrics/frame-tail.ts';

export type SignalReads = Pick<HistoryStore, 'settled' | 'hours' | 'terms'>;

const DAY_MS = 24 * HOUR_MS;
/** Closed hours of so long are compared before those after them are walked alone: what is stored late comes within it. */
const OVERLAP_MS = 96 * HOUR_MS;
/** What rows look back on (`hourlySeries`), beside the newest row of each kind before it. */
const LEAD_MS = 48 * HOUR_MS;
const SPARK_HOURS = 168;
/** States are kept of each day for so long, then of each month: a correction is walked from the last one before it. */
const DAYS_KEPT_MS = 8 * DAY_MS;
const MONTH_MS = 32 * DAY_MS;
const D_KEPT = SPARK_HOURS + DAYS_KEPT_MS / HOUR_MS;
/** Hours between two looks at the clock. */
const STRIDE = 512;

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

/** The walk as it stood once the hour `at` was taken in. */
interface Mark {
  readonly at: number;
  readonly run: SignalRun;
  readonly entry: SignalEntry | null;
}

interface Read {
  readonly settled: SettledRates;
  readonly hours: ObservedHours;
}

/**
 * The signal of one instrument. It walks the stored hours once, then each close as it comes; where the past is not what was walked,
 * it walks on from the last state before. What it says is what a replay of everything says.
 */
export class SignalLine {
  readonly #id: InstrumentId;
  readonly #params: SignalParams;
  readonly #store: SignalReads;
  readonly #framed: (id: InstrumentId) => FrameInstrument;
  #run: SignalRun;
  #walkedTo = -Infinity;
  #changedFrom = Infinity;
  #entry: SignalEntry | null = null;
  #marks: readonly Mark[] = [];
  /** D of the newest hours, for the spark. */
  #d: number[] = [];
  /** The newest hours as walked, and the stored rows that they were made of. */
  #tail: HourlySeries | null = null;
  #rows: Read | null = null;

  constructor(id: InstrumentId, params: SignalParams, store: SignalReads, framed: (id: InstrumentId) => FrameInstrument) {
    this.#id = id;
    this.#params = params;
    this.#store = store;
    this.#framed = framed;
    this.#run = new SignalRun(params);
  }

  get params(): SignalParams {
    return this.#params;
  }

  /** The entry at the last close; null: it made none. */
  get entry(): SignalEntry | null {
    return this.#entry?.at === this.#walkedTo ? this.#entry : null;
  }

  /** The last closed hour was observed by this app. */
  get isObserved(): boolean {
    return this.#tail?.kind.at(-1) === KIND_RUNNING;
  }

  /** The stored history, or what is known of the instrument, is another one from here on. */
  changed(from: number): void {
    this.#changedFrom = Math.min(this.#changedFrom, from);
  }

  /** Walks the hours that closed up to `to`. */
  async advance(to: number, slice: Slice, asOf: AsOf = null): Promise<void> {
    const changedFrom = this.#changedFrom;
    this.#changedFrom = Infinity;
    const walkedTo = this.#walkedTo;
    try {
      if (to >= walkedTo && changedFrom > walkedTo && (await this.#walkOn(to, slice, asOf))) return;
      const mark = this.#marks.findLast(({ at }) => at <= Math.min(changedFrom, walkedTo, to) - OVERLAP_MS);
      if (mark !== undefined && (await this.#walkFrom(mark, to, slice, asOf))) return;
      await this.#walk(null, await this.#read(null, to, asOf), to, slice);
    } catch (error) {
      // The next go looks at all of what this one was to see.
      this.#changedFrom = -Infinity;
      throw error;
    }
  }

  view(): LiveView {
    const tail = this.#tail;
    const { emaNow, warmHours, state } = this.#run;
    return {
      closedTo: this.#walkedTo,
      emaNow,
      warmHours,
      state,
      spark: Float64Array.from(this.#d.slice(-SPARK_HOURS)),
      // No history at all is the beginning of a warm-up.
      why: whyNoDivergence(tail?.kind.at(-1) ?? KIND_RUNNING, tail?.f.at(-1) ?? 0, emaNow),
      intervalH: tail?.intervalH.at(-1) ?? NaN,
      params: this.#params,
    };
  }

  /** False where the newest hours are not what was walked. */
  async #walkOn(to: number, slice: Slice, asOf: AsOf): Promise<boolean> {
    const { settled: ofTail, hours } = this.#rows ?? {};
    const tail = this.#tail;
    if (tail === null || ofTail === undefined || hours === undefined) return false;
    const from = this.#walkedTo - OVERLAP_MS - LEAD_MS;
    const read = await this.#read(from, to, asOf);
    const rows = {
      settled: joined(partOf(ofTail, 'key', -Infinity, from), read.settled),
      hours: joined(partOf(hours, 'close', -Infinity, from), read.hours),
      instrument: read.instrument,
    };
    const series = hourlySeries(rows.settled, rows.hours, this.#walkedTo - OVERLAP_MS, to);
    if (!sameHours(tail, series)) return false;
    await this.#walk({ at: this.#walkedTo, run: this.#run, entry: this.#entry }, rows, to, slice, series);
    return true;
  }

  /** False where too little is stored before the mark to tell what the hours after it rest on. */
  async #walkFrom(mark: Mark, to: number, slice: Slice, asOf: AsOf): Promise<boolean> {
    const rows = await this.#read(mark.at - MONTH_MS, to, asOf);
    const start = mark.at - OVERLAP_MS;
    if (!((rows.settled.key[0] ?? Infinity) <= start && (rows.hours.close[0] ?? -Infinity) <= start)) return false;
    await this.#walk(mark, rows, to, slice);
    return true;
  }

  /** Takes in the hours after the mark; null: all of them. */
  async #walk(
    mark: Mark | null,
    rows: Read & { instrument: FrameInstrument },
    to: number,
    slice: Slice,
    known?: HourlySeries,
  ): Promise<void> {
    const { settled, hours, instrument } = rows;
    const from = mark === null ? null : mark.at - OVERLAP_MS;
    const series = known ?? hourlySeries(settled, hours, from, to);
    const { time, f, kind, observation } = series;
    const run = mark === null ? new SignalRun(this.#params) : mark.run.copy(this.#params);
    let entry = mark?.entry ?? null;
    const marks = mark === null ? [] : this.#marks.filter(({ at }) => at <= mark.at);
    const d = mark === null ? [] : this.#d.slice(0, Math.max(0, this.#d.length - (this.#walkedTo - mark.at) / HOUR_MS));
    for (let i = 0; i < time.length; i++) {
      const t = time[i] ?? NaN;
      if (mark !== null && t <= mark.at) continue;
      const neutral = neutralPerHour(instrument, t);
      const hour = run.close(t, f[i] ?? NaN, kind[i] ?? 0, observation[i] ?? NaN, Number.isNaN(neutral) ? null : neutral);
      d.push(hour.d);
      entry = hour.entry ?? entry;
      if (t % DAY_MS === 0 && (t % MONTH_MS === 0 || t > to - DAYS_KEPT_MS)) marks.push({ at: t, run: run.copy(this.#params), entry });
      if (i % STRIDE === STRIDE - 1 && slice.over()) await slice.pause();
    }
    this.#run = run;
    this.#entry = entry;
    this.#marks = marks.filter(({ at }) => at % MONTH_MS === 0 || at > to - DAYS_KEPT_MS);
    this.#d = d.slice(-D_KEPT);
    this.#walkedTo = to;
    const after = to - OVERLAP_MS;
    this.#tail = copied(partOf(series, 'time', after, to));
    this.#rows = {
      settled: copied(partOf(settled, 'key', after - LEAD_MS, to, { before: 1, after: 0 })),
      hours: copied(partOf(hours, 'close', after - LEAD_MS, to, { before: 1, after: 0 })),
    };
  }

  async #read(from: number | null, to: number, asOf: AsOf): Promise<Read & { instrument: FrameInstrument }> {
    const id = this.#id;
    const start = from ?? 0;
    const [settled, hours, terms] = await Promise.all([
      this.#store.settled(id, start, to, asOf),
      this.#store.hours(id, start, to, asOf),
      this.#store.terms(id, asOf),
    ]);
    return {
      settled: { key: settled.key, rate: settled.rate, intervalH: settled.intervalH },
      hours: { close: hours.close, observedAt: hours.observedAt, rate: hours.rate, intervalH: hours.intervalH },
      instrument: { ...this.#framed(id), caps: terms },
    };
  }
}

type Columns = Readonly<Record<string, Float64Array | Uint8Array>>;
const valuesOf = (columns: object): [string, Float64Array | Uint8Array][] => Object.entries(columns as Columns);

/** Own memory, so that a few rows do not hold years. */
const copied = <C extends object>(columns: C): C =>
  Object.fromEntries(valuesOf(columns).map(([name, column]) => [name, column.slice()])) as C;

/** Rows of `b` behind those of `a`. */
function joined<C extends object>(a: C, b: C): C {
  const after = new Map(valuesOf(b));
  return Object.fromEntries(valuesOf(a).map(([name, column]) => [name, Float64Array.from([...column, ...(after.get(name) ?? [])])])) as C;
}

/** What was walked of these hours is what they say now. */
function sameHours(walked: HourlySeries, now: HourlySeries): boolean {
  const [a, b] = [valuesOf(walked), new Map(valuesOf(now))];
  return a.every(([name, column]) => column.every((value, i) => Object.is(value, b.get(name)?.[i])));
}
