/**
 * Deterministic noise: each value is a pure function of (key, time), so any moment of the demo market can be computed
 * on its own, in any order, and is the same after every restart.
 */

const mix = (value: number): number => {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** 32-bit key of a named stream of noise. */
export function keyOf(...parts: readonly (string | number)[]): number {
  let h = 0x811c9dc5;
  for (const char of parts.join('/')) h = Math.imul(h ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return mix(h);
}

/** Keys are mixed already, so one more round spreads neighbouring indices. */
const hash = (key: number, index: number): number => mix(key ^ Math.imul(index, 0x9e3779b1));

/** Uniform in [0, 1). */
export const unit = (key: number, index: number): number => hash(key, index) / 0x1_0000_0000;

/** Bell-shaped with mean 0 and sd 1, never beyond 2.45 (two uniforms added). */
function bell(key: number, index: number): number {
  const h = hash(key, index);
  return ((h & 0xffff) / 0xffff + (h >>> 16) / 0xffff - 1) * Math.sqrt(6);
}

const ease = (x: number): number => x * x * (3 - 2 * x);

/** Smooth step from 0 to 1 over x in [0, 1]. */
export const smoothstep = (x: number): number => ease(Math.min(1, Math.max(0, x)));

/** A smooth mean-reverting wave that forgets itself in about `periodMs`; mean 0, sd 0.86, within 2.45. */
export function wave(key: number, t: number, periodMs: number): number {
  const x = t / periodMs + (key >>> 8) / 0x1_00_0000;
  const i = Math.floor(x);
  const from = bell(key, i);
  return from + (bell(key, i + 1) - from) * ease(x - i);
}

const OCTAVES = 17;
const SHORTEST_MS = 60_000;
/** Makes the sd of one day's change 1; measured, and held by a test. */
const DAILY = 0.0115;

/** A function of time that looks like a random walk from one minute to six weeks; its daily changes have an sd of 1. */
export function createWalk(key: number): (t: number) => number {
  const octaves = Array.from({ length: OCTAVES }, (_, i) => ({
    key: keyOf(key, i),
    periodMs: SHORTEST_MS * 2 ** i,
    size: DAILY * 2 ** (i / 2),
  }));
  // Index, mark and last of one moment, and all assets of one poll, ask for the same time.
  let askedAt = NaN;
  let sum = 0;
  return (t) => {
    if (t === askedAt) return sum;
    askedAt = t;
    sum = 0;
    for (const octave of octaves) sum += octave.size * wave(octave.key, t, octave.periodMs);
    return sum;
  };
}
