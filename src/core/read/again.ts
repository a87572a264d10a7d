import type { Clock } from '../ports/clock.ts';

/** What could not be worked out is tried again after this (real ms), then after twice as long each time, and at least every minute: a rule is told within a minute of what mends it. */
const FIRST_MS = 5_000;
const MOST_MS = 60_000;

/** The wait after so many failures in a row, real ms. */
export const againAfter = (failures: number): number => Math.min(MOST_MS, FIRST_MS * 2 ** (Math.max(1, failures) - 1));

/** What failed, and when it is tried again. */
export interface Again<T> {
  /** Returns the wait until it is due, real ms. */
  failed(one: T): number;
  /** It was worked out, or is wanted no longer. */
  over(one: T): void;
  /** Those whose time has come: each is told once. */
  due(): T[];
}

export function createAgain<T>(clock: Pick<Clock, 'monotonic' | 'speed'>): Again<T> {
  /** `dueAt` on the monotonic clock; null: it is being tried again. */
  const failures = new Map<T, { readonly times: number; dueAt: number | null }>();
  return {
    failed(one) {
      const times = (failures.get(one)?.times ?? 0) + 1;
      const wait = againAfter(times);
      failures.set(one, { times, dueAt: clock.monotonic() + wait * clock.speed });
      return wait;
    },
    over: (one) => void failures.delete(one),
    due() {
      if (failures.size === 0) return [];
      const now = clock.monotonic();
      return [...failures].flatMap(([one, failure]) => {
        if (failure.dueAt === null || failure.dueAt > now) return [];
        failure.dueAt = null;
        return [one];
      });
    },
  };
}
