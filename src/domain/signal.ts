import { KIND_RUNNING, type HourlySeries } from './series.ts';

/** An active signal ends below this share of theta. */
export const REARM = 0.8;

/** Rates are decimals, so D can lie on a threshold exactly, and f on neutral: the last digits of a float do not decide on which side (per hour). */
const TIE = 1e-15;
const reaches = (size: number, limit: number): boolean => size >= limit - TIE;

export interface SignalParams {
  /** Threshold on |D|, decimal per hour. */
  readonly theta: number;
  /** Closed periods in a row, on one side, before a signal is active. */
  readonly k: number;
  /** Hours of the EMA. */
  readonly n: number;
}

export const DEFAULT_PARAMS: SignalParams = { theta: 0.0005, k: 3, n: 12 };

export type Phase = 'quiet' | 'building' | 'active' | 'fading';
/** +1: D above the band (short bias), -1: below it (long bias). */
export type Side = 1 | -1;

export interface SignalState {
  readonly phase: Phase;
  /** 0: quiet. */
  readonly side: Side | 0;
  /** Closed periods of the run so far, its building included. */
  readonly periods: number;
  readonly enteredAt: number | null;
  /** Distinct observations behind the first k periods of the run, and how many of them were running ones. */
  readonly observations: number;
  readonly running: number;
  /** At the last close f was beyond neutral on D's side; false where neutral is not known. */
  readonly crowded: boolean;
}

/** The close at which a signal became active. */
export interface SignalEntry {
  readonly at: number;
  readonly side: Side;
  readonly d: number;
  readonly f: number;
  /** 1 on step data that rests on one settlement. */
  readonly observations: number;
  readonly running: number;
  readonly crowded: boolean;
}

/** f lies beyond the venue's resting place on D's side. */
export const isCrowded = (side: Side | 0, f: number, neutralPerHour: number | null): boolean =>
  neutralPerHour !== null && side * (f - neutralPerHour) > TIE;

export type SignalWords = 'longs crowded' | 'shorts crowded' | 'longs easing' | 'shorts easing' | 'short bias' | 'long bias';

/** What a signal is called; where neutral is not known nobody can say crowded or easing, only which way it leans. */
export function signalWords(side: Side, f: number, neutralPerHour: number | null): SignalWords {
  if (neutralPerHour === null) return side > 0 ? 'short bias' : 'long bias';
  const crowded = isCrowded(side, f, neutralPerHour);
  if (side > 0) return crowded ? 'longs crowded' : 'shorts easing';
  return crowded ? 'shorts crowded' : 'longs easing';
}

/** The state machine of domain 3.1, moved by closed periods only. Params and neutral stay for its life. */
export class Signal {
  readonly #theta: number;
  readonly #k: number;
  readonly #neutralPerHour: number | null;
  #phase: Phase = 'quiet';
  #side: Side | 0 = 0;
  #periods = 0;
  #enteredAt: number | null = null;
  #observations = 0;
  #running = 0;
  #lastStep = NaN;
  #lastRunning = NaN;
  #crowded = false;

  constructor(params: Pick<SignalParams, 'theta' | 'k'>, neutralPerHour: number | null) {
    if (!(params.theta > 0)) throw new RangeError(`theta must be above 0, not ${params.theta}`);
    if (!Number.isInteger(params.k) || params.k < 1) throw new RangeError(`k must be a whole number from 1 up, not ${params.k}`);
    this.#theta = params.theta;
    this.#k = params.k;
    this.#neutralPerHour = neutralPerHour;
  }

  /** One closed period; `d` NaN is a gap or a warm-up. Returns the entry when this period makes the signal active. */
  close(at: number, d: number, f: number, kind: number, observation: number): SignalEntry | null {
    const size = Math.abs(d);
    const side = d > 0 ? 1 : d < 0 ? -1 : 0;
    const beyond = reaches(size, this.#theta);
    const entered = this.#phase === 'active' || this.#phase === 'fading';
    const goesOn = side === this.#side && (beyond || (entered && reaches(size, REARM * this.#theta)));
    if (!goesOn) this.#reset();
    if (side === 0 || !(goesOn || beyond)) return null;

    this.#side = side;
    this.#periods++;
    this.#crowded = isCrowded(side, f, this.#neutralPerHour);
    if (this.#periods <= this.#k) this.#count(kind, observation);
    if (this.#periods < this.#k) {
      this.#phase = 'building';
      return null;
    }
    this.#phase = beyond ? 'active' : 'fading';
    if (this.#periods > this.#k) return null;
    this.#enteredAt = at;
    return { at, side, d, f, observations: this.#observations, running: this.#running, crowded: this.#crowded };
  }

  get phase(): Phase {
    return this.#phase;
  }

  get side(): Side | 0 {
    return this.#side;
  }

  get state(): SignalState {
    return {
      phase: this.#phase,
      side: this.#side,
      periods: this.#periods,
      enteredAt: this.#enteredAt,
      observations: this.#observations,
      running: this.#running,
      crowded: this.#crowded,
    };
  }

  /** Times of one kind never go back, so a change is a new observation, even where the kinds alternate. */
  #count(kind: number, observation: number): void {
    const running = kind === KIND_RUNNING;
    if (observation === (running ? this.#lastRunning : this.#lastStep)) return;
    this.#observations++;
    if (running) {
      this.#running++;
      this.#lastRunning = observation;
    } else this.#lastStep = observation;
  }

  #reset(): void {
    this.#phase = 'quiet';
    this.#side = 0;
    this.#periods = 0;
    this.#enteredAt = null;
    this.#observations = 0;
    this.#running = 0;
    this.#lastStep = NaN;
    this.#lastRunning = NaN;
    this.#crowded = false;
  }
}

export interface SignalReplay {
  readonly entries: readonly SignalEntry[];
  /** After the last close; feed it further closes to go on live. */
  readonly signal: Signal;
  readonly state: SignalState;
}

/** The signal over stored closes: `d` belongs to `series`, point by point. */
export function replaySignals(
  series: Pick<HourlySeries, 'time' | 'f' | 'kind' | 'observation'>,
  d: Float64Array,
  params: Pick<SignalParams, 'theta' | 'k'>,
  neutralPerHour: number | null,
): SignalReplay {
  const signal = new Signal(params, neutralPerHour);
  const entries: SignalEntry[] = [];
  for (let i = 0; i < d.length; i++) {
    const entry = signal.close(series.time[i]!, d[i]!, series.f[i]!, series.kind[i]!, series.observation[i]!);
    if (entry !== null) entries.push(entry);
  }
  return { entries, signal, state: signal.state };
}
