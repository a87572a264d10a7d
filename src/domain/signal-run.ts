import { ClosedAverage } from './divergence.ts';
import { type SignalEntry, type SignalParams, Signal, type SignalState } from './signal.ts';

/** One closed hour: the average of the hours before it, D against it, and the entry that it made, all per hour; NaN where there is none. */
export interface SignalHour {
  readonly ema: number;
  readonly d: number;
  readonly entry: SignalEntry | null;
}

/** Average, D and signal of one instrument, an hour at a time: what a replay of all hours gives, however many of them were walked when. */
export class SignalRun {
  readonly #average: ClosedAverage;
  readonly #signal: Signal;

  constructor(params: SignalParams, from?: { readonly average: ClosedAverage; readonly signal: Signal }) {
    this.#average = from?.average ?? new ClosedAverage(params.n);
    this.#signal = from?.signal ?? new Signal(params);
  }

  /** Another one that goes on from here. */
  copy(params: SignalParams): SignalRun {
    return new SignalRun(params, { average: this.#average.copy(), signal: this.#signal.copy() });
  }

  /** Takes in the hour that closed at t; `neutralPerHour`: where the rate rested in it, null not known. */
  close(t: number, f: number, kind: number, observation: number, neutralPerHour: number | null): SignalHour {
    const ema = this.#average.value;
    const d = this.#average.divergence(f);
    this.#average.close(f);
    return { ema, d, entry: this.#signal.close(t, d, f, kind, observation, neutralPerHour) };
  }

  /** The average of all closed hours: what the running rate is held against; NaN while warming up. */
  get emaNow(): number {
    return this.#average.value;
  }

  /** Closed hours since the last gap. */
  get warmHours(): number {
    return this.#average.count;
  }

  get state(): SignalState {
    return this.#signal.state;
  }
}
