import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TableFormat } from '#bridge/out.ts';
import { headerOf, type SeriesTable, type TableColumn } from '#core/read/export/series-table.ts';

/** Rows that are made at a stretch. */
const CHUNK_ROWS = 4096;

/** What a spreadsheet would take for a formula begins with one of these; a number does too, and is none. */
const FORMULA = /^[=+\-@\t\r]/u;
const NUMBER = /^[+-]?\d{1,30}(?:\.\d{1,30})?(?:e[+-]?\d{1,3})?$/iu;
const QUOTED = /[",\r\n]/u;

/** A cell of text that no spreadsheet runs. */
export function csvText(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
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
    for (let row = from; row < Math.min(rows, from + CHUNK_ROWS); row++)
      text +=
        format === 'csv'
          ? `${table.map((column) => csvCell(column, row)).join(',')}\n`
          : `{${table.map((column, i) => `${names[i] ?? ''}:${jsonCell(column, row)}`).join(',')}}\n`;
    yield text;
  }
}

function csvCell(column: TableColumn, row: number): string {
  if (column.type === 'text') return csvText(column.values[row] ?? '');
  const value = column.values[row] ?? NaN;
  return !Number.isFinite(value) ? '' : column.type === 'time' ? new Date(value).toISOString() : String(value);
}
function jsonCell(column: TableColumn, row: number): string {
  if (column.type === 'text') return column.values[row] ? JSON.stringify(column.values[row]) : 'null';
  const value = column.values[row] ?? NaN;
  return !Number.isFinite(value) ? 'null' : column.type === 'time' ? `"${new Date(value).toISOString()}"` : String(value);
}

/** Parquet: times are timestamps in ms, numbers doubles, texts strings, what is not known is null; `about` goes into the file's metadata. */
async function parquetOf(table: SeriesTable, about: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = table.map((column) => {
    const head = { name: headerOf(column), nullable: true };
    if (column.type === 'text') return { ...head, type: 'STRING' as const, data: column.values.map((text) => (text === '' ? null : text)) };
    const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
    if (column.type === 'number') return { ...head, type: 'DOUBLE' as const, data: Array.from(column.values, known) };
    return {
      ...head,
      type: 'TIMESTAMP' as const,
      data: Array.from(column.values, (value) => (Number.isFinite(value) ? new Date(value) : null)),
    };
  });
  const columns = table.map(({ name, unit, origin }) => ({ name, unit, origin }));
  const kvMetadata = Object.entries({ ...about, columns: JSON.stringify(columns) }).map(([key, value]) => ({ key, value }));
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, createdBy: 'perpscope' }));
}

/** The whole file in memory. */
export async function tableBytes(table: SeriesTable, format: TableFormat, about: Readonly<Record<string, string>>): Promise<Uint8Array> {
  if (format === 'parquet') return parquetOf(table, about);
  const encoder = new TextEncoder();
  const parts = [...tableText(table, format)].map((text) => encoder.encode(text));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
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
