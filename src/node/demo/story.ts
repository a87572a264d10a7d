import { STORY_ASSETS } from './assets.ts';
import { keyOf, smoothstep, unit } from './noise.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A new crowding episode starts in each slot, on the next AI token of a shuffled round. */
const SLOT = 4 * HOUR;
const ROUND = SLOT * STORY_ASSETS.length;

/** A crowd that gathers, stays and leaves: `peak` is signed, in 8 h premium. */
export interface Episode {
  readonly start: number;
  readonly riseMs: number;
  readonly holdMs: number;
  readonly fallMs: number;
  readonly peak: number;
}

export type OutagePhase = 'page' | 'reset' | 'silent';
export interface Outage {
  readonly from: number;
  readonly to: number;
  readonly phase: OutagePhase;
}

/** Height of an episode at `t`, 0 to its peak. */
export function heightOf(episode: Episode, t: number): number {
  const age = t - episode.start;
  if (age <= 0) return 0;
  const left = age - episode.riseMs - episode.holdMs;
  return episode.peak * smoothstep(age / episode.riseMs) * (left > 0 ? Math.exp(-left / episode.fallMs) : 1);
}

/** What happens when, by absolute time and seed alone, so that a restart continues the same story. */
export class Story {
  readonly #seed: number;
  readonly #rounds = new Map<number, Map<string, Episode>>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Crowding of an asset by its episodes at `t`, in 8 h premium. */
  push(asset: string, t: number): number {
    if (asset === 'INJ') {
      const cycle = Math.floor(t / (5 * DAY));
      return heightOf(this.#injEpisode(cycle), t) + heightOf(this.#injEpisode(cycle - 1), t);
    }
    const round = Math.floor(t / ROUND);
    const now = this.#round(round).get(asset);
    const before = this.#round(round - 1).get(asset);
    return (now ? heightOf(now, t) : 0) + (before ? heightOf(before, t) : 0);
  }

  /** Bybit INJUSDT: 8 h, but hourly while its shorts are crowded; changes fall on 8 h settlements. */
  bybitInjIntervalH(t: number): number {
    const { from, to } = this.#injHourly(Math.floor(t / (5 * DAY)));
    return t >= from && t < to ? 1 : 8;
  }

  /** Binance ARBUSDT: 8 h for four days, then 4 h for four days. */
  binanceArbIntervalH(t: number): number {
    const offset = Math.floor(unit(keyOf(this.#seed, 'arb'), 0) * 8);
    return (Math.floor(t / DAY) + offset) % 8 < 4 ? 8 : 4;
  }

  /** Bybit is away for two to three hours in every sixteen. */
  outage(t: number): Outage | null {
    const slot = Math.floor(t / (16 * HOUR));
    const key = keyOf(this.#seed, 'outage');
    const from = slot * 16 * HOUR + unit(key, 2 * slot) * HOUR;
    const length = (2 + unit(key, 2 * slot + 1)) * HOUR;
    const part = (t - from) / length;
    if (part < 0 || part >= 1) return null;
    return { from, to: from + length, phase: part < 0.4 ? 'page' : part < 0.7 ? 'reset' : 'silent' };
  }

  #injHourly(cycle: number): { from: number; to: number } {
    const key = keyOf(this.#seed, 'inj', cycle);
    const from = cycle * 5 * DAY + (3 + Math.floor(unit(key, 0) * 6)) * 8 * HOUR;
    return { from, to: from + (2 + Math.floor(unit(key, 1) * 4)) * 8 * HOUR };
  }

  #injEpisode(cycle: number): Episode {
    const { from, to } = this.#injHourly(cycle);
    return { start: from - 9 * HOUR, riseMs: 10 * HOUR, holdMs: to - from - 8 * HOUR, fallMs: 4 * HOUR, peak: -0.009 };
  }

  #round(round: number): Map<string, Episode> {
    const known = this.#rounds.get(round);
    if (known) return known;
    const key = keyOf(this.#seed, 'round', round);
    const order = [...STORY_ASSETS].sort((a, b) => keyOf(key, a) - keyOf(key, b));
    const episodes = new Map(
      order.map((asset, i) => {
        const at = (n: number) => unit(key, i * 8 + n);
        const size = (0.0055 + 0.0085 * at(0)) * (at(1) < 0.58 ? 1 : -1);
        const start = round * ROUND + i * SLOT + at(2) * SLOT;
        const episode: Episode = {
          start,
          riseMs: (1.5 + 2.5 * at(3)) * HOUR,
          holdMs: (3 + 5 * at(4)) * HOUR,
          fallMs: (2 + 4 * at(5)) * HOUR,
          peak: size,
        };
        return [asset, episode];
      }),
    );
    this.#rounds.set(round, episodes);
    return episodes;
  }
}
