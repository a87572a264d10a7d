import type { Cancel, Cancellation, Clock } from '../ports/clock.ts';
import type { Spending } from '../ports/spending.ts';
import { VenueError } from '../venue-error.ts';
import type { RateLimit } from '../venue.ts';

/** Polls go first and may use the whole limit; back-fill waits and leaves a fifth of every limit to polls. */
export type Priority = 'poll' | 'background';
const BACKGROUND_SHARE = 0.8;
/** What is spent is remembered in blocks: one write for a twentieth of a limit, good for a twentieth of its time. */
const BLOCKS = 20;

export interface RateBudget {
  /** Resolves when the units may be spent now, and counts them; rejects with VenueError 'cancelled' when `signal` aborts first. */
  take(cost: Readonly<Record<string, number>>, priority: Priority, signal: Cancellation): Promise<void>;
  /**
   * The exchange's own count, units per bucket: where it is more than is known here (another program asks from this address), the rest
   * counts as spent now. A smaller one changes nothing, for windows of its own begin at other times.
   */
  counted(units: Readonly<Record<string, number>>): void;
}

/** Where spending is remembered beyond this run; both at once, so that nothing is sent before it is known. */
export interface SpendingBook {
  /** Of earlier runs; null: it cannot be read, and anything may have been spent. */
  spent(): readonly Spending[] | null;
  keep(spent: readonly Spending[]): void;
}

interface Waiter {
  readonly cost: readonly (readonly [Bucket, number])[];
  readonly priority: Priority;
  go(): void;
}

interface Bucket {
  readonly limit: RateLimit;
  /** Units spent inside the sliding window, oldest first. */
  spent: Spent[];
  /** Units that the book counts as spent already, until then. */
  block: { readonly until: number; left: number };
}

interface Spent {
  readonly at: number;
  readonly units: number;
}

/** Entries of one block's time as one, at the time of the last. */
function inBlocks(spent: readonly Spent[], blockMs: number): Spent[] {
  const blocks = new Map<number, Spent>();
  for (const { at, units } of spent) {
    const block = Math.floor(at / blockMs);
    blocks.set(block, { at, units: units + (blocks.get(block)?.units ?? 0) });
  }
  return [...blocks.values()];
}

/**
 * A sliding window per bucket on the monotonic clock: never more than `max` units in any `perMs`, those of earlier runs
 * included as far as the book knows them.
 */
export function createRateBudget(clock: Clock, limits: readonly RateLimit[], book?: SpendingBook): RateBudget {
  const earlier = book ? book.spent() : [];
  const buckets = new Map<string, Bucket>(
    limits.map((limit) => [limit.bucket, { limit, spent: spentBefore(limit), block: { until: -Infinity, left: 0 } }]),
  );
  const waiting: Record<Priority, Waiter[]> = { poll: [], background: [] };
  let timer: Cancel | null = null;

  /** A time ahead is a clock that was set back since: it counts as now, so that nothing is held longer than `perMs`. */
  function spentBefore({ bucket, max }: RateLimit): Spent[] {
    const [wall, now] = [clock.now(), clock.monotonic()];
    if (earlier === null) return [{ at: now, units: max }];
    const own = earlier.filter((one) => one.bucket === bucket);
    return own.map(({ at, units }) => ({ at: now - Math.max(0, wall - at), units })).sort((a, b) => a.at - b.at);
  }
  /** Before they are sent. A run that is killed leaves at most one block counted that was not spent. */
  function spend(cost: readonly (readonly [Bucket, number])[], now: number): void {
    let known = true;
    for (const [bucket, units] of cost) {
      if (units === 0) continue;
      const { max, perMs } = bucket.limit;
      bucket.spent.push({ at: now, units });
      if (now < bucket.block.until && units <= bucket.block.left) bucket.block.left -= units;
      else {
        bucket.block = { until: now + perMs / BLOCKS, left: Math.max(0, Math.ceil(max / BLOCKS) - units) };
        known = false;
      }
    }
    if (!known) book?.keep([...buckets.values()].flatMap((bucket) => toKeep(bucket, now)));
  }
  function toKeep({ limit, spent, block }: Bucket, now: number): Spending[] {
    const ahead = clock.now() - now;
    const entries = inBlocks(spent, limit.perMs / BLOCKS);
    if (block.until > now && block.left > 0) entries.push({ at: block.until, units: block.left });
    return entries.map(({ at, units }) => ({ bucket: limit.bucket, at: Math.round(at + ahead), units }));
  }

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

  /** What has left the window is forgotten. */
  function slide(now: number): void {
    for (const bucket of buckets.values()) {
      const { spent, limit } = bucket;
      const live = spent.findIndex((entry) => entry.at + limit.perMs > now);
      bucket.spent = live < 0 ? [] : spent.slice(live);
    }
  }
  function pump(): void {
    timer?.();
    timer = null;
    const now = clock.monotonic();
    slide(now);
    for (;;) {
      const next = waiting.poll[0] ?? waiting.background[0];
      if (!next) return;
      const delay = Math.max(0, ...next.cost.map(([bucket, units]) => waitMs(bucket, units, next.priority)));
      if (delay > 0) {
        timer = clock.after(delay, pump);
        return;
      }
      spend(next.cost, now);
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
    counted(units) {
      const now = clock.monotonic();
      slide(now);
      const unknown = Object.entries(units).flatMap(([name, said]) => {
        const bucket = buckets.get(name);
        if (bucket === undefined) throw new RangeError(`no rate limit is called ${name}`);
        const rest = Math.min(said, bucket.limit.max) - bucket.spent.reduce((sum, entry) => sum + entry.units, 0);
        return rest > 0 ? [[bucket, rest] as const] : [];
      });
      if (unknown.length > 0) spend(unknown, now);
    },
  };
}
