import { type Phase, RATE_TIE, RuleRun } from './rule.ts';
import { KIND_RUNNING } from './series.ts';

export interface SignalParams {
  /** Threshold on |D|, decimal per hour. */
  readonly theta: number;
  /** Closed periods in a row, on one side, before a signal is active. */
  readonly k: number;
  /** Hours of the EMA. */
  readonly n: number;
}

export const DEFAULT_PARAMS: SignalParams = { theta: 0.0005, k: 3, n: 12 };

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
  /** First period of its run. */
  readonly startedAt: number;
  readonly side: Side;
  readonly d: number;
  readonly f: number;
  /** 1 on step data that rests on one settlement. */
  readonly observations: number;
  readonly running: number;
  readonly crowded: boolean;
  /** Where the rate rested in that hour, per hour; null: not known. */
  readonly neutralPerHour: number | null;
}

/** f lies beyond the venue's resting place on D's side. */
export const isCrowded = (side: Side | 0, f: number, neutralPerHour: number | null): boolean =>
  neutralPerHour !== null && side * (f - neutralPerHour) > RATE_TIE;

export type SignalWords = 'longs crowded' | 'shorts crowded' | 'longs easing' | 'shorts easing' | 'short bias' | 'long bias';

/** What a signal is called; where neutral is not known neither crowded nor easing can be told, only which way it leans. */
export function signalWords(side: Side, f: number, neutralPerHour: number | null): SignalWords {
  if (neutralPerHour === null) return side > 0 ? 'short bias' : 'long bias';
  const crowded = isCrowded(side, f, neutralPerHour);
  if (side > 0) return crowded ? 'longs crowded' : 'shorts easing';
  return crowded ? 'shorts crowded' : 'longs easing';
}

/**
 * The built-in rule on |D| (domain 3.1): it enters, fades and ends as `RuleRun` does on 'outside' theta. Beside it this counts what
 * the run rests on, and says whether a crowd stands behind it.
 */
export class Signal {
  readonly #rule: RuleRun;
  readonly #k: number;
  readonly #values = [NaN];
  #side: Side | 0 = 0;
  #observations = 0;
  #running = 0;
  #lastStep = NaN;
  #lastRunning = NaN;
  #crowded = false;

  constructor({ theta, k }: Pick<SignalParams, 'theta' | 'k'>, rule?: RuleRun) {
    this.#rule = rule ?? new RuleRun([{ op: 'outside', level: theta, tie: RATE_TIE }], k);
    this.#k = k;
  }

  /** Another one that goes on from here. */
  copy(): Signal {
    const other = new Signal({ theta: NaN, k: this.#k }, this.#rule.copy());
    other.#side = this.#side;
    other.#observations = this.#observations;
    other.#running = this.#running;
    other.#lastStep = this.#lastStep;
    other.#lastRunning = this.#lastRunning;
    other.#crowded = this.#crowded;
    return other;
  }

  /**
   * One closed period; `d` NaN is a gap or a warm-up. `neutralPerHour`: where the rate rested in that period, null not known.
   * Returns the entry when this period makes the signal active.
   */
  close(at: number, d: number, f: number, kind: number, observation: number, neutralPerHour: number | null = null): SignalEntry | null {
    this.#values[0] = d;
    const entry = this.#rule.close(at, this.#values);
    const { periods } = this.#rule;
    if (periods <= 1) this.#reset();
    if (periods === 0) return null;

    const side = d > 0 ? 1 : -1;
    this.#side = side;
    this.#crowded = isCrowded(side, f, neutralPerHour);
    if (periods <= this.#k) this.#count(kind, observation);
    if (entry === null) return null;
    const { startedAt } = entry;
    return { at, startedAt, side, d, f, observations: this.#observations, running: this.#running, crowded: this.#crowded, neutralPerHour };
  }

  get phase(): Phase {
    return this.#rule.phase;
  }

  get side(): Side | 0 {
    return this.#side;
  }

  get state(): SignalState {
    return {
      ...this.#rule.state,
      side: this.#side,
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
    this.#side = 0;
    this.#observations = 0;
    this.#running = 0;
    this.#lastStep = NaN;
    this.#lastRunning = NaN;
    this.#crowded = false;
  }
}
