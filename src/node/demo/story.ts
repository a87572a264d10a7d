import { keyOf, smoothstep, unit } from './noise.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** AI tokens take turns: in each slot a crowding episode starts on the next one of a shuffled round. */
interface Track {
  readonly assets: readonly string[];
  readonly slotMs: number;
  /** Smallest peak of an episode, in 8 h premium; the largest is 2.5 times that. */
  readonly peak: number;
}

const TRACKS: readonly Track[] = [
  // The smallest, with the largest crowds: one of them is nearly always on the move.
  { assets: ['VIRTUAL', 'AIXBT', 'KAITO', 'ARKM', 'IO'], slotMs: 4 * HOUR, peak: 0.005 },
  { assets: ['FET', 'TAO', 'RENDER', 'NEAR', 'WLD', 'GRT'], slotMs: 8 * HOUR, peak: 0.0028 },
];

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
  readonly #episodes = new Map<string, Episode>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Crowding of an asset by its episodes at `t`, in 8 h premium. */
  push(asset: string, t: number): number {
    if (asset === 'INJ') {
      const cycle = Math.floor(t / (5 * DAY));
      return heightOf(this.#injEpisode(cycle), t) + heightOf(this.#injEpisode(cycle - 1), t);
    }
    const track = TRACKS.find(({ assets }) => assets.includes(asset));
    if (!track) return 0;
    const round = Math.floor(t / (track.slotMs * track.assets.length));
    return heightOf(this.#episode(track, round, asset), t) + heightOf(this.#episode(track, round - 1, asset), t);
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

  /** The one episode of an asset in a round of its track. */
  #episode(track: Track, round: number, asset: string): Episode {
    const id = `${asset}/${round}`;
    const known = this.#episodes.get(id);
    if (known) return known;
    const key = keyOf(this.#seed, 'round', round);
    const place = (name: string) => keyOf(key, name);
    const turn = [...track.assets].sort((a, b) => place(a) - place(b)).indexOf(asset);
    const at = (n: number) => unit(keyOf(key, asset, 'episode'), n);
    const episode: Episode = {
      start: (round * track.assets.length + turn + 0.5 * at(2)) * track.slotMs,
      riseMs: (1.5 + 3 * at(3)) * HOUR,
      holdMs: (3 + 5 * at(4)) * HOUR,
      fallMs: (3 + 5 * at(5)) * HOUR,
      peak: track.peak * (1 + 1.5 * at(0)) * (at(1) < 0.55 ? 1 : -1),
    };
    this.#episodes.set(id, episode);
    return episode;
  }
}
