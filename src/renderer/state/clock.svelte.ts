import type { AppInfo } from '#bridge/contract.ts';

const TICK_MS = 500;

/** The app's clock as the page knows it: it runs at the app's speed from the last answer of the app. */
export class AppClock {
  #base = 0;
  #at = 0;
  #speed = 1;
  #ready = false;
  #ticked = $state(Math.floor(Date.now() / 1000) * 1000);
  /** Where the window stands in the past; null: now. */
  standsAt = $state<number | null>(null);

  /** The time that is shown, in whole seconds, epoch ms: now it changes once a second, or twice where the app's time runs faster. */
  get now(): number {
    return this.standsAt ?? this.#ticked;
  }

  sync(info: Pick<AppInfo, 'now' | 'speed'>): void {
    const expected = this.#running();
    this.#speed = info.speed;
    this.#at = performance.now();
    // Small differences are the answer's own way to us; a jump backwards would make ages flicker.
    const drift = info.now - expected;
    this.#base = this.#ready && Math.abs(drift) < 2000 * info.speed ? expected + drift * 0.2 : info.now;
    this.#ready = true;
    this.tick();
  }

  /** The precise time that is shown. */
  read(): number {
    return this.standsAt ?? this.#running();
  }

  #running(): number {
    return this.#base + (performance.now() - this.#at) * this.#speed;
  }

  get speed(): number {
    return this.#speed;
  }

  tick(): void {
    if (this.#ready) this.#ticked = Math.floor(this.#running() / 1000) * 1000;
  }

  /** Starts ticking; returns the stop. */
  start(): () => void {
    const timer = setInterval(() => this.tick(), TICK_MS);
    return () => clearInterval(timer);
  }
}
