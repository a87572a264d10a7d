import { createContext } from 'svelte';
import type { QueryAnswer, QueryTable } from '#bridge/query.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { EXAMPLES } from './examples.ts';

/** What is asked and what came of it; it outlives the panel on the screen. */
export class QuerySession {
  text = $state(EXAMPLES[0]?.sql ?? '');
  answer = $state.raw<QueryAnswer | null>(null);
  error = $state<string | null>(null);
  running = $state(false);
  shown = $state<'table' | 'chart'>('table');
  tables = $state.raw<readonly QueryTable[] | null>(null);
  readonly #app: AppState;

  constructor(app: AppState) {
    this.#app = app;
  }

  async loadSchema(): Promise<void> {
    if (this.tables !== null) return;
    this.error = await this.#app.attempt(async () => {
      this.tables = await this.#app.client.call('query.schema', {});
    });
  }

  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.error = null;
    this.error = await this.#app.attempt(async () => {
      this.answer = await this.#app.client.call('query.run', { sql: this.text });
    });
    this.running = false;
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    // The question's own end, which says that it was stopped, may be here before this answer: only a failure is told.
    this.error = (await this.#app.attempt(() => this.#app.client.call('query.stop', {}))) ?? this.error;
  }
}

export const [getQuery, setQuery] = createContext<QuerySession>();
