import type { Divergence } from '#bridge/series.ts';
import { HOUR_MS } from '#domain/time.ts';
import { at, decimateLine } from './decimate.ts';
import { type Line, settledSteps } from './divergence-model.ts';
import type { View } from './view.ts';

/** An instrument whose funding is drawn over the chart's own; rates per hour. */
export interface ComparedLines {
  readonly settled: Line;
  /** The chart's own rate less this one's, at closes at which both are known. */
  readonly spread: Line;
}

/** Both have contiguous hour closes, so a close of one is a number of hours into the other. */
export function spreadOf(own: Pick<Divergence, 'time' | 'f'>, other: Pick<Divergence, 'time' | 'f'>): Line {
  const start = at(other.time, 0);
  const value = own.time.map((t, i) => at(own.f, i) - at(other.f, Math.round((t - start) / HOUR_MS)));
  return { time: own.time, value };
}

export const comparedLinesOf = (own: Divergence, other: Divergence, until: number): ComparedLines => ({
  settled: settledSteps(other, until),
  spread: spreadOf(own, other),
});

export interface ComparedModel {
  readonly settled: Float64Array;
  readonly spread: Float64Array | null;
}

export function comparedModelOf(lines: ComparedLines, view: View, columns: number, factor: number, spread: boolean): ComparedModel {
  const line = ({ time, value }: Line): Float64Array => {
    const points = decimateLine(time, value, view.from, view.to, columns);
    for (let i = 1; i < points.length; i += 2) points[i] = at(points, i) * factor;
    return points;
  };
  return { settled: line(lines.settled), spread: spread ? line(lines.spread) : null };
}
