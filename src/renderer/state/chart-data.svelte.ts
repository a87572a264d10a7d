import type { Divergence } from '#bridge/series.ts';
import { UserError } from '#bridge/errors.ts';
import type { Workspace } from '#bridge/workspace.ts';
import { linesOf, type Lines } from '../charts/divergence-model.ts';
import { at } from '../charts/decimate.ts';
import { advance, liveView, pan, spanOf, type View, zoom } from '../charts/view.ts';
import type { AppState } from './app-state.svelte.ts';

const DAY_MS = 86_400_000;
export type ChartRange = Workspace['range'];

/** Null: everything stored. */
export const rangeMs: Record<ChartRange, number | null> = {
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '90d': 90 * DAY_MS,
  '1y': 365 * DAY_MS,
  all: null,
};
export const ranges = Object.keys(rangeMs) as ChartRange[];
/** The range `by` longer ones further; itself where there is none. */
export const rangeAfter = (range: ChartRange, by: number): ChartRange => ranges[ranges.indexOf(range) + by] ?? range;

/** The least time between two questions for the same chart: in the demo history grows several times a second. */
const REFRESH_MS = 2000;

/** The venue's time as the page knows it was put right: no clock runs so fast between two answers. */
const JUMP_MS = 2 * DAY_MS;

/** One chart's data and the stretch of it that is in view. */
export class ChartData {
  data = $state.raw<Divergence | null>(null);
  lines = $state.raw<Lines | null>(null);
  error = $state<string | null>(null);
  loading = $state(false);
  view = $state.raw<View>(liveView(7 * DAY_MS, 0));
  readonly #app: AppState;
  #instrument: string | null = null;
  #range: ChartRange = '7d';
  /** From where data was asked for; null: all of it. */
  #from = $state.raw<number | null>(0);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastAsked = 0;
  #followed = 0;
  /** History changed while an answer was on its way. */
  #again = false;
  /** Whether what is drawn is of the past. */
  #isPast = false;

  constructor(app: AppState) {
    this.#app = app;
  }

  /** From where data is wanted; null: everything stored. */
  get from(): number | null {
    return this.#from;
  }

  /** Shows an instrument over a range, from the present back. */
  show(instrument: string, range: ChartRange): void {
    const other = instrument !== this.#instrument;
    if (other) {
      this.data = null;
      this.lines = null;
      this.error = null;
    }
    this.#instrument = instrument;
    this.#range = range;
    const now = this.#now();
    this.#followed = now;
    const span = rangeMs[range];
    this.#from = span === null ? null : now - span * 2;
    this.view = liveView(span ?? Math.max(DAY_MS, now - this.#earliest(now)), now);
    void this.#load();
  }

  /** The stored history changed: ask again, but not more often than REFRESH_MS. */
  refresh(): void {
    if (this.#instrument === null || this.#timer !== undefined) return;
    if (this.loading) {
      this.#again = true;
      return;
    }
    const wait = Math.max(0, this.#lastAsked + REFRESH_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#load();
    }, wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#asked += 1;
  }

  /** The window stands at another moment: the view ends there, as long as it was. */
  moved(): void {
    if (this.#instrument === null) return;
    // What was known now is not drawn for then, not even until the answer is there.
    if (this.#isPast !== this.#app.isPast) {
      this.data = null;
      this.lines = null;
    }
    this.#isPast = this.#app.isPast;
    const now = this.#now();
    this.#followed = now;
    const span = spanOf(this.view);
    if (this.#from !== null) this.#from = now - Math.max(span, rangeMs[this.#range] ?? 0) * 2;
    this.view = liveView(span, now);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#load();
  }

  /** Lets a live view follow the clock; after a jump of it, from the present back again. */
  follow(): void {
    const now = this.#now();
    if (this.view.live && this.#instrument !== null && Math.abs(now - this.#followed) > JUMP_MS) this.show(this.#instrument, this.#range);
    else this.view = advance(this.view, now);
    this.#followed = now;
  }

  zoomBy(factor: number, anchor: number): void {
    const now = this.#now();
    this.view = zoom(this.view, factor, anchor, this.#floor(now), now);
    this.#reach();
  }

  panBy(ms: number): void {
    const now = this.#now();
    this.view = pan(this.view, ms, this.#floor(now), now);
    this.#reach();
  }

  /** Puts a time into the middle, as far as there is room. */
  goTo(t: number): void {
    this.panBy(t - (this.view.from + this.view.to) / 2);
  }

  /** Shows the stretch of time that a linked chart shows. */
  match(view: View): void {
    this.view = view.live ? liveView(spanOf(view), this.#now()) : view;
    this.#reach();
  }

  reset(): void {
    if (this.#instrument !== null) this.show(this.#instrument, this.#range);
  }

  #now(): number {
    return this.#instrument === null ? this.#app.clock.read() : this.#app.readTimeAt(this.#instrument);
  }

  #earliest(now: number): number {
    const first = this.data && this.data.time.length > 0 ? at(this.data.time, 0) : now - 7 * DAY_MS;
    return Math.min(first, now - 6 * 3_600_000);
  }

  /** How far back the view may go: to the oldest stored value once all is loaded, else as far as it wants. */
  #floor(now: number): number {
    return this.#from === null ? this.#earliest(now) : now - 3 * 365 * DAY_MS;
  }

  /** Loads more when the view reaches past what was asked for. */
  #reach(): void {
    if (this.#from === null || this.view.from >= this.#from) return;
    const now = this.#now();
    const back = (now - this.view.from) * 3;
    this.#from = back > 365 * DAY_MS ? null : now - back;
    void this.#load();
  }

  async #load(): Promise<void> {
    const instrument = this.#instrument;
    if (instrument === null) return;
    const ticket = ++this.#asked;
    this.#lastAsked = performance.now();
    this.loading = true;
    try {
      const data = await this.#app.client.call('history.divergence', { instrument, from: this.#from });
      if (ticket !== this.#asked) return;
      const now = this.#now();
      const isFirst = this.data === null;
      this.data = data;
      this.lines = linesOf(data, now);
      this.error = null;
      if (isFirst && this.#range === 'all') this.view = liveView(now - this.#earliest(now), now);
    } catch (error) {
      if (ticket !== this.#asked) return;
      this.error = error instanceof UserError ? error.message : String(error);
      if (error instanceof UserError && error.code === 'disconnected') this.#app.tell(error);
    } finally {
      if (ticket === this.#asked) {
        this.loading = false;
        if (this.#again) {
          this.#again = false;
          this.refresh();
        }
      }
    }
  }
}
