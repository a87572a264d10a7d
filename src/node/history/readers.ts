import type { Log } from '#core/ports/log.ts';
import { HistoryError, messageOf } from './errors.ts';
import type { DatabaseKind } from './schema.ts';
import { startWorker } from './start-worker.ts';
import { WorkerClient } from './worker-client.ts';

/** More would only share the disk and the processor with each other. */
const MOST_READERS = 2;

export interface ReadersOptions {
  readonly file: string;
  readonly kind: DatabaseKind;
  readonly log: Log;
  readonly now: () => number;
}

/** Connections that only read, each in a worker of its own: what takes long there holds up no write. */
export interface Readers {
  /** Answers of the reader that has least to do. Rejects like any store. */
  ask<T>(method: string, input: readonly unknown[]): Promise<T>;
  /** Another file stands at the path: what is asked from now on is read from that. */
  reopen(): void;
  close(): Promise<void>;
}

interface Reader {
  readonly client: WorkerClient;
  asked: number;
}

export function createReaders({ file, kind, log, now }: ReadersOptions): Readers {
  let readers: Reader[] = [];
  let leaving: Promise<unknown> = Promise.resolve();

  /** A new one only where all that there are have something to do. */
  function next(): Reader {
    const [first] = [...readers].sort((a, b) => a.asked - b.asked);
    if (first !== undefined && (first.asked === 0 || readers.length >= MOST_READERS)) return first;
    const reader = { client: new WorkerClient(() => startWorker({ role: 'read', file, kind, now: now() }), now, log), asked: 0 };
    readers.push(reader);
    return reader;
  }
  async function end(old: readonly Reader[]): Promise<void> {
    for (const { client } of old) await client.close().catch((error: unknown) => log.write('info', 'history', messageOf(error)));
  }

  return {
    async ask<T>(method: string, input: readonly unknown[]): Promise<T> {
      const reader = next();
      reader.asked++;
      try {
        return await reader.client.ask<T>(method, ...input);
      } finally {
        reader.asked--;
      }
    },
    reopen() {
      const old = readers;
      readers = [];
      leaving = Promise.all([leaving, end(old)]);
    },
    async close() {
      this.reopen();
      await leaving;
    },
  };
}

/** What a reader cannot answer the writer can: it holds what is in memory, and puts right what is damaged. */
export const isForWriter = (error: unknown): boolean =>
  !(error instanceof HistoryError) || (error.kind !== 'invalid' && error.kind !== 'closed');
