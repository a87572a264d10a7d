import type { CallInput, MatrixRow } from '#bridge/contract.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Reporter } from '../../reporter.ts';
import { gridOf, matrixOf } from './matrix.ts';
import { type ColumnOptions, createMetricColumns, type MetricColumns } from './metric-columns.ts';
import type { MetricSource, SourceOptions } from './metric-source.ts';
import { createMetricAnswers, type MetricAnswers } from './metrics.ts';
import { KeptRanges } from './rate-ranges.ts';
import type { SharedThread } from '../../shared-thread.ts';

export interface MetricServiceOptions extends Pick<SourceOptions, 'clock' | 'listings' | 'instrument' | 'book'> {
  readonly source: MetricSource;
  readonly ranges: ConstructorParameters<typeof KeptRanges>[0];
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
  readonly matrix: (list: readonly InstrumentId[] | null, question: CallInput<'metrics.matrix'>) => Promise<MatrixRow[]>;
}

export function createMetricService(options: MetricServiceOptions): MetricService {
  const { clock, listings, source, shown, instrument, reporter, thread, onCells } = options;
  const ranges = new KeptRanges(options.ranges);
  return {
    ...createMetricAnswers(thread, source),
    columns: createMetricColumns({ clock, thread, reporter, source, shown, onCells }),
    async matrix(list, { least = null, size = null, hours = null }) {
      const grid = gridOf({ listings, source, instrument }, list);
      const known = hours === null ? null : await ranges.read([...grid.values()].flat(), hours, clock.now());
      return matrixOf(
        grid,
        { least, size },
        {
          observation: source.moment(),
          d: options.d,
          now: () => clock.now(),
          book: options.book,
          range: (id) => known?.get(id) ?? null,
        },
      );
    },
  };
}
