import type { MatrixRow } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import type { AppState } from '../../state/app-state.svelte.ts';

const REFRESH_MS = 2500;

/** Rows of the matrix, asked for at once where the question changes and a moment apart while rates come. */
export class MatrixData {
  scope = $state<'list' | 'all'>('list');
  rows = $state.raw<readonly MatrixRow[] | null>(null);
  error = $state<string | null>(null);
  readonly #app: AppState;
  readonly #list = $derived.by(() => (this.scope === 'list' ? (this.#app.list?.id ?? null) : null));
  readonly #items = $derived.by(() => (this.scope === 'list' ? (this.#app.list?.items.length ?? 0) : 0));
  readonly #question = $derived.by(() => `${this.#list} ${this.#items} ${this.#app.past.key}`);
  #lastAsked = 0;
  #askedFor = '';
  /** Whether what is shown is of the past. */
  #isPast = false;

  /** `isInSight`: nothing is asked for what cannot be seen. */
  constructor(app: AppState, isInSight: () => boolean) {
    this.#app = app;
    $effect(() => {
      if (!isInSight()) return;
      const asking = { list: this.#list, question: this.#question, rows: app.rows, connection: app.connection };
      if (asking.connection !== 'up') return;
      // What was known now is not shown for then, not even until the answer is there.
      if (this.#isPast !== app.isPast) this.rows = null;
      this.#isPast = app.isPast;
      const wait = asking.question === this.#askedFor ? Math.max(0, this.#lastAsked + REFRESH_MS - performance.now()) : 0;
      this.#askedFor = asking.question;
      const timer = setTimeout(() => void this.#ask(asking.list, asking.question), wait);
      return () => clearTimeout(timer);
    });
  }

  async #ask(list: string | null, question: string): Promise<void> {
    this.#lastAsked = performance.now();
    try {
      const rows = await this.#app.client.call('metrics.matrix', { list });
      if (question !== this.#askedFor) return;
      this.rows = rows;
      this.error = null;
    } catch (cause) {
      this.error = cause instanceof UserError ? cause.message : String(cause);
    }
  }
}
