/** What stops work in flight; an AbortSignal satisfies it. */
export interface Cancellation {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A cancellation that core makes itself; an AbortController satisfies it. */
export interface Canceller {
  readonly signal: Cancellation;
  abort(): void;
}

export type Cancel = () => void;

/** Time. In the demo it runs faster; nothing in domain or core reads any other clock. */
export interface Clock {
  /** Wall time, UTC epoch ms. */
  now(): number;
  /** Monotonic ms; counts at the clock's speed and does not jump when the wall clock is set. */
  monotonic(): number;
  /** Clock milliseconds per real millisecond: 1 live, `--demo-speed` in the demo. */
  readonly speed: number;
  /** Runs `fn` once after `delayMs` of this clock. */
  after(delayMs: number, fn: () => void): Cancel;
}
