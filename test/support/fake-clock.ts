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
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
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
      const next = this.#timers.reduce<Timer | null>((best, timer) => (best && best.due <= timer.due ? best : timer), null);
      if (!next || next.due > end) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
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
