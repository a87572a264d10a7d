import type { HistoryStore, Log } from '#core/ports.ts';
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
}

const readsOf = (client: WorkerClient): HistoryReads => ({
  instruments: (...input) => client.ask('instruments', ...input),
  latest: (...input) => client.ask('latest', ...input),
  settled: (...range) => client.ask('settled', ...range),
  hours: (...range) => client.ask('hours', ...range),
  snapshots: (...range) => client.ask('snapshots', ...range),
  prices: (...range) => client.ask('prices', ...range),
  books: (...range) => client.ask('books', ...range),
  terms: (...input) => client.ask('terms', ...input),
  events: (...range) => client.ask('events', ...range),
  bans: () => client.ask('bans'),
  spans: (...input) => client.ask('spans', ...input),
  asked: (...input) => client.ask('asked', ...input),
  status: () => client.ask('status'),
  close: () => client.close(),
});

/**
 * The history for writing, in its worker. The caller holds the data folder's lock (lock.ts). Rejects with HistoryError
 * 'newer' or 'other-kind' where the file must not be touched; any other trouble with files ends in a notice of `status()`.
 */
export async function openHistory({ file, demo, log, now, mine = () => true }: OpenHistoryOptions): Promise<HistoryStore> {
  const kind = demo ? 'demo' : 'live';
  const client = new WorkerClient(() => startWorker({ role: 'write', file, kind }), now, log);
  const upkeep = new Upkeep(client, file, kind, log);
  await client.open();
  upkeep.checkLargeFile();
  return {
    ...readsOf(client),
    recordPoll: (poll) => client.ask('recordPoll', poll),
    recordSettled: (...input) => client.ask('recordSettled', ...input),
    recordPrices: (...input) => client.ask('recordPrices', ...input),
    recordAsked: (...input) => client.ask('recordAsked', ...input),
    recordEvent: (event) => client.ask('recordEvent', event),
    recordBooks: (books) => client.ask('recordBooks', books),
    hoursBeyond: (...input) => client.ask('hoursBeyond', ...input),
    dropHoursBeyond: (...input) => client.ask('dropHoursBeyond', ...input),
    tend: () => client.ask('tend', mine()),
    async maintain(at) {
      await client.ask('maintain', at);
      await upkeep.backUp();
    },
    async close() {
      await client.close();
      await upkeep.idle();
    },
  };
}

/** The history for reading only, beside a running app or without one. Rejects with HistoryError where there is nothing to read. */
export async function openHistoryReader({ file, demo, log, now }: OpenHistoryOptions): Promise<HistoryReads> {
  const client = new WorkerClient(() => startWorker({ role: 'read', file, kind: demo ? 'demo' : 'live' }), now, log);
  await client.open();
  return readsOf(client);
}
