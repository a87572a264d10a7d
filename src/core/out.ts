import type { Moment } from '#bridge/as-of.ts';
import type { CallInput, CallOutput } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import { markdownOf } from '#bridge/evidence-markdown.ts';
import type { PutOut, TableFormat } from '#bridge/out.ts';
import { coinOf, type Instrument, moneyOf } from '#domain/instrument.ts';
import { fromHistory } from './from-history.ts';
import type { FilesOut, OutFile } from './ports/files-out.ts';
import type { HistoryStore } from './ports/history.ts';
import type { TableBytes } from './ports/table-bytes.ts';
import { alignedTable } from './read/export/aligned-table.ts';
import { thenOf } from './read/then.ts';
import { hourTable, pollTable, priceTable, type SeriesTable, settledTable } from './read/export/series-table.ts';

const TYPES: Record<TableFormat | 'png' | 'svg' | 'json' | 'md', string> = {
  json: 'application/json',
  md: 'text/markdown;charset=utf-8',
  csv: 'text/csv;charset=utf-8',
  jsonl: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  png: 'image/png',
  svg: 'image/svg+xml',
};

export interface OutOptions {
  readonly store: Pick<HistoryStore, 'settled' | 'prices' | 'hours' | 'snapshots'>;
  readonly files: FilesOut;
  readonly tableBytes: TableBytes;
  readonly instrument: (id: string) => Instrument;
  readonly series: (question: CallInput<'metrics.series'>) => Promise<CallOutput<'metrics.series'>>;
}

/** Everything that leaves the app as a file: rows as stored, metrics on one axis, tables and charts of the screen, studies. */
export interface Out {
  stored(input: CallInput<'out.stored'>): Promise<PutOut>;
  series(input: CallInput<'out.series'>): Promise<PutOut>;
  table(input: CallInput<'out.table'>): Promise<PutOut>;
  picture(input: CallInput<'out.picture'>): Promise<PutOut>;
  study(input: CallInput<'out.study'>): Promise<PutOut>;
  put(file: OutFile): Promise<PutOut>;
}

export function createOut({ store, files, tableBytes, instrument, series }: OutOptions): Out {
  async function put(file: OutFile): Promise<PutOut> {
    const out = await files.put(file);
    return out.kind === 'download'
      ? {
          kind: 'download',
          name: file.name,
          type: file.type,
          content: typeof file.content === 'string' ? file.content : new Uint8Array(file.content),
        }
      : out;
  }
  async function putTable(table: SeriesTable, format: TableFormat, name: string, about: Readonly<Record<string, string>>): Promise<PutOut> {
    if ((table[0]?.values.length ?? 0) === 0)
      throw new UserError('not-found', 'There is no row to export there. Choose a longer range, or wait until the history is fetched.');
    return put({ name: `${safeName(name)}.${format}`, type: TYPES[format], content: await tableBytes(table, format, about) });
  }

  return {
    put,
    async stored({ instrument: id, kind, format, from, to, asOf = null }) {
      const known = instrument(id);
      const units = { money: moneyOf(known), coin: coinOf(known) };
      const then = asOf === null ? { at: Number.MAX_SAFE_INTEGER, known: null } : thenOf(asOf);
      const asked = [id, from ?? -1, Math.min(to ?? then.at, then.at), then.known] as const;
      const table = await fromHistory(
        kind === 'settled'
          ? store.settled(...asked).then((rows) => settledTable(rows, units))
          : kind === 'prices'
            ? store.prices(...asked).then((rows) => priceTable(rows, units))
            : kind === 'hours'
              ? store.hours(...asked).then((rows) => hourTable(rows, units))
              : store.snapshots(...asked).then((rows) => pollTable(rows, units)),
      );
      return putTable(table, format, `${id} ${kind}`, { instrument: id, kind, ...asOfWords(asOf) });
    },
    async series({ series: asked, format, name, from, to, asOf = null }) {
      const found = [];
      for (const one of asked) found.push({ ...one, series: await series({ ...one, from, asOf }) });
      return putTable(alignedTable(found, from, to), format, name, { series: JSON.stringify(asked), ...asOfWords(asOf) });
    },
    table({ name, columns, format }) {
      const rows = columns[0]?.values.length ?? 0;
      if (columns.some(({ values }) => values.length !== rows))
        throw new UserError('bad-input', 'The columns of this table are not equally long: reload the window and try again.');
      const table = columns.map((column) => (column.type === 'text' ? column : { ...column, values: Float64Array.from(column.values) }));
      return putTable(table, format, name, { table: name });
    },
    study({ name, report, format }) {
      const content = format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : markdownOf(report, name);
      return put({ name: `${safeName(name)}.${format}`, type: TYPES[format], content });
    },
    picture: ({ name, type, bytes }) => put({ name: `${safeName(name)}.${type}`, type: TYPES[type], content: bytes }),
  };
}

/** Of which moment a file is; nothing: of now. */
function asOfWords(moment: Moment | null): Record<string, string> {
  if (moment === null) return {};
  const { at, known } = thenOf(moment);
  return { asOf: new Date(at).toISOString(), counted: known === null ? 'venue time' : 'as recorded' };
}

/** A name that every file system takes. */
const safeName = (name: string): string =>
  name
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[.-]+|[.-]+$/gu, '')
    .slice(0, 80) || 'perpscope';
