import { createContext } from 'svelte';
import type { QueryAnswer, QueryTable } from '#bridge/query.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { newJob } from '../evidence/ask.ts';
import { EXAMPLES } from './examples.ts';

/** What is asked and what came of it; it outlives the panel on the screen. */
export class QuerySession {
  text = $state(EXAMPLES[0]?.sql ?? '');
  answer = $state.raw<QueryAnswer | null>(null);
  error = $state<string | null>(null);
  /** The question that is being answered, by its name. */
  #job = $state<string | null>(null);
  shown = $state<'table' | 'chart'>('table');
  tables = $state.raw<readonly QueryTable[] | null>(null);
  readonly #app: AppState;

  constructor(app: AppState) {
    this.#app = app;
  }

  get running(): boolean {
    return this.#job !== null;
  }

  async loadSchema(): Promise<void> {
    if (this.tables !== null) return;
    this.error = await this.#app.attempt(async () => {
      this.tables = await this.#app.client.call('query.schema', {});
    });
  }

  async run(): Promise<void> {
    if (this.running) return;
    const job = newJob();
    this.#job = job;
    this.error = null;
    this.error = await this.#app.attempt(async () => {
      this.answer = await this.#app.client.call('query.run', { job, sql: this.text });
    });
    this.#job = null;
  }

  async stop(): Promise<void> {
    const job = this.#job;
    if (job === null) return;
    // The question's own end, which says that it was stopped, may be here before this answer: only a failure is told.
    this.error = (await this.#app.attempt(() => this.#app.client.call('query.stop', { job }))) ?? this.error;
  }
}

export const [getQuery, setQuery] = createContext<QuerySession>();
