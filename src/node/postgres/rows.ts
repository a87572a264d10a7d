export type Given = string | number | Uint8Array | null;

export const intoOf = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.map((name) => `"${name}"`).join(', ')})`;

/** One column of rows that lie behind each other, as PostgreSQL writes a list. */
export function arrayOf(values: readonly Given[], column: number, width: number): string {
  const fields: string[] = [];
  for (let at = column; at < values.length; at += width) fields.push(fieldOf(values[at] ?? null));
  return `{${fields.join(',')}}`;
}

function fieldOf(value: Given): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `"${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
  return `"\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}"`;
}

/** Tables in partitions by month, and the column that says which. */
export const BY_MONTH: Readonly<Record<string, string>> = {
  snapshot_cold: 'ts',
  hour_cold: 'close',
  prices: 'close',
  book_raw: 'ts',
};

interface Partition {
  readonly name: string;
  readonly table: string;
  /** A moment that lies in it. */
  readonly at: number;
}

/** Partitions that rows of a table go into. */
export function partitionsOf(table: string, columns: readonly string[], values: readonly Given[]): Partition[] {
  const column = BY_MONTH[table];
  if (column === undefined) return [];
  const found = new Map<string, Partition>();
  for (let at = columns.indexOf(column); at < values.length; at += columns.length) {
    const moment = Number(values[at]);
    const name = `${table} ${new Date(moment).toISOString().slice(0, 7)}`;
    if (!found.has(name)) found.set(name, { name, table, at: moment });
  }
  return [...found.values()];
}
