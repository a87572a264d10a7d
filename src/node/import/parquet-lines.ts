import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { ImportError } from '#core/ports/import.ts';
import type { Stretch, TableLine } from './text-lines.ts';

const AT_A_STRETCH = 20_000;

/** Node has these three; the reader itself knows Snappy. */
const COMPRESSORS = {
  GZIP: (input: Uint8Array) => gunzipSync(input),
  ZSTD: (input: Uint8Array) => zstdDecompressSync(input),
  BROTLI: (input: Uint8Array) => brotliDecompressSync(input),
};

const cellOf = (value: unknown): string =>
  typeof value === 'string'
    ? value.trim()
    : value instanceof Date
      ? value.toISOString()
      : typeof value === 'number'
        ? Number.isFinite(value)
          ? String(value)
          : ''
        : typeof value === 'bigint'
          ? String(value)
          : '';

export interface ParquetFile {
  readonly names: readonly string[];
  lines(): AsyncGenerator<Stretch>;
}

/** A table of Parquet. Throws ImportError where it cannot be read. */
export async function openParquet(path: string): Promise<ParquetFile> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw unreadable(error);
  });
  const names = metadata.schema.slice(1).flatMap(({ name, num_children }) => (num_children === undefined ? [name] : []));
  const rows = Number(metadata.num_rows);
  return {
    names,
    async *lines() {
      for (let from = 0; from < rows; from += AT_A_STRETCH) {
        const to = Math.min(rows, from + AT_A_STRETCH);
        const objects = await parquetReadObjects({ file, metadata, rowStart: from, rowEnd: to, compressors: COMPRESSORS }).catch(
          (error: unknown) => {
            throw unreadable(error);
          },
        );
        const lines = objects.map((object, i): TableLine => ({ cells: names.map((name) => cellOf(object[name])), line: from + i + 1 }));
        yield { lines, broken: [], share: to / rows };
      }
    },
  };
}

const unreadable = (error: unknown): ImportError =>
  new ImportError(
    `This Parquet file cannot be read (${error instanceof Error ? error.message : String(error)}). Write it with Snappy, or save it as CSV.`,
  );
