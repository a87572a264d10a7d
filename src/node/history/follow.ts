import type { LearntSince } from '#core/ports/history-facts.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import { type FileMark, isSameFile, markOf } from '../file-mark.ts';
import { HistoryError } from './errors.ts';
import { type Ask, type OpenHistoryOptions, readsOf, refusing } from './open.ts';
import { createReaders } from './readers.ts';
import { startWorker } from './start-worker.ts';
import { WorkerClient } from './worker-client.ts';

/** More than one file ever counts of its writes. */
const FILES = 2 ** 32;

export interface FollowedHistory {
  /** Reads what another process writes; what would write is refused with the sentence. */
  readonly store: HistoryStore;
  /** Another number once something was written. */
  version(): Promise<number>;
}

/**
 * The history that another process writes, or that is not written now. Rejects with HistoryError where it cannot be read yet: 'older'
 * until its writer has brought it up to date, 'failed' until there is one; 'newer' and 'other-kind' where it must not be touched.
 */
export async function followHistory(
  { file, demo, log, now }: Omit<OpenHistoryOptions, 'mine'>,
  sentence: () => string,
): Promise<FollowedHistory> {
  const kind = demo ? 'demo' : 'live';
  const start = () => startWorker({ role: 'read', file, kind, now: now() });
  const open = (): WorkerClient => new WorkerClient(start, now, log);
  let watcher = open();
  await watcher.open();
  const readers = createReaders({ start, log, now });
  let mark: FileMark | null = markOf(file);
  let generation = 0;

  /** The collector may have put another file in the place of one that was damaged or lost. */
  async function reopenWhereReplaced(): Promise<void> {
    const is = markOf(file);
    if (is === null || mark === null || isSameFile(is, mark)) return;
    mark = is;
    generation++;
    readers.reopen();
    const old = watcher;
    watcher = open();
    await old.close();
  }
  const ask: Ask = (method, ...input) => readers.ask(method, input);
  /** A mark is of one file: of another one anything may be new. */
  async function learntSince(mark: number | null): Promise<LearntSince> {
    const ofThisFile = mark !== null && Math.floor(mark / FILES) === generation ? mark % FILES : null;
    const file = generation;
    const { upTo, changes } = await ask<LearntSince>('learntSince', ofThisFile);
    return { upTo: file * FILES + upTo, changes };
  }
  const refuse = (): Promise<never> => Promise.reject(new HistoryError('unwritable', sentence()));
  const store: HistoryStore = {
    ...readsOf(ask),
    status: () => watcher.ask('status'),
    learntSince,
    ...refusing(refuse),
    async tend() {
      await reopenWhereReplaced();
      return { file: generation, notices: [] };
    },
    async close() {
      await readers.close();
      await watcher.close();
    },
  };
  return {
    store,
    // A number for the file and one for what was written into it.
    version: async () => generation * FILES + (await watcher.ask<number>('version')),
  };
}
