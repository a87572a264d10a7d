import type { AlertEvidence, AlertQuestion } from '#bridge/alert.ts';
import type { CallInput, CallOutput, WatchRow } from '#bridge/contract.ts';
import type { Divergence, ThresholdRecord } from '#bridge/series.ts';
import type { InstrumentId } from '#domain/instrument.ts';

/** What is asked for of one moment, now or one of the past: the same walks over the history as of then. */
export interface Answers {
  /** Closes after `from`; null: all. */
  divergence(id: InstrumentId, from: number | null): Promise<Divergence>;
  record(id: InstrumentId): Promise<ThresholdRecord>;
  series(question: CallInput<'metrics.series'>): Promise<CallOutput<'metrics.series'>>;
  explain(question: CallInput<'metrics.explain'>): Promise<CallOutput<'metrics.explain'>>;
  evidence(question: AlertQuestion): Promise<AlertEvidence>;
  rows(): Promise<WatchRow[]>;
}
