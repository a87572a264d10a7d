import type { MatrixRow } from '#bridge/contract.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Reporter } from '../../reporter.ts';
import { matrixOf } from './matrix.ts';
import { type ColumnOptions, createMetricColumns, type MetricColumns } from './metric-columns.ts';
import type { MetricSource, SourceOptions } from './metric-source.ts';
import { createMetricAnswers, type MetricAnswers } from './metrics.ts';
import type { SharedThread } from '../../shared-thread.ts';

export interface MetricServiceOptions extends Pick<SourceOptions, 'clock' | 'listings' | 'instrument'> {
  readonly source: MetricSource;
  readonly reporter: Reporter;
  readonly thread: SharedThread;
  /** The columns that open windows show. */
  readonly shown: ColumnOptions['shown'];
  /** D of now of a followed instrument. */
  readonly d: (id: InstrumentId) => number | null;
  readonly onCells: (ids: Iterable<InstrumentId>) => void;
}

/** Everything of metrics that the app holds: the columns that windows show, what is asked for, the matrix. */
export interface MetricService extends MetricAnswers {
  readonly columns: MetricColumns;
  /** Of the assets of these instruments, or of every asset that two venues list; widest spread first. */
  readonly matrix: (list: readonly InstrumentId[] | null) => MatrixRow[];
}

export function createMetricService(options: MetricServiceOptions): MetricService {
  const { clock, listings, source, shown, instrument, reporter, thread, onCells } = options;
  return {
    ...createMetricAnswers(thread, source),
    columns: createMetricColumns({ clock, thread, reporter, source, shown, onCells }),
    matrix: (list) => matrixOf({ listings, source, instrument, d: options.d, now: () => clock.now() }, list),
  };
}
