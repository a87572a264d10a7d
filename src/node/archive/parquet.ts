import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import type { ArchivedColumn, ArchivedTable, ColumnType } from './tables.ts';

export type Value = number | string | Uint8Array | null;
/** In the order of the table's columns. */
export type Row = readonly Value[];

/** Rows of one instrument, ascending. */
export interface OfInstrument {
  readonly id: string;
  readonly rows: readonly Row[];
}

/** So many or more: an instrument's rows of a month lie in one group. */
const GROUP_ROWS = 8192;
/** In the file's metadata: JSON of [id, where its rows end], ascending. */
const ENDS = 'perpscope.instruments';

/** Columns as they stand in a file: the instrument's id, the table's own, those beside. */
const columnsIn = ({ columns, beside = [] }: ArchivedTable): ArchivedColumn[] => [
  ['instrument', 'text'],
  ...columns,
  ...beside.map(([name, type]): ArchivedColumn => [name, type]),
];
export const columnNames = (table: ArchivedTable): string[] => columnsIn(table).map(([name]) => name);

/** A month's rows as a file; `each` with the values of the columns beside at their end. Rows of a group at a time are in memory. */
export async function parquetOf(
  table: ArchivedTable,
  each: Iterable<OfInstrument>,
): Promise<{ readonly bytes: Uint8Array; readonly rows: number }> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
  const columns = columnsIn(table);
  const schema = schemaFromColumnData({
    columnData: columns.map(([name, type]) => ({ name, type: TYPES[type], nullable: true, data: [] })),
  });
  const writer = new ByteWriter();
  const file = new ParquetWriter({ writer, schema, createdBy: 'perpscope' });
  const ends: [string, number][] = [];
  let end = 0;
  let group: OfInstrument[] = [];
  const flush = (): void => {
    const columnData = columns.map(([name, type], at) => {
      const data: (Value | Date)[] = [];
      for (const { id, rows } of group) for (const row of rows) data.push(at === 0 ? id : stored(row[at - 1] ?? null, type));
      // A dictionary takes -0 for 0.
      const plain = type === 'number' && data.some((value) => Object.is(value, -0));
      return { name, data, ...(plain && { encoding: 'PLAIN' as const }) };
    });
    group = [];
    if ((columnData[0]?.data.length ?? 0) > 0) void file.write({ columnData, rowGroupSize: columnData[0]?.data.length ?? 0 });
  };
  for (const one of each) {
    group.push(one);
    ends.push([one.id, (end += one.rows.length)]);
    if (group.reduce((sum, { rows }) => sum + rows.length, 0) >= GROUP_ROWS) flush();
  }
  flush();
  file.kvMetadata = [
    { key: ENDS, value: JSON.stringify(ends) },
    { key: 'perpscope.table', value: table.table },
  ];
  void file.finish();
  return { bytes: new Uint8Array(writer.getBuffer()), rows: end };
}

const TYPES = { time: 'TIMESTAMP', number: 'DOUBLE', bytes: 'BYTE_ARRAY', text: 'STRING' } as const;
const stored = (value: Value, type: ColumnType): Value | Date => (type === 'time' && value !== null ? new Date(Number(value)) : value);

/** A file that is open: what its footer says. */
export interface OpenParquet {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  /** Rows [from, to) of each instrument. */
  readonly places: ReadonlyMap<string, readonly [from: number, to: number]>;
}

export async function openParquet(file: AsyncBuffer): Promise<OpenParquet> {
  const { parquetMetadataAsync } = await import('hyparquet');
  const metadata = await parquetMetadataAsync(file);
  const ends = JSON.parse(metadata.key_value_metadata?.find(({ key }) => key === ENDS)?.value ?? '[]') as readonly (readonly [
    string,
    number,
  ])[];
  return { file, metadata, places: new Map(ends.map(([id, end], i) => [id, [ends[i - 1]?.[1] ?? 0, end]])) };
}

/** The table's own columns of one instrument's rows. */
export async function readParquet({ file, metadata, places }: OpenParquet, { columns }: ArchivedTable, id: string): Promise<Row[]> {
  const place = places.get(id);
  if (place === undefined) return [];
  const { parquetRead } = await import('hyparquet');
  const names = columns.map(([name]) => name);
  let found: Row[] = [];
  await parquetRead({
    file,
    metadata,
    columns: names,
    rowStart: place[0],
    rowEnd: place[1],
    utf8: false,
    useOffsetIndex: true,
    parsers: { timestampFromMilliseconds: Number },
    onComplete: (rows) => (found = rows as Row[]),
  });
  return found;
}
