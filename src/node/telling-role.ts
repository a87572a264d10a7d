import type { TellingRole } from '#core/ports/telling-role.ts';
import { acquireLock, COLLECTOR, type DataLock, LockedError, type LockHolder, readHolder } from './lock.ts';

/** By a lock of its own, which dies with its process: where the one that tells is killed, another takes over within a second. */
export interface OpenedTellingRole extends TellingRole {
  /** Safe to call twice. */
  release(): void;
}

export function openTellingRole(dir: string, who: Pick<LockHolder, 'shell' | 'version'>): OpenedTellingRole {
  let lock: DataLock | null = null;
  let isReleased = false;
  return {
    take() {
      if (isReleased) return false;
      if (lock !== null) return lock.keep();
      try {
        lock = acquireLock(dir, who, 'teller');
        return true;
      } catch (error) {
        if (error instanceof LockedError) return false;
        throw error;
      }
    },
    sentence() {
      const holder = readHolder(dir, 'teller');
      const place = holder === null ? '' : ` (process ${holder.pid}, since ${holder.startedAt.slice(0, 16).replace('T', ' ')} UTC)`;
      return holder !== null && holder.shell !== COLLECTOR
        ? `A terminal${place} tells what enters on this folder; this process tells once that has ended.`
        : `A collector${place} tells what enters on this folder. This window shows and acknowledges it, and tells by itself once that has ended.`;
    },
    release() {
      isReleased = true;
      lock?.release();
    },
  };
}
