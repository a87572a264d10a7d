import { keyOf, smoothstep, unit } from './noise.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** AI tokens take turns: in each slot a crowding episode starts on the next one of a shuffled round. */
const SLOT = 3 * HOUR;
/** Smallest peak of each one's episodes, in 8 h premium; the largest is 2.5 times that. */
const PEAKS: ReadonlyMap<string, number> = new Map([
  ...['VIRTUAL', 'AIXBT', 'KAITO', 'ARKM', 'IO'].map((asset) => [asset, 0.005] as const),
  ...['FET', 'TAO', 'RENDER', 'NEAR', 'WLD', 'GRT'].map((asset) => [asset, 0.0036] as const),
]);
const ROUND = PEAKS.size * SLOT;
const INJ_CYCLE = 5 * DAY;

/** A crowd that gathers, stays and leaves (half of it in 0.6 `fallMs`, all in 3): `peak` is signed, in 8 h premium. */
interface Episode {
  readonly start: number;
  readonly riseMs: number;
  readonly holdMs: number;
  readonly fallMs: number;
  readonly peak: number;
}

export type OutagePhase = 'page' | 'reset' | 'silent';
interface Outage {
  readonly from: number;
  readonly to: number;
  readonly phase: OutagePhase;
}

/** Height of an episode at `t`, 0 to its peak. */
function heightOf(episode: Episode, t: number): number {
  const age = t - episode.start;
  if (age <= 0) return 0;
  const leaving = Math.max(0, age - episode.riseMs - episode.holdMs) / (3 * episode.fallMs);
  return episode.peak * smoothstep(age / episode.riseMs) * Math.max(0, 1 - leaving) ** 3;
}

/** What happens when, by absolute time and seed alone, so that a restart continues the same story. */
export class Story {
  readonly #seed: number;
  /** The episodes that can be felt in the round last asked about: none lasts longer than a round. */
  readonly #felt = new Map<string, { round: number; episodes: Episode[] }>();
  /** INJ's hourly stretch in the cycle last asked about. */
  #inj = { cycle: NaN, from: NaN, to: NaN };

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Crowding of an asset by its episodes at `t`, in 8 h premium. */
  push(asset: string, t: number): number {
    const isInj = asset === 'INJ';
    if (!isInj && !PEAKS.has(asset)) return 0;
    const round = Math.floor(t / (isInj ? INJ_CYCLE : ROUND));
    let felt = this.#felt.get(asset);
    if (felt?.round !== round) {
      felt = { round, episodes: [round - 1, round].map((n) => (isInj ? this.#injEpisode(n) : this.#episode(n, asset))) };
      this.#felt.set(asset, felt);
    }
    let height = 0;
    for (const episode of felt.episodes) height += heightOf(episode, t);
    return height;
  }

  /** Of INJ where a venue shortens it: 8 h, but hourly while its shorts are crowded; changes fall on 8 h settlements. */
  crowdedIntervalH(t: number): number {
    const { from, to } = this.#injHourly(Math.floor(t / INJ_CYCLE));
    return t >= from && t < to ? 1 : 8;
  }

  /** Of ARB where a venue adjusts it: 8 h for four days, then 4 h for four days. */
  adjustedIntervalH(t: number): number {
    const offset = Math.floor(unit(keyOf(this.#seed, 'arb'), 0) * 8);
    return (Math.floor(t / DAY) + offset) % 8 < 4 ? 8 : 4;
  }

  /** One venue is away for two to three hours in every sixteen. */
  outage(t: number): Outage | null {
    const slot = Math.floor(t / (16 * HOUR));
    const key = keyOf(this.#seed, 'outage');
    const from = slot * 16 * HOUR + Math.floor(unit(key, 2 * slot) * HOUR);
    const length = Math.floor((2 + unit(key, 2 * slot + 1)) * HOUR);
    const part = (t - from) / length;
    if (part < 0 || part >= 1) return null;
    return { from, to: from + length, phase: part < 0.4 ? 'page' : part < 0.7 ? 'reset' : 'silent' };
  }

  #injHourly(cycle: number): { from: number; to: number } {
    if (this.#inj.cycle !== cycle) {
      const key = keyOf(this.#seed, 'inj', cycle);
      const from = cycle * INJ_CYCLE + (3 + Math.floor(unit(key, 0) * 6)) * 8 * HOUR;
      this.#inj = { cycle, from, to: from + (2 + Math.floor(unit(key, 1) * 4)) * 8 * HOUR };
    }
    return this.#inj;
  }

  #injEpisode(cycle: number): Episode {
    const { from, to } = this.#injHourly(cycle);
    return { start: from - 9 * HOUR, riseMs: 10 * HOUR, holdMs: to - from - 8 * HOUR, fallMs: 4 * HOUR, peak: -0.009 };
  }

  /** The one episode of an asset in a round. */
  #episode(round: number, asset: string): Episode {
    const key = keyOf(this.#seed, 'round', round);
    const place = (name: string) => keyOf(key, name);
    const turn = [...PEAKS.keys()].sort((a, b) => place(a) - place(b)).indexOf(asset);
    const at = (n: number) => unit(keyOf(key, asset, 'episode'), n);
    return {
      start: round * ROUND + (turn + 0.5 * at(0)) * SLOT,
      riseMs: (1.5 + 3 * at(1)) * HOUR,
      holdMs: (3 + 5 * at(2)) * HOUR,
      fallMs: (2.5 + 4 * at(3)) * HOUR,
      peak: (PEAKS.get(asset) ?? 0) * (1 + 1.5 * at(4)) * (at(5) < 0.55 ? 1 : -1),
    };
  }
}
