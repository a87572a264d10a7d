import type { SearchHit } from '#bridge/contract.ts';
import type { AppState } from '../../state/app-state.svelte.ts';

const PAUSE_MS = 120;
/** Rates are looked at: they are asked for again while the answer stands. */
const RENEW_MS = 5000;

/** Instruments that match a text, asked from the app a moment after the last keystroke. */
export class InstrumentSearch {
  text = $state('');
  hits = $state.raw<readonly SearchHit[]>([]);
  /** The text that `hits` answer; null before the first answer. */
  answered = $state<string | null>(null);
  /** Whether `hits` answer what is typed now. */
  readonly isFresh = $derived(this.answered === this.text.trim());
  readonly #app: AppState;
  readonly #limit: number;
  #then: (() => void) | null = null;

  constructor(app: AppState, limit: number) {
    this.#app = app;
    this.#limit = limit;
    $effect(() => {
      const text = this.text.trim();
      this.#then = null;
      const timer = setTimeout(() => void this.#ask(text), PAUSE_MS);
      const renewing = setInterval(() => void this.#ask(text), RENEW_MS);
      return () => {
        clearTimeout(timer);
        clearInterval(renewing);
      };
    });
  }

  /** Runs now or, where the answer to what is typed is still on its way, once it is there: Enter never takes an old hit. */
  whenFresh(run: () => void): void {
    if (this.isFresh) run();
    else this.#then = run;
  }

  /** There may be more to find now. */
  again(): void {
    void this.#ask(this.text.trim());
  }

  async #ask(text: string): Promise<void> {
    try {
      const hits = await this.#app.client.call('instruments.search', { text: text.slice(0, 60), limit: this.#limit });
      if (text !== this.text.trim()) return;
      this.hits = hits;
      this.answered = text;
      const then = this.#then;
      this.#then = null;
      then?.();
    } catch (error) {
      this.#app.tell(error);
    }
  }
}
