import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { headerOf, type SeriesTable } from '#core/read/export/series-table.ts';

export const FORMATS = ['csv', 'jsonl', 'parquet'] as const;
export type TableFormat = (typeof FORMATS)[number];

/** Rows that are made at a stretch. */
const CHUNK_ROWS = 4096;

/** What a spreadsheet would take for a formula begins with one of these. */
const FORMULA = /^[=+\-@\t\r]/u;
const QUOTED = /[",\r\n]/u;

/** A cell of text that no spreadsheet runs; numbers of ours are written as they are. */
export function csvText(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const rowsOf = (table: SeriesTable): number => table[0]?.values.length ?? 0;

/** The table as text, some thousand rows at a time. Times are ISO 8601 in UTC; what is not known is an empty cell or null. */
export function* tableText(table: SeriesTable, format: Exclude<TableFormat, 'parquet'>): Generator<string> {
  const rows = rowsOf(table);
  if (format === 'csv') yield `${table.map((column) => csvText(headerOf(column))).join(',')}\n`;
  const names = table.map((column) => JSON.stringify(headerOf(column)));
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    let text = '';
    for (let row = from; row < Math.min(rows, from + CHUNK_ROWS); row++) {
      const cells = table.map(({ type, values }) => cellOf(values[row] ?? NaN, type));
      text +=
        format === 'csv'
          ? `${cells.join(',')}\n`
          : `{${cells.map((cell, i) => `${names[i] ?? ''}:${cell === '' ? 'null' : table[i]?.type === 'time' ? `"${cell}"` : cell}`).join(',')}}\n`;
    }
    yield text;
  }
}

const cellOf = (value: number, type: 'time' | 'number'): string =>
  !Number.isFinite(value) ? '' : type === 'time' ? new Date(value).toISOString() : String(value);

/** Parquet: times are timestamps in ms, numbers doubles, what is not known is null; `about` goes into the file's metadata. */
async function parquetOf(table: SeriesTable, about: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = table.map((column) => ({
    name: headerOf(column),
    type: column.type === 'time' ? ('TIMESTAMP' as const) : ('DOUBLE' as const),
    nullable: true,
    data: Array.from(column.values, (value) => (!Number.isFinite(value) ? null : column.type === 'time' ? new Date(value) : value)),
  }));
  const columns = table.map(({ name, unit, origin }) => ({ name, unit, origin }));
  const kvMetadata = Object.entries({ ...about, columns: JSON.stringify(columns) }).map(([key, value]) => ({ key, value }));
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, createdBy: 'perpscope' }));
}

/** Writes the table beside its place and then into it, so that there is a whole file or none. */
export async function writeTable(
  file: string,
  format: TableFormat,
  table: SeriesTable,
  about: Readonly<Record<string, string>>,
): Promise<void> {
  const part = `${file}.${randomBytes(6).toString('hex')}.part`;
  const chunks = format === 'parquet' ? [await parquetOf(table, about)] : tableText(table, format);
  try {
    await pipeline(Readable.from(chunks), createWriteStream(part, { flags: 'wx' }));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
