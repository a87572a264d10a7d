import type { QueryAnswer, QueryTable } from '#bridge/query.ts';
import type { Cancellation } from './clock.ts';

/** A question that has no answer: `message` says why, for the person who wrote it. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/** Reads by SQL, each question in a process of its own that ends with it, is killed at its limit of time, and cannot write. */
export interface Queries {
  /** Rejects with a QueryError, at once when `stop` aborts. */
  run(sql: string, stop: Cancellation): Promise<QueryAnswer>;
  /** What can be asked about: views made for reading first, then the tables as the files keep them. */
  schema(): Promise<QueryTable[]>;
}
