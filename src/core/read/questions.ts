import { UserError } from '#bridge/errors.ts';
import type { QueryAnswer, QueryTable } from '#bridge/query.ts';
import type { WindowId } from '#bridge/window.ts';
import type { Canceller } from '../ports/clock.ts';
import { type Queries, QueryError } from '../ports/query.ts';

/** Questions that windows ask in SQL: one of each window at a time, a later one takes the place of the one before. */
export interface Questions {
  /** `job`: its name, which no other question has. */
  run(window: WindowId, job: string, sql: string): Promise<QueryAnswer>;
  /** Ends the question of that name, also where it comes only afterwards. */
  stop(job: string): void;
  schema(): Promise<QueryTable[]>;
}

/** A stop that came before its question waits until so many later stops have come. */
const MOST_STOPS = 64;

export function createQuestions(queries: Queries, newCanceller: () => Canceller): Questions {
  const running = new Map<WindowId, { readonly job: string; readonly canceller: Canceller }>();
  /** A page's calls go over connections of their own, so a stop may overtake its question. */
  const stopped = new Set<string>();
  const inWords = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      throw error instanceof QueryError ? new UserError('bad-input', error.message) : error;
    }
  };
  return {
    async run(window, job, sql) {
      running.get(window)?.canceller.abort();
      const canceller = newCanceller();
      const own = { job, canceller };
      running.set(window, own);
      if (stopped.delete(job)) canceller.abort();
      try {
        return await inWords(queries.run(sql, canceller.signal));
      } finally {
        if (running.get(window) === own) running.delete(window);
      }
    },
    stop(job) {
      const own = [...running.values()].find((one) => one.job === job);
      if (own !== undefined) {
        own.canceller.abort();
        return;
      }
      stopped.add(job);
      for (const oldest of stopped) {
        if (stopped.size <= MOST_STOPS) return;
        stopped.delete(oldest);
      }
    },
    schema: () => inWords(queries.schema()),
  };
}
