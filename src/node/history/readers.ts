import type { Worker } from 'node:worker_threads';
import type { Log } from '#core/ports/log.ts';
import { HistoryError, messageOf } from './errors.ts';
import { WorkerClient } from './worker-client.ts';

/** More would only share the disk and the processor with each other. */
const MOST_READERS = 2;

export interface ReadersOptions {
  /** The thread of one more reader. */
  readonly start: () => Promise<Worker>;
  readonly log: Log;
  readonly now: () => number;
}

/** Connections that only read, each in a worker of its own: what takes long there holds up no write. */
export interface Readers {
  /** Answers of the first reader that has nothing else to do, in the order of the questions. Rejects like any store. */
  ask<T>(method: string, input: readonly unknown[]): Promise<T>;
  /** Another file stands at the path: what is asked from now on is read from that. */
  reopen(): void;
  close(): Promise<void>;
}

interface Reader {
  readonly client: WorkerClient;
  isBusy: boolean;
}

export function createReaders({ start, log, now }: ReadersOptions): Readers {
  let readers: Reader[] = [];
  let leaving: Promise<unknown> = Promise.resolve();
  /** Questions that no reader has yet, oldest first: behind a long answer none waits while another reader is free. */
  const waiting: ((reader: Reader) => void)[] = [];
  const asked = new Set<Promise<unknown>>();

  /** A new one only where all that there are have something to do; null: there are as many as may be. */
  function free(): Reader | null {
    const found = readers.find(({ isBusy }) => !isBusy) ?? null;
    if (found !== null || readers.length >= MOST_READERS) return found;
    const reader = { client: new WorkerClient(start, now, log), isBusy: false };
    readers.push(reader);
    return reader;
  }
  function handOut(): void {
    const reader = waiting.length === 0 ? null : free();
    if (reader === null) return;
    reader.isBusy = true;
    waiting.shift()?.(reader);
  }
  async function answer<T>(method: string, input: readonly unknown[]): Promise<T> {
    const reader = await new Promise<Reader>((resolve) => {
      waiting.push(resolve);
      handOut();
    });
    try {
      return await reader.client.ask<T>(method, ...input);
    } finally {
      reader.isBusy = false;
      handOut();
    }
  }
  async function end(old: readonly Reader[]): Promise<void> {
    for (const { client } of old) await client.close().catch((error: unknown) => log.write('info', 'history', messageOf(error)));
  }

  return {
    ask<T>(method: string, input: readonly unknown[]): Promise<T> {
      const answering = answer<T>(method, input).finally(() => asked.delete(answering));
      asked.add(answering);
      return answering;
    },
    reopen() {
      const old = readers;
      readers = [];
      leaving = Promise.all([leaving, end(old)]);
    },
    async close() {
      await Promise.allSettled(asked);
      this.reopen();
      await leaving;
    },
  };
}

/** What a reader cannot answer the writer can: it holds what is in memory, and puts right what is damaged. */
export const isForWriter = (error: unknown): boolean =>
  !(error instanceof HistoryError) || (error.kind !== 'invalid' && error.kind !== 'closed');
