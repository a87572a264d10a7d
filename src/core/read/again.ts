import type { Clock } from '../ports/clock.ts';

/** What could not be worked out is tried again after this (real ms). */
export const AGAIN_MS = 5_000;

/** What failed, and when it is tried again. */
export interface Again<T> {
  failed(one: T): void;
  /** It was worked out, or is wanted no longer. */
  over(one: T): void;
  /** Those whose time has come: each is told once. */
  due(): T[];
}

export function createAgain<T>(clock: Pick<Clock, 'monotonic' | 'speed'>): Again<T> {
  const since = new Map<T, number>();
  return {
    failed: (one) => void since.set(one, clock.monotonic()),
    over: (one) => void since.delete(one),
    due() {
      if (since.size === 0) return [];
      const until = clock.monotonic() - AGAIN_MS * clock.speed;
      const found = [...since].filter(([, at]) => at <= until).map(([one]) => one);
      for (const one of found) since.delete(one);
      return found;
    },
  };
}
