import type { HistoryStatus } from '#bridge/contract.ts';
import type { HistoryExcess } from '#core/ports/history-facts.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import type { Log } from '#core/ports/log.ts';
import { HistoryError, messageOf } from './errors.ts';
import { createReaders, isForWriter } from './readers.ts';
import type { HistoryReads } from './readonly-history.ts';
import { Upkeep } from './upkeep.ts';
import { startWorker } from './start-worker.ts';
import { WorkerClient } from './worker-client.ts';

export interface OpenHistoryOptions {
  readonly file: string;
  /** A demo database is marked as such and never mixed with a real one. */
  readonly demo: boolean;
  readonly log: Log;
  readonly now: () => number;
  /** This process has the data folder's lock, also if its file was deleted meanwhile (lock.ts); asked at every `tend`. */
  readonly mine?: () => boolean;
  /** How long a large file waits for its check, which keeps a processor busy for seconds. */
  readonly checkAfterMs?: number;
}

/** What is needed for the first screen is done by then. */
const CHECK_AFTER_MS = 60_000;

interface OpenedHistory extends HistoryStore {
  /** Why what is recorded now stands in no file and ends with this process; null: it is on disk. */
  unwritten(): Promise<string | null>;
}

export type Ask = <T>(method: string, ...input: readonly unknown[]) => Promise<T>;

export const readsOf = (ask: Ask): Omit<HistoryReads, 'status' | 'close'> => ({
  instruments: (...input) => ask('instruments', ...input),
  latest: (...input) => ask('latest', ...input),
  settled: (...range) => ask('settled', ...range),
  settledSeen: (...range) => ask('settledSeen', ...range),
  hours: (...range) => ask('hours', ...range),
  snapshots: (...range) => ask('snapshots', ...range),
  prices: (...range) => ask('prices', ...range),
  books: (...range) => ask('books', ...range),
  terms: (...input) => ask('terms', ...input),
  orderRules: (...input) => ask('orderRules', ...input),
  imports: (...input) => ask('imports', ...input),
  interest: (...range) => ask('interest', ...range),
  events: (...range) => ask('events', ...range),
  conflicts: (...range) => ask('conflicts', ...range),
  thinned: () => ask('thinned'),
  runs: () => ask('runs'),
  bans: (asOf) => ask('bans', asOf),
  spans: (...input) => ask('spans', ...input),
  asked: (...input) => ask('asked', ...input),
  hoursBeyond: (...input) => ask('hoursBeyond', ...input),
  newestBooks: (...input) => ask('newestBooks', ...input),
  learntBy: (...input) => ask('learntBy', ...input),
  stretches: (...input) => ask('stretches', ...input),
  rateRanges: (...input) => ask('rateRanges', ...input),
  lateWords: (ids) => ask('lateWords', ids),
  learntSince: (mark) => ask('learntSince', mark),
});

type Facts = Pick<HistoryStore, Extract<keyof HistoryStore, `record${string}`>>;

export const writesOf = (write: Ask): Facts => ({
  recordPoll: (poll) => write('recordPoll', poll),
  recordSettled: (...input) => write('recordSettled', ...input),
  recordPrices: (...input) => write('recordPrices', ...input),
  recordAsked: (...input) => write('recordAsked', ...input),
  recordEvent: (event) => write('recordEvent', event),
  recordOrderRules: (...input) => write('recordOrderRules', ...input),
  recordRun: (span) => write('recordRun', span),
  recordImport: (batch) => write('recordImport', batch),
  recordBooks: (books) => write('recordBooks', books),
});

/** Of a history that is another program's to write. */
export const refusing = (refuse: () => Promise<never>): Facts & Pick<HistoryStore, 'dropHoursBeyond' | 'maintain' | 'backUp'> => ({
  ...writesOf(refuse),
  dropHoursBeyond: refuse,
  maintain: refuse,
  backUp: refuse,
});

/**
 * The history for writing, in its worker, and for reading, in others beside it: a read sees every write that was asked for before
 * it. The caller holds the data folder's lock (lock.ts). Rejects with HistoryError 'newer' or 'other-kind' where the file must not
 * be touched; any other trouble with files ends in a notice of `status()`.
 */
export async function openHistory({
  file,
  demo,
  log,
  now,
  mine = () => true,
  checkAfterMs = CHECK_AFTER_MS,
}: OpenHistoryOptions): Promise<OpenedHistory> {
  const kind = demo ? 'demo' : 'live';
  const client = new WorkerClient(() => startWorker({ role: 'write', file, kind, now: now() }), now, log);
  const upkeep = new Upkeep(client, file, kind, log);
  await client.open();
  upkeep.checkLargeFile(checkAfterMs);
  const readers = createReaders({ start: () => startWorker({ role: 'read', file, kind, now: now() }), log, now });
  const writes = new Set<Promise<unknown>>();
  let { place } = client;
  let closing: Promise<void> | null = null;

  const write: Ask = <T>(method: string, ...input: readonly unknown[]): Promise<T> => {
    const writing = client.ask<T>(method, ...input).finally(() => writes.delete(writing));
    writes.add(writing);
    return writing;
  };
  const read: Ask = async <T>(method: string, ...input: readonly unknown[]): Promise<T> => {
    if (closing !== null) throw new HistoryError('closed', 'Perpscope is closing.', `${method}: the history is closed`);
    if (writes.size > 0) await Promise.allSettled(writes);
    if (client.place !== place) {
      ({ place } = client);
      readers.reopen();
    }
    if (place === null) return client.ask<T>(method, ...input);
    try {
      return await readers.ask<T>(method, input);
    } catch (error) {
      if (!isForWriter(error)) throw error;
      log.write('warn', 'history', `a reader could not answer ${method}; the writer does`, { error: messageOf(error) });
      return client.ask<T>(method, ...input);
    }
  };

  async function end(): Promise<void> {
    // First, so that the writer is the last that has the file: it leaves no -wal behind.
    await readers.close();
    await client.close();
    await upkeep.close();
  }
  return {
    ...readsOf(read),
    status: () => client.ask('status'),
    async unwritten() {
      const { notices } = await client.ask<HistoryStatus>('status');
      return client.place === null ? notices.join(' ') : null;
    },
    ...writesOf(write),
    async dropHoursBeyond(limits, at) {
      const excess = await read<HistoryExcess>('hoursBeyond', limits, at);
      while (await write<boolean>('dropHoursPiece', excess, at));
      return excess;
    },
    tend: () => client.ask('tend', mine()),
    async maintain(at) {
      // What is asked meanwhile has its turn between two pieces.
      while (await client.ask<boolean>('maintainPiece', at));
    },
    backUp: (kept, byHand = false) => upkeep.backUp(kept, byHand),
    close: () => (closing ??= end()),
  };
}

/** The history for reading only, beside a running app or without one. Rejects with HistoryError where there is nothing to read. */
export async function openHistoryReader({ file, demo, log, now }: OpenHistoryOptions): Promise<HistoryReads> {
  const client = new WorkerClient(() => startWorker({ role: 'read', file, kind: demo ? 'demo' : 'live', now: now() }), now, log);
  await client.open();
  const ask: Ask = (method, ...input) => client.ask(method, ...input);
  return { ...readsOf(ask), status: () => client.ask('status'), close: () => client.close() };
}
