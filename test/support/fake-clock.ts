import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '#core/ports/clock.ts';

interface Timer {
  readonly due: number;
  readonly fn: () => void;
}

/** Time that passes only when a test says so; promises settle between two timers. */
export class FakeClock implements Clock {
  readonly speed: number;
  #wall: number;
  #mono = 1000;
  /** By when they are due; of those due at one time the one first that was asked for first. */
  #timers: Timer[] = [];

  constructor(start: number, speed = 1) {
    this.#wall = start;
    this.speed = speed;
  }
  /** Whole milliseconds, as a wall clock gives them; timers may be due in between. */
  now(): number {
    return Math.floor(this.#wall);
  }
  monotonic(): number {
    return this.#mono;
  }
  after(delayMs: number, fn: () => void): () => void {
    const timer = { due: this.#mono + Math.max(0, delayMs), fn };
    this.#timers.splice(this.#timers.findLastIndex(({ due }) => due <= timer.due) + 1, 0, timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }
  get pending(): number {
    return this.#timers.length;
  }
  /** Runs every timer that is due on the way, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#mono + ms;
    await turn();
    for (;;) {
      const [next] = this.#timers;
      if (!next || next.due > end) break;
      this.#timers.shift();
      this.#pass(Math.max(0, next.due - this.#mono));
      next.fn();
      await turn();
    }
    this.#pass(end - this.#mono);
    await turn();
  }
  /** Advances to a wall time. */
  async until(wall: number): Promise<void> {
    await this.advance(Math.max(0, wall - this.#wall));
  }
  /** The machine sleeps: the wall goes on, timers and (on most systems) the monotonic clock stand still. */
  sleep(ms: number, countedByMonotonic = false): void {
    this.#wall += ms;
    if (!countedByMonotonic) return;
    this.#mono += ms;
    this.#timers = this.#timers.map(({ due, fn }) => ({ due: due + ms, fn }));
  }
  /** Somebody sets the wall clock. */
  setWall(ms: number): void {
    this.#wall += ms;
  }
  #pass(ms: number): void {
    this.#wall += ms;
    this.#mono += ms;
  }
}
