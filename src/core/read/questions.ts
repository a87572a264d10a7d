import { UserError } from '#bridge/errors.ts';
import type { QueryAnswer, QueryTable } from '#bridge/query.ts';
import type { WindowId } from '#bridge/workspace.ts';
import type { Canceller } from '../ports/clock.ts';
import { type Queries, QueryError } from '../ports/query.ts';

/** Questions that windows ask in SQL: one of each window at a time, a later one takes the place of the one before. */
export interface Questions {
  run(window: WindowId, sql: string): Promise<QueryAnswer>;
  stop(window: WindowId): void;
  schema(): Promise<QueryTable[]>;
}

export function createQuestions(queries: Queries, newCanceller: () => Canceller): Questions {
  const running = new Map<WindowId, Canceller>();
  const inWords = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      throw error instanceof QueryError ? new UserError('bad-input', error.message) : error;
    }
  };
  return {
    async run(window, sql) {
      running.get(window)?.abort();
      const canceller = newCanceller();
      running.set(window, canceller);
      try {
        return await inWords(queries.run(sql, canceller.signal));
      } finally {
        if (running.get(window) === canceller) running.delete(window);
      }
    },
    stop: (window) => running.get(window)?.abort(),
    schema: () => inWords(queries.schema()),
  };
}
