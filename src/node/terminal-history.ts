import type { Beside } from '#core/collect/follow.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import type { Log } from '#core/ports/log.ts';
import { delegated } from './history/delegated.ts';
import { HistoryError, messageOf } from './history/errors.ts';
import { followHistory, type FollowedHistory } from './history/follow.ts';
import { openHistory } from './history/open.ts';
import { accessTo } from './history/open-file.ts';
import { acquireLock, type DataLock, LockedError, type LockHolder, readHolder } from './lock.ts';

export interface TerminalHistoryOptions {
  /** The folder that is locked. */
  readonly dir: string;
  readonly file: string;
  readonly demo: boolean;
  readonly log: Log;
  readonly now: () => number;
  readonly who: Pick<LockHolder, 'shell' | 'version'>;
}

/** The market's history as a terminal has it: it records, or it shows what another process records or a newer version left. */
export interface TerminalHistory {
  readonly store: HistoryStore;
  /** Null: this process records. */
  readonly beside: Omit<Beside, 'ask'> | null;
  /** It can be read now; else reads wait until it can. */
  readonly isReadable: boolean;
}

/**
 * `held`: the history's lock, see claimFolder; it is released when the store is closed, or at once where the history may only be
 * read: a program of the newer version may record meanwhile. Rejects with HistoryError like openHistory.
 */
export async function openTerminalHistory(options: TerminalHistoryOptions, held: DataLock | null): Promise<TerminalHistory> {
  const { dir, file, demo, log, now, who } = options;
  const ofHistory = { file, demo, log, now };
  const isOfNewer = (): boolean => accessTo(file, demo ? 'demo' : 'live') === 'read';
  let readOnly = isOfNewer();
  if (readOnly) held?.release();
  let lock = readOnly ? null : held;
  /** Why the history cannot be shown yet. */
  let waiting: string | null = null;
  let followed: FollowedHistory | null = null;
  let current: HistoryStore | null = null;
  const opened = later<HistoryStore>();

  const write = (): Promise<HistoryStore> => openHistory({ ...ofHistory, mine: () => lock?.keep() ?? false });
  const sentence = (): string => (readOnly ? READ_ONLY : (waiting ?? besideSentence(readHolder(dir))));
  function take(store: HistoryStore): HistoryStore {
    current = store;
    waiting = null;
    opened.resolve(store);
    return store;
  }
  async function follow(): Promise<void> {
    try {
      followed = await followHistory(ofHistory, sentence);
      take(followed.store);
    } catch (error) {
      // There is no collector that would put it right.
      if (!(error instanceof HistoryError) || readOnly) throw error;
      waiting = error.kind === 'newer' || error.kind === 'other-kind' ? error.user : waitingSentence(error, readHolder(dir));
    }
  }
  if (lock === null) await follow();
  else take(await write());

  return {
    store: {
      ...delegated(() => current ?? opened.promise),
      tend: async () => (await current?.tend()) ?? { file: 0, notices: [] },
      status: async () => (await current?.status()) ?? { bytes: 0, reusableBytes: 0, walBytes: 0, settledRows: 0, notices: [] },
      async close() {
        if (current === null) opened.reject(new HistoryError('closed', 'Perpscope is closing.', 'the history was never readable'));
        try {
          await current?.close();
        } finally {
          lock?.release();
        }
      },
    },
    get isReadable() {
      return current !== null;
    },
    beside:
      lock !== null
        ? null
        : {
            sentence,
            records: () => !readOnly,
            async version() {
              if (followed === null) await follow();
              return followed === null ? null : followed.version();
            },
            async takeOver() {
              if (readOnly) return false;
              const free = tryLock(dir, who);
              if (free === null) return false;
              try {
                readOnly = isOfNewer();
                if (readOnly) {
                  free.release();
                  return false;
                }
                lock = free;
                const before = current;
                take(await write());
                // This process records from here on, whatever becomes of what it read through.
                await before?.close().catch((error: unknown) => {
                  log.write('warn', 'history', 'what read beside the collector did not close', { error: messageOf(error) });
                });
                return true;
              } catch (error) {
                lock = null;
                free.release();
                throw error;
              }
            },
          },
  };
}

function tryLock(dir: string, who: TerminalHistoryOptions['who']): DataLock | null {
  try {
    return acquireLock(dir, who);
  } catch (error) {
    if (error instanceof LockedError) return null;
    throw error;
  }
}

const READ_ONLY =
  'A newer Perpscope recorded the history of this folder: this version shows it, records nothing and asks no exchange. ' +
  'To record again install the newer version, or choose another folder: --data-dir <folder>.';

const named = (holder: LockHolder | null): string =>
  holder === null ? '' : ` (process ${holder.pid}, since ${holder.startedAt.slice(0, 16).replace('T', ' ')} UTC)`;

const besideSentence = (holder: LockHolder | null): string =>
  `A collector${named(holder)} records this folder and asks the exchanges. This window shows what it records; it keeps your lists, thresholds and alerts, and asks the collector to watch what you look at.`;

function waitingSentence({ kind }: HistoryError, holder: LockHolder | null): string {
  return kind === 'older'
    ? `The history of this folder is being taken over into this version's layout by a collector${named(holder)}. It is shown here as soon as that is done.`
    : `A collector${named(holder)} has the history of this folder, and it cannot be read yet. It is shown here as soon as it can.`;
}

interface Later<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

function later<T>(): Later<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((...settle) => {
    [resolve, reject] = settle;
  });
  // Who waits for it hears it; that there is none who waits is no fault.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
