import type { Cancel, Cancellation, Clock } from '../ports.ts';
import { VenueError } from '../venue-error.ts';
import type { RateLimit } from '../venue.ts';

/** Polls go first and may use the whole limit; back-fill waits and leaves a fifth of every limit to polls. */
export type Priority = 'poll' | 'background';
const BACKGROUND_SHARE = 0.8;

export interface RateBudget {
  /** Resolves when the units may be spent now, and counts them; rejects with VenueError 'cancelled' when `signal` aborts first. */
  take(cost: Readonly<Record<string, number>>, priority: Priority, signal: Cancellation): Promise<void>;
}

interface Waiter {
  readonly cost: readonly (readonly [Bucket, number])[];
  readonly priority: Priority;
  go(): void;
}

interface Bucket {
  readonly limit: RateLimit;
  /** Units spent inside the sliding window, oldest first. */
  spent: { at: number; units: number }[];
}

/** A sliding window per bucket on the monotonic clock: never more than `max` units in any `perMs`. */
export function createRateBudget(clock: Clock, limits: readonly RateLimit[]): RateBudget {
  const buckets = new Map<string, Bucket>(limits.map((limit) => [limit.bucket, { limit, spent: [] }]));
  const waiting: Record<Priority, Waiter[]> = { poll: [], background: [] };
  let timer: Cancel | null = null;

  /** Clock ms until `units` fit into the bucket. */
  function waitMs({ limit, spent }: Bucket, units: number, priority: Priority): number {
    const max = priority === 'poll' ? limit.max : Math.max(units, Math.floor(limit.max * BACKGROUND_SHARE));
    let used = spent.reduce((sum, entry) => sum + entry.units, 0);
    for (const entry of spent) {
      if (used + units <= max) return 0;
      used -= entry.units;
      if (used + units <= max) return entry.at + limit.perMs - clock.monotonic();
    }
    return 0;
  }

  function pump(): void {
    timer?.();
    timer = null;
    const now = clock.monotonic();
    for (const bucket of buckets.values()) {
      const { spent, limit } = bucket;
      const live = spent.findIndex((entry) => entry.at + limit.perMs > now);
      bucket.spent = live < 0 ? [] : spent.slice(live);
    }
    for (;;) {
      const next = waiting.poll[0] ?? waiting.background[0];
      if (!next) return;
      const delay = Math.max(0, ...next.cost.map(([bucket, units]) => waitMs(bucket, units, next.priority)));
      if (delay > 0) {
        timer = clock.after(delay, pump);
        return;
      }
      for (const [bucket, units] of next.cost) bucket.spent.push({ at: now, units });
      waiting[next.priority].shift();
      next.go();
    }
  }

  return {
    async take(cost, priority, signal) {
      const parts = Object.entries(cost).map(([name, units]) => {
        const bucket = buckets.get(name);
        if (!bucket) throw new RangeError(`no rate limit is called ${name}`);
        if (units > bucket.limit.max) throw new RangeError(`${units} units of ${name} never fit into ${bucket.limit.max}`);
        return [bucket, units] as const;
      });
      const cancelled = (): VenueError =>
        new VenueError('cancelled', 'The request was cancelled.', 'cancelled while waiting for the rate budget');
      if (signal.aborted) throw cancelled();
      await new Promise<void>((resolve, reject) => {
        const waiter: Waiter = {
          cost: parts,
          priority,
          go() {
            signal.removeEventListener('abort', abort);
            resolve();
          },
        };
        const abort = (): void => {
          waiting[priority] = waiting[priority].filter((other) => other !== waiter);
          reject(cancelled());
          pump();
        };
        signal.addEventListener('abort', abort, { once: true });
        waiting[priority].push(waiter);
        pump();
      });
    },
  };
}
