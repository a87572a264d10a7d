import type { Clock } from './ports/clock.ts';

/** Real milliseconds of maths at a stretch; the thread also paints, polls and answers. */
const SLICE_MS = 4;

/** One piece of long work that shares the thread. */
export interface Slice {
  /** The stretch is used up: `await pause()` before going on. */
  over(): boolean;
  pause(): Promise<void>;
}

export interface SharedThread {
  /** For one piece of work; pauses of several pieces queue up, so that never two stretches follow each other. */
  slice(): Slice;
}

/** `nextTurn` resolves once everything else that waits for the thread has had its go. */
export function createSharedThread(clock: Clock, nextTurn: () => Promise<void>): SharedThread {
  let last: Promise<void> = Promise.resolve();
  return {
    slice() {
      let startedAt = clock.monotonic();
      return {
        over: () => clock.monotonic() - startedAt > SLICE_MS * clock.speed,
        async pause() {
          last = last.then(nextTurn);
          await last;
          startedAt = clock.monotonic();
        },
      };
    },
  };
}
