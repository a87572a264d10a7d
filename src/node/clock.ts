import type { Clock } from '#core/ports/clock.ts';

/** setTimeout fires at once for anything longer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface ClockOptions {
  /** Clock milliseconds per real millisecond. */
  readonly speed: number;
  /** Epoch ms at which the clock starts; null follows the machine's wall clock (live). */
  readonly startAt: number | null;
  /** When that was, in nanoseconds of this machine's monotonic clock (every thread has the same one); absent: now. */
  readonly originNs?: bigint;
}

/** Live: the wall clock. Demo: `startAt` plus the monotonic time since, `speed` times as fast. */
export function createClock({ speed, startAt, originNs = process.hrtime.bigint() }: ClockOptions): Clock {
  if (!(speed > 0) || !Number.isFinite(speed)) throw new RangeError(`A clock's speed is a positive number, not ${speed}.`);
  const realMs = (): number => Number(process.hrtime.bigint() - originNs) / 1e6;
  return {
    speed,
    now: startAt === null ? () => Date.now() : () => Math.floor(startAt + realMs() * speed),
    monotonic: () => realMs() * speed,
    after(delayMs, fn) {
      if (Number.isNaN(delayMs)) throw new RangeError('A delay is a number of milliseconds, not NaN.');
      const dueMs = realMs() + Math.max(0, delayMs) / speed;
      let timer: NodeJS.Timeout;
      // Never early: setTimeout may fire a fraction of a millisecond before its time, which the demo's speed multiplies.
      const arm = (): void => {
        timer = setTimeout(
          () => {
            if (realMs() >= dueMs) fn();
            else arm();
          },
          Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(dueMs - realMs()))),
        );
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
