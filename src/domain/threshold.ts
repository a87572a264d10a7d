import { quantileOfSorted } from './quantile.ts';
import { KIND_RUNNING, type HourlySeries } from './series.ts';
import type { SignalEntry } from './signal.ts';

/** How a threshold did over stored closes. */
export interface ThresholdRecord {
  /** Entries into active; longFired had D < 0 (long bias), shortFired D > 0 (short bias). */
  readonly fired: number;
  readonly longFired: number;
  readonly shortFired: number;
  /** Hours that have a D, by the kind of their f, and the first and last of them. */
  readonly hours: number;
  readonly settledHours: number;
  readonly runningHours: number;
  readonly from: number | null;
  readonly to: number | null;
  /** Of |D| per hour; null where no hour has a D. */
  readonly p95: number | null;
  readonly p99: number | null;
  readonly maxAbsD: number | null;
}

/** Describes |D| of hour closes, and the entries that a walk over the same closes made. */
export function measureThreshold(
  { time, kind, d }: Pick<HourlySeries, 'time' | 'kind'> & { readonly d: Float64Array },
  entries: readonly Pick<SignalEntry, 'side'>[],
): ThresholdRecord {
  const sizes = new Float64Array(d.length);
  let hours = 0;
  let runningHours = 0;
  let from: number | null = null;
  let to: number | null = null;
  for (let i = 0; i < d.length; i++) {
    if (Number.isNaN(d[i]!)) continue;
    sizes[hours++] = Math.abs(d[i]!);
    if (kind[i] === KIND_RUNNING) runningHours++;
    from ??= time[i]!;
    to = time[i]!;
  }
  const sorted = sizes.subarray(0, hours).sort();
  const shortFired = entries.filter((entry) => entry.side > 0).length;
  return {
    fired: entries.length,
    longFired: entries.length - shortFired,
    shortFired,
    hours,
    settledHours: hours - runningHours,
    runningHours,
    from,
    to,
    p95: quantileOfSorted(sorted, 0.95),
    p99: quantileOfSorted(sorted, 0.99),
    maxAbsD: sorted[hours - 1] ?? null,
  };
}
