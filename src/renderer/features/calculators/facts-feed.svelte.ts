import type { CalculatorFacts, SpreadFacts } from '#bridge/facts.ts';
import { UserError } from '#bridge/errors.ts';
import type { AppState } from '../../state/app-state.svelte.ts';

/** Books move all the time: they are asked for this often while a calculator is open (real ms). */
export const REFRESH_MS = 4000;
/** The past of a pair grows once an hour. */
const SPREAD_MS = 60_000;

/** Instruments whose facts are kept while others are looked at. */
const KEPT = 8;

const words = (error: unknown): string => (error instanceof UserError ? error.message : String(error));

/** Keeps what calculators fill themselves with fresh for as long as a panel follows it. */
export class FactsFeed {
  facts = $state.raw<ReadonlyMap<string, CalculatorFacts>>(new Map());
  errors = $state.raw<ReadonlyMap<string, string>>(new Map());
  spread = $state.raw<{ readonly of: string; readonly value: SpreadFacts } | null>(null);
  readonly #app: AppState;
  /** Whether what is known is of the past. */
  #isPast = false;

  constructor(app: AppState) {
    this.#app = app;
  }

  /** Asks at once and again every few seconds; returns the stop. */
  follow(instrument: string): () => void {
    this.#turn();
    return repeat(REFRESH_MS, async (isOver) => {
      try {
        const facts = await this.#app.client.call('decisions.facts', { instrument });
        if (isOver()) return;
        // The newest last; what was not looked at for long is asked for again.
        const others = [...this.facts].filter(([id]) => id !== instrument).slice(1 - KEPT);
        this.facts = new Map([...others, [instrument, facts]]);
        this.#say(instrument, null);
      } catch (error) {
        if (!isOver()) this.#say(instrument, words(error));
      }
    });
  }

  /** The past of a pair; null is spot. */
  followSpread(long: string | null, short: string | null): () => void {
    const of = `${String(long)} ${String(short)}`;
    this.#turn();
    return repeat(SPREAD_MS, async (isOver) => {
      try {
        const value = await this.#app.client.call('decisions.spread', { long, short });
        if (!isOver()) this.spread = { of, value };
      } catch (error) {
        if (!isOver()) this.#say(of, words(error));
      }
    });
  }

  /** What was known now is not taken for then, not even until the answer is there; nor the other way round. */
  #turn(): void {
    if (this.#isPast === this.#app.isPast) return;
    this.#isPast = this.#app.isPast;
    this.facts = new Map();
    this.errors = new Map();
    this.spread = null;
  }

  #say(of: string, error: string | null): void {
    if ((this.errors.get(of) ?? null) === error) return;
    const next = new Map(this.errors);
    if (error === null) next.delete(of);
    else next.set(of, error);
    this.errors = next;
  }
}

/** One question after the other: the next waits for the answer, so a slow venue is not asked twice at once. */
function repeat(everyMs: number, ask: (isOver: () => boolean) => Promise<void>): () => void {
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = async (): Promise<void> => {
    await ask(() => over);
    if (!over) timer = setTimeout(() => void again(), everyMs);
  };
  void again();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
