import type { Clock } from '../ports/clock.ts';

const JUMP_MS = 30_000;

/** Notices that the machine slept or its clock was set; looked at on every tick. */
export interface SleepWatch {
  /** Clock ms that passed without us (negative: the clock was set back) since the tick before; null when nothing happened. */
  check(): number | null;
}

/**
 * Some systems count sleep in the monotonic clock and some do not: asleep is where the wall ran ahead of it, or where
 * both ran ahead of the tick. `tickMs` is the time between two ticks by the clock.
 */
export function createSleepWatch(clock: Clock, tickMs: number): SleepWatch {
  const limitMs = JUMP_MS * clock.speed;
  let wall = clock.now();
  let mono = clock.monotonic();
  return {
    check() {
      const wallMs = clock.now() - wall;
      const monoMs = clock.monotonic() - mono;
      wall += wallMs;
      mono += monoMs;
      if (Math.abs(wallMs - monoMs) > limitMs) return wallMs - tickMs;
      return monoMs - tickMs > limitMs ? monoMs - tickMs : null;
    },
  };
}
