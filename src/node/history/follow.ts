import { setTimeout as wait } from 'node:timers/promises';
import type { HistoryStore, LearntSince } from '#core/ports.ts';
import { type FileMark, isSameFile, markOf } from '../file-mark.ts';
import { HistoryError } from './errors.ts';
import { type Ask, type OpenHistoryOptions, readsOf } from './open.ts';
import { createReaders } from './readers.ts';
import { startWorker } from './start-worker.ts';
import { WorkerClient } from './worker-client.ts';

/** A collector that has just begun makes the file first. */
const TRIES = 20;
const TRY_EVERY_MS = 300;
/** More than one file ever counts of its writes. */
const FILES = 2 ** 32;

export interface FollowedHistory {
  /** Reads what another process writes; what would write is refused with `sentence`. */
  readonly store: HistoryStore;
  /** Another number once something was written. */
  version(): Promise<number>;
}

/** The history that another process writes. Rejects with HistoryError where there is none, or it must not be touched. */
export async function followHistory(
  { file, demo, log, now }: Omit<OpenHistoryOptions, 'mine'>,
  sentence: string,
): Promise<FollowedHistory> {
  const kind = demo ? 'demo' : 'live';
  const options = { file, kind, log, now } as const;
  const open = (): WorkerClient => new WorkerClient(() => startWorker({ role: 'read', file, kind, now: now() }), now, log);
  let watcher = open();
  for (let tries = 1; ; tries++) {
    try {
      await watcher.open();
      break;
    } catch (error) {
      if (!(error instanceof HistoryError) || error.kind !== 'failed' || tries >= TRIES) throw error;
      watcher = open();
      await wait(TRY_EVERY_MS);
    }
  }
  const readers = createReaders(options);
  let mark: FileMark | null = markOf(file);
  let generation = 0;

  /** The collector may have put another file in the place of one that was damaged or lost. */
  async function look(): Promise<void> {
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
  const refuse = (): Promise<never> => Promise.reject(new HistoryError('unwritable', sentence));
  const store: HistoryStore = {
    ...readsOf(ask),
    status: () => watcher.ask('status'),
    learntSince,
    recordPoll: refuse,
    recordSettled: refuse,
    recordPrices: refuse,
    recordAsked: refuse,
    recordEvent: refuse,
    recordBooks: refuse,
    hoursBeyond: refuse,
    dropHoursBeyond: refuse,
    maintain: refuse,
    async tend() {
      await look();
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
