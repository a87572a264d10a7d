import type { CallOutput } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import type { ExploredSettlements } from '#bridge/explore.ts';
import type { CalculatorFacts } from '#bridge/facts.ts';
import type { InstrumentTerms } from '#bridge/instrument.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { AppState } from '../../state/app-state.svelte.ts';

/** What grows is asked for again as it does, but not at every row that a back-fill brings. */
const REFRESH_MS = 4_000;

/** The regime of an instrument in figures: each has its audit. */
export const REGIME: readonly MetricChoice[] = [
  ...['regime', 'funding-rank', 'spike', 'same-sign-run', 'share-positive', 'sign-flips', 'funding-volatility', 'mean-funding'].map(
    (metric) => ({ metric, params: {} }),
  ),
  ...[1, 7, 30, 90].map((days) => ({ metric: 'cumulative-funding', params: { days } })),
  ...['half-life', 'censoring'].map((metric) => ({ metric, params: {} })),
];

interface Answers {
  readonly settlements: ExploredSettlements;
  readonly terms: InstrumentTerms;
  readonly facts: CalculatorFacts;
  readonly regime: readonly CallOutput<'metrics.explain'>[];
}
type Part = keyof Answers;

/** What the page asks for; a part that fails costs only itself. */
export class PageData {
  #answers = $state.raw<Partial<Answers>>({});
  #errors = $state.raw<Partial<Record<Part, string>>>({});
  #of = '';
  #askedAt = -Infinity;
  readonly #app: AppState;

  constructor(app: AppState, instrument: () => string | null, isInSight: () => boolean) {
    this.#app = app;
    $effect(() => {
      const id = instrument();
      const version = id === null ? 0 : (app.historyVersion.get(id) ?? 0);
      if (id === null || app.connection !== 'up' || !isInSight()) return;
      const of = `${id} ${app.past.key}`;
      if (of !== this.#of) {
        this.#answers = {};
        this.#errors = {};
      }
      const wait = of === this.#of && version > 0 ? Math.max(0, this.#askedAt + REFRESH_MS - performance.now()) : 0;
      this.#of = of;
      const timer = setTimeout(() => this.ask(id), wait);
      return () => clearTimeout(timer);
    });
  }

  of<P extends Part>(part: P): Answers[P] | null {
    return (this.#answers[part] as Answers[P] | undefined) ?? null;
  }

  errorOf(part: Part): string | null {
    return this.#errors[part] ?? null;
  }

  ask(instrument: string): void {
    this.#askedAt = performance.now();
    const { client, clock } = this.#app;
    this.#take('settlements', () => client.call('explore.settlements', { instrument, from: 0, to: clock.read() }));
    this.#take('terms', () => client.call('instrument.terms', { instrument }));
    this.#take('facts', () => client.call('decisions.facts', { instrument }));
    this.#take('regime', () =>
      Promise.all(REGIME.map((choice) => client.call('metrics.explain', { instrument, choice, list: null, at: null }))),
    );
  }

  #take<P extends Part>(part: P, ask: () => Promise<Answers[P]>): void {
    const of = this.#of;
    ask().then(
      (answer) => {
        if (of !== this.#of) return;
        this.#answers = { ...this.#answers, [part]: answer };
        this.#errors = { ...this.#errors, [part]: undefined };
      },
      (cause: unknown) => {
        if (of === this.#of) this.#errors = { ...this.#errors, [part]: cause instanceof UserError ? cause.message : String(cause) };
      },
    );
  }
}
