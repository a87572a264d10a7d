import type { AlertEvidence } from '#bridge/alert.ts';
import { quantileOfSorted } from '#domain/quantile.ts';
import type { RuleLine } from './rule-line.ts';
import type { Slice } from '../../shared-thread.ts';

/** Newest entries that are named. */
const LAST = 5;

/** How a rule did over the whole stored history of its instrument. */
export async function measureRule(ruleLine: RuleLine, slice: Slice): Promise<AlertEvidence> {
  const columns: number[][] = ruleLine.values.map(() => []);
  let periods = 0;
  let from: number | null = null;
  let to: number | null = null;
  const { entries } = await ruleLine.advance(slice, (at, values) => {
    for (const [i, value] of values.entries()) if (!Number.isNaN(value)) columns[i]?.push(value);
    if (values.some(Number.isNaN)) return;
    periods++;
    from ??= at;
    to = at;
  });
  return {
    fired: entries.length,
    last: entries
      .slice(-LAST)
      .map(({ at }) => at)
      .reverse(),
    period: ruleLine.period,
    periods,
    from,
    to,
    conditions: ruleLine.values.map(({ value, why }, i) => {
      const sorted = Float64Array.from(columns[i] ?? []).sort();
      return {
        of: quantilesOf(sorted),
        ofSize: quantilesOf(sorted.map(Math.abs).sort()),
        least: sorted[0] ?? null,
        most: sorted.at(-1) ?? null,
        now: value,
        why,
      };
    }),
  };
}

type Quantiles = NonNullable<AlertEvidence['conditions'][number]['of']>;

function quantilesOf(sorted: Float64Array): Quantiles | null {
  const at = (p: number): number => quantileOfSorted(sorted, p) ?? NaN;
  return sorted.length === 0 ? null : { p1: at(0.01), p5: at(0.05), p95: at(0.95), p99: at(0.99) };
}
