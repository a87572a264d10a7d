import type { CoverageCalendar } from '#bridge/coverage.ts';
import { UserError } from '#bridge/errors.ts';
import type { CoverageKind } from '#domain/coverage/calendar.ts';
import type { AppState } from '../../state/app-state.svelte.ts';

const REFRESH_MS = 1_000;

/** The calendar of one instrument and kind, asked for anew as its history grows, at most once a second. */
export class CoverageData {
  calendar = $state.raw<CoverageCalendar | null>(null);
  error = $state<string | null>(null);
  /** What is shown is of this question. */
  #question = '';
  #askedAt = -Infinity;
  readonly #app: AppState;

  constructor(app: AppState, of: () => { readonly instrument: string | null; readonly kind: CoverageKind }) {
    this.#app = app;
    $effect(() => {
      const { instrument, kind } = of();
      const version = instrument === null ? 0 : (app.historyVersion.get(instrument) ?? 0);
      if (instrument === null || app.connection !== 'up') return;
      const question = `${instrument} ${kind}`;
      if (question !== this.#question) {
        this.calendar = null;
        this.error = null;
      }
      const wait = question === this.#question && version > 0 ? Math.max(0, this.#askedAt + REFRESH_MS - performance.now()) : 0;
      this.#question = question;
      const timer = setTimeout(() => void this.#ask(instrument, kind, question), wait);
      return () => clearTimeout(timer);
    });
  }

  async ask(instrument: string, kind: CoverageKind): Promise<void> {
    await this.#ask(instrument, kind, this.#question);
  }

  async #ask(instrument: string, kind: CoverageKind, question: string): Promise<void> {
    this.#askedAt = performance.now();
    try {
      const calendar = await this.#app.client.call('coverage.calendar', { instrument, kind });
      if (question !== this.#question) return;
      this.calendar = calendar;
      this.error = null;
    } catch (cause) {
      if (question === this.#question) this.error = cause instanceof UserError ? cause.message : String(cause);
    }
  }
}
