import type { CallInput, CallOutput, MatrixRow, WatchRow } from '#bridge/contract.ts';
import type { InstrumentTerms } from '#bridge/instrument.ts';
import type { Divergence } from '#bridge/series.ts';
import type { ForecastRecord } from '#domain/forecast-record.ts';
import type { InstrumentId } from '#domain/instrument.ts';

/** What is asked for of one moment, now or one of the past: the same walks over the history as of then. */
export interface Answers {
  /** Closes after `from`; null: all. */
  divergence(id: InstrumentId, from: number | null): Promise<Divergence>;
  series(question: CallInput<'metrics.series'>): Promise<CallOutput<'metrics.series'>>;
  explain(question: CallInput<'metrics.explain'>): Promise<CallOutput<'metrics.explain'>>;
  /** How well the settlements of an instrument were foretold. */
  record(id: InstrumentId): Promise<ForecastRecord>;
  /** What its rate is made with. */
  terms(id: InstrumentId): Promise<InstrumentTerms>;
  rows(): Promise<WatchRow[]>;
  /** Of any instrument, on a list or not. */
  row(id: InstrumentId): Promise<WatchRow>;
  /** Of a list (null: of every asset that two venues list); UserError where there is no such list. */
  matrix(question: CallInput<'metrics.matrix'>): Promise<MatrixRow[]>;
}
