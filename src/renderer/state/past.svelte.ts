import type { Moment } from '#bridge/as-of.ts';
import type { Client } from '#bridge/client.ts';
import type { CallInput, CallName, CallOutput, PastView } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import { MOST_STEPS, type PastStep } from '#bridge/past.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { askedThen, timeOf } from './then-calls.ts';

/** Steps a second that can be played. */
export const SPEEDS = [1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number];

const NOT_THEN = 'What you see is the past. Go back to now to change lists, thresholds, alerts and positions.';

const at = (time: number, isVenueTime: boolean): Moment => (isVenueTime ? { venueTime: time } : time);

/** The window that looks. */
interface Home {
  readonly client: Client;
  readonly selected: () => string | null;
  readonly columns: () => readonly MetricChoice[];
  readonly list: () => string | null;
  /** The window stands at another moment, or sees it otherwise. */
  readonly onMove: () => void;
  readonly tell: (error: unknown) => void;
}

/** Where this window stands in time: at a moment of the past, or (`view` null) now. It is kept nowhere: a page that is loaded again shows now. */
export class Past {
  view = $state.raw<PastView | null>(null);
  /** Why the last look or step came to nothing. */
  error = $state<string | null>(null);
  isLooking = $state(false);
  isPlaying = $state(false);
  speed = $state<Speed>(2);
  by = $state<PastStep['by']>('hour');
  readonly time = $derived(this.view === null ? null : timeOf(this.view.moment));
  readonly isVenueTime = $derived(this.view !== null && typeof this.view.moment !== 'number');
  /** Another one for each look. */
  readonly key = $derived(this.view === null ? '' : JSON.stringify(this.view.moment));
  readonly #home: Home;
  #asked = 0;
  /** Steps that were asked for and not taken yet; back is negative. */
  #owed = 0;
  #stepping: Promise<boolean> | null = null;

  constructor(home: Home) {
    this.#home = home;
  }

  /** What is asked of the app is of where the window stands; what is only of now is refused. */
  standing(client: Client): Client {
    return {
      call: <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => {
        const moment = this.view?.moment;
        if (moment === undefined) return client.call(name, input);
        const asked = askedThen(name, input, moment);
        return asked === null ? Promise.reject(new UserError('not-allowed', NOT_THEN)) : client.call(name, asked);
      },
      on: (name, listener) => client.on(name, listener),
    };
  }

  /** Stands at a time; from now, where nothing was recorded by then, in venue time. */
  async go(time: number): Promise<boolean> {
    this.pause();
    this.#owed = 0;
    if (this.view === null && this.isLooking) return false;
    return this.#look(at(time, this.isVenueTime), null, this.view === null);
  }

  async count(isVenueTime: boolean): Promise<void> {
    if (this.time !== null) await this.#look(at(this.time, isVenueTime), null);
  }

  /** Steps that are asked for while one is on its way are taken at once, when that is over: a slow one drops what lies between. */
  async step(to: 1 | -1): Promise<boolean> {
    if (this.view === null) return false;
    this.#owed += to;
    return (this.#stepping ??= this.#takeSteps().finally(() => (this.#stepping = null)));
  }

  /** Looks again: other columns are shown, or another list. */
  async again(): Promise<void> {
    if (this.view !== null && !this.isLooking) await this.#look(this.view.moment, null);
  }

  togglePlay(): void {
    if (this.isPlaying) this.pause();
    else if (this.view !== null) {
      this.isPlaying = true;
      void this.#play();
    }
  }

  pause(): void {
    this.isPlaying = false;
  }

  /** Back to now. */
  leave(): void {
    this.pause();
    this.#owed = 0;
    this.#asked += 1;
    this.isLooking = false;
    this.view = null;
    this.error = null;
    this.#home.onMove();
  }

  async #play(): Promise<void> {
    let [before, due] = [performance.now(), 1];
    while (this.isPlaying) {
      const times = Math.min(MOST_STEPS, Math.floor(due));
      due -= Math.floor(due);
      if (times === 0) await new Promise((resolve) => setTimeout(resolve, (1000 * (1 - due)) / this.speed));
      else if (!(await this.#take(1, times))) this.pause();
      const now = performance.now();
      due += ((now - before) / 1000) * this.speed;
      before = now;
    }
  }

  async #takeSteps(): Promise<boolean> {
    let stands = false;
    while (this.#owed !== 0) {
      const [to, times] = [this.#owed > 0 ? 1 : -1, Math.min(MOST_STEPS, Math.abs(this.#owed))] as const;
      this.#owed = 0;
      stands = await this.#take(to, times);
      if (!stands) this.#owed = 0;
    }
    return stands;
  }
  async #take(to: 1 | -1, times: number): Promise<boolean> {
    const { view } = this;
    if (view === null) return false;
    return this.#look(view.moment, { by: this.by, to, instrument: this.#home.selected(), times });
  }

  /** True: the window stands there now. */
  async #look(moment: Moment, step: PastStep | null, opens = false): Promise<boolean> {
    const ticket = ++this.#asked;
    this.isLooking = true;
    try {
      const { client, columns, list } = this.#home;
      const view = await client.call('past.look', { moment, step, columns: [...columns()], list: list(), opens });
      if (ticket !== this.#asked) return false;
      this.view = view;
      this.error = null;
      this.#home.onMove();
      return true;
    } catch (cause) {
      if (ticket !== this.#asked) return false;
      // From now there is no bar yet to say it in.
      if (this.view === null) this.#home.tell(cause);
      else this.error = cause instanceof UserError ? cause.message : String(cause);
      return false;
    } finally {
      if (ticket === this.#asked) this.isLooking = false;
    }
  }
}
