import type { AppInfo } from '#bridge/contract.ts';

/** Each hand is moved twice a second. */
const TICK_MS = 500;
/** They are moved in turn: of what tells the time on a page only a part is told anew at once. */
const HANDS = 4;

const handOf = (instrument: string): number => {
  let sum = 0;
  for (let i = 0; i < instrument.length; i++) sum += instrument.charCodeAt(i);
  return sum % HANDS;
};

/** The app's clock as the page knows it: it runs at the app's speed from the last answer of the app. */
export class AppClock {
  #base = 0;
  #at = 0;
  #speed = 1;
  #ready = false;
  readonly #hands = $state(Array.from({ length: HANDS }, () => Math.floor(Date.now() / 1000) * 1000));
  #next = 0;
  /** Where the window stands in the past; null: now. */
  standsAt = $state<number | null>(null);

  /** The time that is shown, in whole seconds, epoch ms: now it changes once a second, or twice where the app's time runs faster. */
  get now(): number {
    return this.standsAt ?? this.#hands[0] ?? 0;
  }

  /** The same as all that is told of an instrument goes by. */
  nowOf(instrument: string): number {
    return this.standsAt ?? this.#hands[handOf(instrument)] ?? 0;
  }

  sync(info: Pick<AppInfo, 'now' | 'speed'>): void {
    const expected = this.#running();
    this.#speed = info.speed;
    this.#at = performance.now();
    // Small differences are the answer's own way to us; a jump backwards would make ages flicker.
    const drift = info.now - expected;
    const isSmall = this.#ready && Math.abs(drift) < 2000 * info.speed;
    this.#base = isSmall ? expected + drift * 0.2 : info.now;
    this.#ready = true;
    if (!isSmall) this.tick();
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

  /** Moves all hands. */
  tick(): void {
    for (let hand = 0; hand < HANDS; hand++) this.#move(hand);
  }

  #move(hand: number): void {
    if (this.#ready) this.#hands[hand] = Math.floor(this.#running() / 1000) * 1000;
  }

  /** Starts ticking; returns the stop. */
  start(): () => void {
    const timer = setInterval(() => {
      if (this.#speed <= 1) this.#move(this.#next);
      // Where time runs faster, hands would stand seconds apart.
      else if (this.#next === 0) this.tick();
      this.#next = (this.#next + 1) % HANDS;
    }, TICK_MS / HANDS);
    return () => clearInterval(timer);
  }
}
