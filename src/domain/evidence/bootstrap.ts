import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { quantileOfSorted } from '../quantile.ts';
import { HOUR_MS } from '../time.ts';

/** Said in every answer: the same seed and generator give the same draws. */
export const GENERATOR = 'xoroshiro128plus (pure-rand 8)';

/** A value in [0, 1) of 32 bits. */
export type Random = () => number;

/** Streams of one seed that do not meet: each takes its own jump of 2^64 numbers. */
export function randomOf(seed: number, stream: number): Random {
  const generator: RandomGenerator & { jump(): void } = xoroshiro128plus(seed);
  for (let i = 0; i < stream; i++) generator.jump();
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** A result and when it was had (ms). */
export interface Outcome {
  readonly at: number;
  readonly value: number;
}

/** 95 % of where the mean may lie; `low` and `high` in the outcomes' unit. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Sd of the means of the draws. */
  readonly se: number;
  readonly draws: number;
  /** What was drawn whole. */
  readonly blocks: { readonly of: 'hours'; readonly meanLength: number } | { readonly of: 'weeks'; readonly count: number };
}

const LOW = 0.025;
const HIGH = 0.975;

/**
 * Stationary bootstrap (Politis and Romano 1994) of the outcomes on their hourly time line, which is closed to a ring: blocks begin
 * at any hour and last a geometric number of hours, so that outcomes that lie close together are drawn together. Studentised: the
 * blocks of a draw are its own clusters, by which its standard error is known; a draw's distance from the mean counts in those.
 */
export function stationaryInterval(outcomes: readonly Outcome[], leastBlockH: number, draws: number, random: Random): Interval | null {
  const times = outcomes.map(({ at }) => at);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const hours = Math.round((last - first) / HOUR_MS) + 1;
  if (outcomes.length < 2) return null;
  // The cube root of n is the usual order of a block; in hours, since outcomes lie unevenly.
  const meanLength = Math.min(hours, Math.max(leastBlockH, Math.ceil((hours / outcomes.length) * Math.cbrt(outcomes.length))));
  const counts = new Float64Array(2 * hours + 1);
  const sums = new Float64Array(2 * hours + 1);
  const mean = meanOf(outcomes);
  for (const { at, value } of outcomes) {
    const h = Math.round((at - first) / HOUR_MS);
    for (const place of [h, h + hours]) {
      counts[place + 1]!++;
      // From the mean, so that long sums keep their digits.
      sums[place + 1]! += value - mean;
    }
  }
  for (let h = 1; h < counts.length; h++) {
    counts[h]! += counts[h - 1]!;
    sums[h]! += sums[h - 1]!;
  }
  const stay = Math.log(1 - 1 / meanLength);
  return intervalOf(mean, draws, { of: 'hours', meanLength }, (draw) => {
    for (let drawn = 0; drawn < hours;) {
      const length = Math.min(hours - drawn, meanLength <= 1 ? 1 : 1 + Math.floor(Math.log(1 - random()) / stay));
      const start = Math.floor(random() * hours);
      draw(counts[start + length]! - counts[start]!, sums[start + length]! - sums[start]!);
      drawn += length;
    }
  });
}

const WEEK_MS = 7 * 24 * HOUR_MS;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY = 4 * 24 * HOUR_MS;
/** The calendar week (UTC, from Monday) of a time, counted from 1970. */
export const weekOf = (t: number): number => Math.floor((t - FIRST_MONDAY) / WEEK_MS);

/** How many outcomes each calendar week has, and the sum of their distances from the mean. */
function weeksOf(outcomes: readonly Outcome[], mean: number): { readonly count: number; readonly sum: number }[] {
  const weeks = new Map<number, { count: number; sum: number }>();
  for (const { at, value } of outcomes) {
    const week = weeks.get(weekOf(at)) ?? { count: 0, sum: 0 };
    week.count++;
    week.sum += value - mean;
    weeks.set(weekOf(at), week);
  }
  return [...weeks.values()];
}

/** Standard error of the mean with weeks as clusters; null below two weeks. */
export function weeklySe(outcomes: readonly Outcome[]): number | null {
  const weeks = weeksOf(outcomes, meanOf(outcomes));
  if (weeks.length < 2) return null;
  const squares = weeks.reduce((total, { sum }) => total + sum * sum, 0);
  return Math.sqrt(squares * (weeks.length / (weeks.length - 1))) / outcomes.length;
}

/** Bootstrap of calendar weeks drawn whole: outcomes of several instruments in one week are not independent of each other. */
export function weeklyInterval(outcomes: readonly Outcome[], draws: number, random: Random): Interval | null {
  const mean = meanOf(outcomes);
  const weeks = weeksOf(outcomes, mean);
  if (weeks.length < 2) return null;
  return intervalOf(mean, draws, { of: 'weeks', count: weeks.length }, (draw) => {
    for (let i = 0; i < weeks.length; i++) {
      const { count, sum } = weeks[Math.floor(random() * weeks.length)]!;
      draw(count, sum);
    }
  });
}

/** One draw hands its blocks to `take`: how many outcomes, and the sum of their distances from the mean. */
function intervalOf(
  mean: number,
  draws: number,
  blocks: Interval['blocks'],
  drawOnce: (take: (count: number, sum: number) => void) => void,
): Interval {
  const means: number[] = [];
  const scores: number[] = [];
  // Of one draw: blocks, outcomes, their sum, and the sums of squares that its standard error is made of.
  const of = { count: 0, sum: 0, sumSum: 0, sumCount: 0, countCount: 0, blocks: 0 };
  const take = (count: number, sum: number): void => {
    of.blocks++;
    of.count += count;
    of.sum += sum;
    of.sumSum += sum * sum;
    of.sumCount += sum * count;
    of.countCount += count * count;
  };
  for (let i = 0; i < draws; i++) {
    of.count = of.sum = of.sumSum = of.sumCount = of.countCount = of.blocks = 0;
    drawOnce(take);
    if (of.count === 0) continue;
    const moved = of.sum / of.count;
    means.push(moved);
    const squares = of.sumSum - 2 * moved * of.sumCount + moved * moved * of.countCount;
    const se = Math.sqrt(Math.max(0, squares) * (of.blocks / Math.max(1, of.blocks - 1))) / of.count;
    if (se > 0) scores.push(moved / se);
  }
  const se = sdOf(means);
  const sorted = Float64Array.from(scores).sort();
  // A draw on the far side of the mean says how far the mean may be on this one.
  const at = (p: number): number => mean - (quantileOfSorted(sorted, p) ?? 0) * se;
  return { low: at(HIGH), high: at(LOW), se, draws, blocks };
}

export const meanOf = (outcomes: readonly Pick<Outcome, 'value'>[]): number =>
  outcomes.reduce((sum, { value }) => sum + value, 0) / outcomes.length;

/** Sample sd; 0 below two values. */
export function sdOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
