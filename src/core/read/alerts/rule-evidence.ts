import type { AlertEvidence, AlertQuestion } from '#bridge/alert.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { quantileOfSorted } from '#domain/quantile.ts';
import { fromHistory } from '../../from-history.ts';
import type { SharedThread, Slice } from '../../shared-thread.ts';
import { resolveChoice } from '../metrics/metric-choice.ts';
import type { MetricSource } from '../metrics/metric-source.ts';
import { conditionsOf, newRuleLine, type RuleLine } from './rule-line.ts';

/** Newest entries that are named. */
const LAST = 5;

export interface EvidenceOptions {
  readonly source: MetricSource;
  readonly thread: SharedThread;
  readonly closedTo: (id: InstrumentId) => number;
}

/** How a rule would have done over the whole stored history of its instrument. */
export const createEvidence =
  ({ source, thread, closedTo }: EvidenceOptions) =>
  async ({ instrument: id, list, conditions, k }: AlertQuestion): Promise<AlertEvidence> => {
    for (const { choice } of conditions) resolveChoice(choice);
    const on = { instrument: id, among: list };
    return fromHistory(measureRule(newRuleLine({ source, closedTo }, id, conditionsOf({ conditions }) ?? [], { k, on }), thread.slice()));
  };

async function measureRule(ruleLine: RuleLine, slice: Slice): Promise<AlertEvidence> {
  const columns: number[][] = ruleLine.values.map(() => []);
  let periods = 0;
  let from: number | null = null;
  let to: number | null = null;
  const { entries, notes } = await ruleLine.advance(slice, (at, values) => {
    for (const [i, value] of values.entries()) if (!Number.isNaN(value)) columns[i]?.push(value);
    if (values.some(Number.isNaN)) return;
    periods++;
    from ??= at;
    to = at;
  });
  return {
    notes: [...notes],
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
