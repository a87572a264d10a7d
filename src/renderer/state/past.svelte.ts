import type { Moment } from '#bridge/as-of.ts';
import type { Client } from '#bridge/client.ts';
import { type CallInput, type CallName, type CallOutput, calls, type PastView } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import type { PastStep } from '#bridge/past.ts';
import type { MetricChoice } from '#bridge/settings.ts';

/** Steps a second that can be played. */
export const SPEEDS = [1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number];

/** What changes the lists, thresholds and rules of today, or takes a price of then for one of now. */
const OF_NOW: ReadonlySet<CallName> = new Set([
  'watchlist.add',
  'watchlist.remove',
  'watchlist.move',
  'watchlist.create',
  'watchlist.rename',
  'watchlist.delete',
  'thresholds.change',
  'alerts.save',
  'alerts.delete',
  'positions.open',
  'positions.close',
] satisfies CallName[]);
const NOT_THEN = 'What you see is the past. Go back to now to change lists, thresholds, alerts and positions.';

const TAKES_MOMENT: ReadonlySet<string> = new Set(
  Object.entries(calls).flatMap(([name, { input }]) => ('shape' in input && 'asOf' in input.shape ? name : [])),
);

export const timeOf = (moment: Moment): number => (typeof moment === 'number' ? moment : moment.venueTime);
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

  constructor(home: Home) {
    this.#home = home;
  }

  /** What is asked of the app is of where the window stands; what is only of now is refused. */
  standing(client: Client): Client {
    return {
      call: <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => {
        const moment = this.view?.moment;
        if (moment === undefined) return client.call(name, input);
        if (OF_NOW.has(name)) return Promise.reject(new UserError('not-allowed', NOT_THEN));
        return client.call(name, TAKES_MOMENT.has(name) ? { ...input, asOf: moment } : input);
      },
      on: (name, listener) => client.on(name, listener),
    };
  }

  /** Stands at a time; from now, where nothing was recorded by then, in venue time. */
  async go(time: number): Promise<boolean> {
    this.pause();
    if (this.view === null && this.isLooking) return false;
    return this.#look(at(time, this.isVenueTime), null, this.view === null);
  }

  async count(isVenueTime: boolean): Promise<void> {
    if (this.time !== null) await this.#look(at(this.time, isVenueTime), null);
  }

  async step(to: 1 | -1): Promise<boolean> {
    const { view } = this;
    if (view === null) return false;
    return this.#look(view.moment, { by: this.by, to, instrument: this.#home.selected() });
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
    this.#asked += 1;
    this.isLooking = false;
    this.view = null;
    this.error = null;
    this.#home.onMove();
  }

  async #play(): Promise<void> {
    while (this.isPlaying) {
      const from = performance.now();
      if (!(await this.step(1))) this.pause();
      const wait = 1000 / this.speed - (performance.now() - from);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
    }
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
