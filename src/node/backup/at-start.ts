import { HistoryError, messageOf } from '../history/errors.ts';
import { acquireLock, type DataLock, type LockHolder } from '../lock.ts';
import { hasUnfinishedRestore } from './files.ts';
import { finishRestore, restore, restoreWanted, wantRestore } from './restore.ts';

export interface AtStart {
  readonly dir: string;
  readonly database: string;
  readonly demo: boolean;
  readonly version: string;
}

/**
 * Before anything of a folder is opened, by who has both of its locks: ends a restore that was interrupted, and does the one that
 * was chosen in the app. What came of that as a sentence for the person; null: there was nothing to do. Where it cannot be
 * done the folder is as it was.
 */
export async function restoreAtStart({ dir, database, demo, version }: AtStart): Promise<string | null> {
  const ended = finishRestore(dir);
  const backup = restoreWanted(dir);
  if (backup === null) return ended ? 'A restore that was interrupted has been brought to its end.' : null;
  // Asked for once: one that fails is not tried again at every start.
  wantRestore(dir, null);
  try {
    const { from, before, replaced } = await restore({ dir, database, kind: demo ? 'demo' : 'live', version, now: Date.now(), backup });
    const made = new Date(from.madeAt).toISOString().slice(0, 16).replace('T', ' ');
    const kept =
      before !== null ? ` What stood there before is ${before}.` : replaced !== null ? ` What stood there before lies in ${replaced}.` : '';
    return `The backup of ${made} UTC was restored.${kept}`;
  } catch (error) {
    return `${backup} was not restored, and nothing was changed: ${error instanceof HistoryError ? error.user : messageOf(error)}`;
  }
}

/** A collector has the lock of the history alone: to end an interrupted restore it takes the person's for that time. LockedError where it cannot. */
export function finishBesidePerson(dir: string, who: Pick<LockHolder, 'shell' | 'version'>): void {
  if (!hasUnfinishedRestore(dir)) return;
  const person = acquireLock(dir, who, 'person');
  try {
    finishRestore(dir);
  } finally {
    person.release();
  }
}

/** Both locks of a folder, and an interrupted restore brought to its end. Throws LockedError. */
export function lockFolder(dir: string, who: Pick<LockHolder, 'shell' | 'version'>): DataLock {
  const market = acquireLock(dir, who);
  try {
    const person = acquireLock(dir, who, 'person');
    const both: DataLock = {
      held: market.held && person.held,
      keep: () => market.keep() && person.keep(),
      get notices() {
        return [...market.notices, ...person.notices];
      },
      release() {
        person.release();
        market.release();
      },
    };
    finishRestore(dir);
    return both;
  } catch (error) {
    market.release();
    throw error;
  }
}
