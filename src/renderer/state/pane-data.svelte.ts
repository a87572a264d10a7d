import type { MetricSeries } from '#bridge/series.ts';
import { UserError } from '#bridge/errors.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { AppState } from './app-state.svelte.ts';

/** The least time between two questions for the same pane: every poll moves its running value. */
const REFRESH_MS = 4000;

interface Question {
  readonly instrument: string;
  readonly choice: MetricChoice;
  /** Of a metric over a basket: the list that it compares within. */
  readonly list: string | null;
  /** Null: everything stored. */
  readonly from: number | null;
}

/** The chosen metric of the chart's lower pane over time. */
export class PaneData {
  series = $state.raw<MetricSeries | null>(null);
  error = $state<string | null>(null);
  readonly #app: AppState;
  #question: Question | null = null;
  #ticket = 0;
  #askedAt = 0;
  #isAsking = false;
  /** Whether what is drawn is of the past. */
  #isPast = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: AppState) {
    this.#app = app;
  }

  /** Asks for another metric, instrument or stretch; null: the pane draws no metric. */
  show(question: Question | null): void {
    const before = this.#question;
    if (
      question === null ||
      before === null ||
      this.#isPast !== this.#app.isPast ||
      before.instrument !== question.instrument ||
      before.choice.metric !== question.choice.metric
    ) {
      this.series = null;
    }
    this.#isPast = this.#app.isPast;
    this.error = null;
    this.#question = question;
    this.stop();
    if (question !== null) void this.#load(question);
  }

  /** Something behind the values changed: ask again, but not more often than REFRESH_MS. */
  refresh(): void {
    if (this.#question === null || this.#timer !== undefined || this.#isAsking) return;
    const wait = Math.max(0, this.#askedAt + REFRESH_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#question !== null) void this.#load(this.#question);
    }, wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#ticket += 1;
    this.#isAsking = false;
  }

  async #load(question: Question): Promise<void> {
    const ticket = ++this.#ticket;
    this.#askedAt = performance.now();
    this.#isAsking = true;
    try {
      const series = await this.#app.client.call('metrics.series', question);
      if (ticket !== this.#ticket) return;
      this.series = series;
      this.error = null;
    } catch (error) {
      if (ticket !== this.#ticket) return;
      this.error = error instanceof UserError ? error.message : String(error);
      if (error instanceof UserError && error.code === 'disconnected') this.#app.tell(error);
    } finally {
      if (ticket === this.#ticket) this.#isAsking = false;
    }
  }
}
