import { existsSync } from 'node:fs';
import type { Cancellation } from '#core/ports/clock.ts';
import { type Queries, QueryError } from '#core/ports/query.ts';
import type { QueryOrder, QueryProcess, QueryReport, StartQueryProcess } from './protocol.ts';

/** Real ms after which a question is killed. */
export const LONGEST_MS = 30_000;

export interface QueriesOptions {
  readonly history: string;
  readonly person: string;
  /** Where the desk's history is that the window shows; null: it shows the file. */
  readonly shared?: string | null;
  readonly start: StartQueryProcess;
  readonly longestMs?: number;
}

/** Questions over the files, each in a process that is killed when it takes too long or is stopped. */
export function createQueries({
  history,
  person,
  shared = null,
  start,
  longestMs = LONGEST_MS,
}: QueriesOptions): Queries & { close(): void } {
  const running = new Set<QueryProcess>();

  async function ask(sql: string | null, stop: Cancellation | null): Promise<QueryReport> {
    // An answer out of another history than the one that is on the screen would be taken for an answer about it.
    if (shared !== null) throw new QueryError(elsewhere(shared));
    if (!existsSync(history)) throw new QueryError('There is no history on the disk yet.');
    const order: QueryOrder = { history, person: existsSync(person) ? person : null, sql };
    const child = await start();
    running.add(child);
    let why = 'The question ended without an answer: its process was ended from outside.';
    const end = (because: string) => (): void => {
      why = because;
      child.kill();
    };
    const onStop = end('Stopped.');
    const limit = setTimeout(
      end(`The question took longer than ${longestMs / 1000} s and was ended. Ask for less: a shorter range, fewer instruments.`),
      longestMs,
    );
    stop?.addEventListener('abort', onStop, { once: true });
    try {
      const report = await new Promise<QueryReport | null>((resolve) => {
        child.onEnd(resolve);
        if (stop?.aborted === true) onStop();
        else child.tell(order);
      });
      if (report === null) throw new QueryError(why);
      if (report.kind === 'refused') throw new QueryError(report.why);
      return report;
    } finally {
      clearTimeout(limit);
      stop?.removeEventListener('abort', onStop);
      running.delete(child);
    }
  }

  return {
    async run(sql, stop) {
      const report = await ask(sql, stop);
      if (report.kind !== 'answer') throw new QueryError('The question ended without an answer.');
      return report.answer;
    },
    async schema() {
      const report = await ask(null, null);
      return report.kind === 'schema' ? report.tables : [];
    },
    close() {
      for (const child of running) child.kill();
    },
  };
}

const elsewhere = (place: string): string =>
  `This page asks the history of a folder, and this window shows a desk's at ${place}: ask that with psql as its reader, or take rows out of it with "perpscope export --history", as docs/desk.md says.`;
