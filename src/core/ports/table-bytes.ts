import type { TableFormat } from '#bridge/out.ts';
import type { SeriesTable } from '../read/export/series-table.ts';

/** Makes files of tables, off the thread that serves. `about` goes into a Parquet file's metadata. */
export type TableBytes = (table: SeriesTable, format: TableFormat, about: Readonly<Record<string, string>>) => Promise<Uint8Array>;
