import type { SearchHit } from '#bridge/contract.ts';
import type { AppState } from '../../state/app-state.svelte.ts';

const PAUSE_MS = 120;

/** Instruments that match a text, asked from the app a moment after the last keystroke. */
export class InstrumentSearch {
  text = $state('');
  hits = $state.raw<readonly SearchHit[]>([]);
  /** The text that `hits` answer; null before the first answer. */
  answered = $state<string | null>(null);
  readonly #app: AppState;
  readonly #limit: number;

  constructor(app: AppState, limit: number) {
    this.#app = app;
    this.#limit = limit;
    $effect(() => {
      const text = this.text.trim();
      const timer = setTimeout(() => void this.#ask(text), PAUSE_MS);
      return () => clearTimeout(timer);
    });
  }

  async #ask(text: string): Promise<void> {
    try {
      const hits = await this.#app.client.call('instruments.search', { text: text.slice(0, 60), limit: this.#limit });
      if (text !== this.text.trim()) return;
      this.hits = hits;
      this.answered = text;
    } catch (error) {
      this.#app.tell(error);
    }
  }
}
