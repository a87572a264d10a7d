import type { Cancel, Clock } from '../ports/clock.ts';

/** One waiter's wait, which others can cut short. */
export interface Alarm {
  /** Resolves after `ms` of the clock (Infinity: only when rung), or when rung. A ring before the wait counts for it. */
  wait(ms: number): Promise<void>;
  /** Ends the wait (the running one, else the next one) `afterMs` from now at the latest or the earliest: now replaces then. */
  ring(afterMs?: number): void;
}

export function createAlarm(clock: Clock): Alarm {
  let timer: Cancel | null = null;
  let wake: (() => void) | null = null;
  let rungFor: number | null = null;

  function arm(ms: number): void {
    timer?.();
    timer = Number.isFinite(ms) ? clock.after(Math.max(0, ms), end) : null;
  }
  function end(): void {
    timer?.();
    timer = null;
    rungFor = null;
    const resolve = wake;
    wake = null;
    resolve?.();
  }
  return {
    async wait(ms) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        arm(rungFor === null ? ms : rungFor - clock.monotonic());
      });
    },
    ring(afterMs = 0) {
      rungFor = clock.monotonic() + afterMs;
      if (wake) arm(afterMs);
    },
  };
}
